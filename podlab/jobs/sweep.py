"""The sweeper: wakes what is due, and what somebody left lying."""

from __future__ import annotations

import time

import structlog
from django.conf import settings
from django.db import close_old_connections

from podlab.jobs.ahead import HORIZON_MS
from podlab.jobs.tasks import kick
from podlab.jobs.workers import take_over
from podlab.session import redis as r
from podlab.session import store
from podlab.session.old import sweep_old

log = structlog.get_logger()
SHARDS = 64
LATEST_MS = 2 * HORIZON_MS
"""Nothing is ever due later than that: what seems so is from before the wall clock jumped back."""


def sweep(now_ms: int) -> int:
    """Wake the sessions that are due at `now_ms`, and shards whose task got lost; how many shards were kicked."""
    redis = r.client()
    found = redis.zrangebyscore(r.DUE, "-inf", now_ms, start=0, num=1000)
    due = [each.decode() for each in found or redis.zrangebyscore(r.DUE, now_ms + LATEST_MS, "+inf", start=0, num=1000)]
    shards = set()
    for session in due:
        with redis.pipeline(transaction=True) as pipe:
            pipe.sadd(r.ready(r.shard_of(session)), session)
            pipe.zadd(r.DUE, {session: now_ms + settings.PODLAB_RETRY_MS})
            pipe.execute()
        shards.add(r.shard_of(session))
    return sum(_kick(shard) for shard in sorted(shards | _left()))


def _left() -> set[int]:
    """Shards with work; one question where there is none, as mostly."""
    if not r.client().exists(*map(r.ready, range(SHARDS))):
        return set()
    with r.client().pipeline(transaction=False) as pipe:
        for shard in range(SHARDS):
            pipe.exists(r.ready(shard))
        return {shard for shard, there in enumerate(pipe.execute()) if there}


def _kick(shard: int) -> bool:
    wanted = store.take(shard)
    if wanted:
        kick(shard)
    return wanted


def run() -> None:
    """Sweep until the process ends; a Redis or broker that is away is waited for."""
    slow = 0.0
    while True:
        try:
            sweep(r.wall_ms())
            if time.monotonic() >= slow:
                slow = time.monotonic() + settings.PODLAB_LEASE_S / 3
                take_over(r.wall_ms())
                close_old_connections()
                sweep_old()
        except Exception as error:
            log.warning("sweep failed", error=repr(error))
            time.sleep(1)
        time.sleep(settings.PODLAB_SWEEP_S)
