"""The Celery tasks. One works off a shard's sessions; nothing lives long, nothing waits."""

from __future__ import annotations

import time
from functools import cache

import redis
import structlog
from celery import shared_task
from django.conf import settings
from django.db import DatabaseError, close_old_connections
from kombu.entity import Exchange, Queue

from podlab.jobs.pump import refuse, serve
from podlab.jobs.work import pause
from podlab.session import metrics, store
from podlab.session import redis as r
from podlab.session.models import Session
from podlab.wire.frames import Notice, encode

log = structlog.get_logger()
AWAY = (redis.RedisError, DatabaseError, OSError)
"""Not the session's fault: it is tried again."""
BUDGET = "engine budget: this needs more computing than a session may use; go back to before it, or start anew"


@cache
def queue(shard: int) -> Queue:
    """The Celery queue of a logical shard. By the nameless exchange: it needs no binding, which an emptied Redis would lose."""
    name = f"sim.{shard:02d}"
    return Queue(name, Exchange(""), routing_key=name)  # type: ignore[no-untyped-call]


def kick(shard: int) -> None:
    """Send a shard's task. Blocks for a millisecond or two: `asyncio.to_thread` in consumers."""
    pump.apply_async((shard,), queue=queue(shard))


@shared_task(name="podlab.jobs.pump")  # type: ignore[untyped-decorator, unused-ignore]
def pump(shard: int) -> None:
    """Serve the shard's sessions that have work, those with commands first; send the next task where some are left."""
    close_old_connections()
    client = r.client()
    client.delete(r.lock(shard))
    end = time.monotonic() + settings.PODLAB_TASK_S
    again = False
    for session in _ready(shard):
        if time.monotonic() > end:
            again = True
            break
        again = run(session) or again
    if again and store.take(shard):
        kick(shard)


def _ready(shard: int) -> list[str]:
    """The sessions with work, those with waiting commands first; one that a worker died on is alone when it runs: all others come before."""
    client = r.client()
    sessions = sorted(each.decode() for each in client.smembers(r.ready(shard)))
    if len(sessions) < 2:
        return sessions
    with client.pipeline(transaction=False) as pipe:
        for session in sessions:
            pipe.llen(r.key(session, "queue"))
        pipe.hmget(r.MARKS, sessions)
        *waiting, marks = pipe.execute()
    order = {session: (marks[n] is not None, not waiting[n]) for n, session in enumerate(sessions)}
    return sorted(sessions, key=order.__getitem__)


def run(session: str) -> bool:
    """Serve one session, marked while it runs; True: commands came meanwhile."""
    deaths = r.client().hincrby(r.MARKS, session, 1) - 1
    if deaths > settings.PODLAB_DEATHS:
        metrics.POISONED.inc()
        log.error("session poisoned", session=session, deaths=deaths, replay=f"manage.py sessions replay {session}")
        stop(session, "budget", BUDGET)
        return False
    try:
        due = serve(session)
    except Session.DoesNotExist:
        store.forget(session)
        return False
    except AWAY as error:
        log.exception("session not served", session=session)
        if isinstance(error, DatabaseError):
            store.tell(session, encode(Notice(0, "catching-up", {"reason": "storage"})))
        due = r.wall_ms() + 1000
    except Exception:
        log.exception("session broken", session=session, replay=f"manage.py sessions replay {session}")
        stop(session, "engine-error", "the simulation failed here, and the fault is logged")
        return False
    return store.done(session, due)


def stop(session: str, code: str, message: str) -> None:
    """Pause a session that cannot be served, and refuse what waits."""
    live = store.look(session)
    if live is not None:
        store.answer(session, live.queue[-1].seq if live.queue else 0, [refuse(e.client, code, message) for e in live.queue])
    pause(session, Notice(0, code, {"message": message}))
    store.done(session, None)
