"""The plain design to compare with: one Celery task a tick a session (load, advance a second, dump), one tick a second."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
import zlib
from functools import cache

import redis
from celery import Celery

from podlab.home import ROOT
from podlab.lifeline import die_with_parent

URL = os.environ.get("PODLAB_PLAIN_URL", "")
TICK_MS = 1_000
LINE_EVERY = 2
app = Celery("plain", broker=re.sub(r"^unix://", "redis+socket://", URL).replace("?db=", "?virtual_host="))
app.conf.update(task_ignore_result=True, broker_connection_retry_on_startup=True, worker_prefetch_multiplier=1)


@cache
def _client() -> redis.Redis:
    return redis.Redis.from_url(URL)


@app.task  # type: ignore[untyped-decorator, unused-ignore]
def tick(name: str, line: str = "") -> None:
    """A second of one session, or a line typed in its terminal."""
    from podlab.sim.cluster import Cluster
    from podlab.sim.commands import TypeLine

    data = _client().get(name)
    assert isinstance(data, bytes)
    cluster = Cluster.load(zlib.decompress(data))
    if line:
        cluster.apply(TypeLine("t1", line))
    else:
        cluster.advance(cluster.now + TICK_MS)
    cluster.take_changes()
    _client().set(name, zlib.compress(cluster.dump(), 1))


def start(url: str) -> subprocess.Popen[bytes]:
    """A worker with one process, told by `url` where its Redis is."""
    parent = os.getpid()
    return subprocess.Popen(
        [sys.executable, "-m", "celery", "--quiet", "-A", "podlab.cli.bench.plain", "worker", "-c", "1", "-l", "error",
         "--without-gossip", "--without-mingle", "--without-heartbeat"],
        cwd=ROOT, env={**os.environ, "PODLAB_PLAIN_URL": url}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        preexec_fn=lambda: die_with_parent(parent),
    )  # fmt: skip


def drive(url: str, sessions: list[bytes], seconds: int, lines: list[str]) -> None:
    """Tick clusters (their dumps) once a second for so many seconds, with the next of `lines` every two seconds where there are any; returns when the last tick is worked, or late by twice that."""
    client = redis.Redis.from_url(url)
    app.conf.broker_url = re.sub(r"^unix://", "redis+socket://", url).replace("?db=", "?virtual_host=")
    for number, dump in enumerate(sessions):
        client.set(f"plain:{number}", zlib.compress(dump, 1))
    begin = time.monotonic()
    for second in range(seconds):
        for number in range(len(sessions)):
            tick.delay(f"plain:{number}")
            if lines and (second + number) % LINE_EVERY == 0:
                tick.delay(f"plain:{number}", lines[(second + number) // LINE_EVERY % len(lines)])
        time.sleep(max(0.0, begin + second + 1 - time.monotonic()))
    while client.llen("celery") and time.monotonic() < begin + 3 * seconds:
        time.sleep(0.1)
    time.sleep(0.5)
