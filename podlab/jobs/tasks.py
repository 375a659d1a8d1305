"""The Celery tasks. One works off a shard's sessions; nothing lives long, nothing waits."""

from __future__ import annotations

import time

import structlog
from celery import shared_task
from django.conf import settings

from podlab.jobs.pump import serve
from podlab.session import redis as r
from podlab.session import store

log = structlog.get_logger()


def queue(shard: int) -> str:
    """The Celery queue of a logical shard."""
    return f"sim.{shard:02d}"


def kick(shard: int) -> None:
    """Send a shard's task. Blocks for a millisecond or two: `asyncio.to_thread` in consumers."""
    pump.apply_async((shard,), queue=queue(shard))


@shared_task(name="podlab.jobs.pump")  # type: ignore[untyped-decorator, unused-ignore]
def pump(shard: int) -> None:
    """Serve the shard's sessions that have work, those with commands first; send the next task where some are left."""
    redis = r.client()
    redis.delete(r.lock(shard))
    end = time.monotonic() + settings.PODLAB_TASK_S
    again = False
    for session in _ready(shard):
        if time.monotonic() > end:
            again = True
            break
        again = run(session) or again
    if again and redis.set(r.lock(shard), "1", nx=True, px=settings.PODLAB_KICK_MS):
        kick(shard)


def _ready(shard: int) -> list[str]:
    """The sessions with work, those with waiting commands first."""
    redis = r.client()
    sessions = sorted(each.decode() for each in redis.smembers(r.ready(shard)))
    if len(sessions) < 2:
        return sessions
    with redis.pipeline(transaction=False) as pipe:
        for session in sessions:
            pipe.llen(r.key(session, "queue"))
        waiting = dict(zip(sessions, pipe.execute(), strict=True))
    return sorted(sessions, key=lambda session: not waiting[session])


def run(session: str) -> bool:
    """Serve one session, marked while it runs; True: commands came meanwhile."""
    deaths = r.client().hincrby(r.MARKS, session, 1) - 1
    if deaths > settings.PODLAB_DEATHS:
        from podlab.jobs.poison import give_up

        give_up(session)
        return False
    try:
        due = serve(session)
    except Exception:
        log.exception("session not served", session=session)
        due = int(time.time() * 1000) + 1000
    return store.done(session, due)
