"""What a socket does in threads: everything that waits for the database, for Redis or for the broker."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import ParamSpec, TypeVar, cast

import msgspec
import redis
from django.contrib.sessions.backends.base import SessionBase
from django.db import DatabaseError, close_old_connections
from kombu.exceptions import OperationalError

from podlab.jobs.tasks import kick
from podlab.learners import service as learners
from podlab.session import engine, hub, metrics, picture, restore, service, store
from podlab.session import redis as r
from podlab.session.hub import Item
from podlab.session.models import Session
from podlab.session.picture import Picture
from podlab.session.store import Accepted
from podlab.sim.cluster import Cluster
from podlab.sim.commands import Command
from podlab.sim.questions import answer
from podlab.wire.frames import AnswerFrame, Ask, ClockFrame, Welcome, encode

Away = (OSError, redis.RedisError, DatabaseError, OperationalError)
"""Redis, the database or the broker does not answer: the page comes again."""

P = ParamSpec("P")
T = TypeVar("T")


async def in_thread(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run `function` in a thread, with a database connection that is still good."""

    def work() -> T:
        close_old_connections()
        try:
            return function(*args, **kwargs)
        finally:
            close_old_connections()

    return await asyncio.to_thread(work)


def find(session_id: str, cookie: SessionBase, user: object) -> Session | None:
    """The session, if the cookie's learner owns it."""
    return service.own(session_id, learners.find(cookie, user))


def touch(session_id: str) -> None:
    """Somebody looks: keep the clock going, wake the worker where the told future runs short."""
    if service.touch(session_id):
        kick(r.shard_of(session_id))


def use(session_id: str) -> None:
    """`touch`, noted in the database."""
    service.used(session_id)
    touch(session_id)


def welcome(session: Session) -> bytes:
    """The first answer."""
    revision = engine.revision()
    live = look(str(session.pk))
    return encode(
        Welcome(
            session=str(session.pk),
            preset=session.preset,
            lesson=session.lesson,
            zero_ms=session.zero_ms,
            server_ms=live.wall_ms,
            epoch=live.epoch,
            anchor=live.anchor,
            engine=revision,
            state=session.state,
        )
    )


def look(session_id: str) -> store.Live:
    """The live session, brought back where Redis had lost it."""
    while (live := store.look(session_id)) is None:
        restore.restore(session_id)
    return live


def missing(session_id: str, cursor: int) -> list[Item] | None:
    """The frames after a cursor; None: only a new picture helps."""
    return hub.backfill(session_id, cursor)


def wall() -> int:
    """The wall clock that sessions run by, which need not be this machine's."""
    return r.wall_ms()


def paint(session_id: str) -> Picture | None:
    """The picture of now; None: not yet."""
    return picture.picture(session_id)


def past(session_id: str, request: str, t: int) -> bytes:
    """The picture of an earlier instant."""
    return encode(picture.past(session_id, request, t))


def accept(session_id: str, client: str, command: Command) -> Accepted:
    """Queue a command, and send the task that works it."""
    accepted = service.accept(session_id, client, msgspec.json.encode(command))
    metrics.COMMANDS.labels(accepted.status).inc()
    if accepted.kick:
        kick(r.shard_of(session_id))
    if accepted.anchored:
        restore.keep_anchor(session_id)
    return accepted


def clock(session_id: str, frame: ClockFrame) -> None:
    """Set the clock; the told future may be short for it now."""
    service.set_clock(session_id, frame.action, frame.speed)
    touch(session_id)


def ask(session_id: str, frame: Ask) -> bytes:
    """The answer to a question, out of a copy of the cluster that is thrown away."""
    live = look(session_id)
    now = max(0, min([live.now, live.until, *(entry.t for entry in live.queue[:1])]))
    cluster, _ = picture.at(live, now if frame.t is None else max(0, min(frame.t, now)))
    return encode(AnswerFrame(frame.id, answer(cast(Cluster, cluster), frame.question)))
