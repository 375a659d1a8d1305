"""The Redis side of a session: names of keys, clients, and the scripts that change several keys at once."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import redis
from django.conf import settings

LUA = Path(__file__).parent / "lua"
DUE = "podlab:due"
MARKS = "podlab:marks"
WORKERS = "podlab:workers"


@cache
def client() -> Any:
    """This process' client (a thread takes its own connection of it). Answers are bytes; redis-py's types do not say so."""
    return redis.Redis.from_url(settings.REDIS_URL, **settings.REDIS_OPTIONS)


@cache
def _script(name: str) -> Any:
    return client().register_script((LUA / "lib.lua").read_text("utf-8") + (LUA / f"{name}.lua").read_text("utf-8"))


def call(script: str, keys: list[str], args: list[str | int | bytes]) -> Any:
    """Run one of `lua/*.lua`."""
    return _script(script)(keys=keys, args=args)


def wall_ms() -> int:
    """The wall clock of the Redis server: the one that sessions run by."""
    seconds, micros = client().time()
    return int(seconds) * 1000 + int(micros) // 1000


def key(session: str, part: str) -> str:
    """The name of a session's key: meta, queue, ids, rate, stream, future, ck."""
    return f"podlab:s:{session}:{part}"


def keys(session: str, *parts: str) -> list[str]:
    """Meta and stream, as every script wants them first, then `parts`."""
    return [key(session, part) for part in ("meta", "stream", *parts)]


def channel(session: str) -> str:
    """Where a session's frames are published, each as `<position> <frame>`."""
    return f"podlab:live:{session}"


def ready(shard: int) -> str:
    """The set of a shard's sessions that have work."""
    return f"podlab:ready:{shard:02d}"


def lock(shard: int) -> str:
    """Set while a task for the shard is on its way."""
    return f"podlab:kick:{shard:02d}"


def shard_of(session: str) -> int:
    """The logical shard of a session's id."""
    return int(session.replace("-", ""), 16) % 64
