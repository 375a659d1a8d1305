"""Looking ahead: how far the future is told, and when more of it is wanted.

A command throws away what was told beyond it, so little is told at first, and the more the longer nobody types.
"""

from __future__ import annotations

import time

from django.conf import settings

from podlab.jobs.work import Work, pause, publish, run_on
from podlab.session import metrics, store
from podlab.session.clockwork import LIMIT_MS, wall_at
from podlab.session.service import set_clock
from podlab.session.store import Live, Told
from podlab.wire.frames import Notice, encode

HORIZON_MS = 600_000
"""Wall ms that the future is told for at most."""


def short(live: Live) -> bool:
    """Whether more of the future is wanted, as far as this look tells."""
    return live.until < min(LIMIT_MS, live.now + int(settings.PODLAB_MARGIN_MS * live.anchor.speed))


def horizon(live: Live) -> int:
    """The instant up to which the future is told: twice as far as it has been quiet, from two seconds to ten minutes of wall time.

    On a clock that stands it is ten minutes: steps ask for the next change.
    """
    speed = live.anchor.speed
    if live.anchor.paused:
        return min(LIMIT_MS, live.now + HORIZON_MS)
    quiet = 0 if live.queue else 2 * (live.now - live.last_t)
    return min(LIMIT_MS, live.now + max(int(settings.PODLAB_FIRST_MS * speed), min(quiet, int(HORIZON_MS * speed))))


def look_ahead(work: Work, told: Told, target: int) -> int | None:
    """Tell the future up to `target` while nobody waits; the wall ms at which more is wanted, None: never."""
    cluster = work.timeline.cluster
    end = time.thread_time() + settings.PODLAB_SERVE_CPU_S
    while not told.waiting and cluster.now < target and time.thread_time() < end:
        failure = run_on(work, target)
        if failure is not None:
            pause(work.live.session, failure)
            return None
        if work.changes or cluster.now >= target:
            work.freeze()
            told = publish(work, cluster.now, work.checkpoint(), "ahead")
        elif store.waiting(work.live.session):
            break
    return due(work.live._replace(until=work.from_t), told)


def due(live: Live, told: Told) -> int | None:
    """The wall ms at which more of the future is wanted, None: never. Where the engine is behind, the clock slows."""
    until, anchor = live.until, live.anchor
    metrics.LAG.set(max(0, told.now - until) / 1000)
    if until >= LIMIT_MS:
        return None
    if told.now > until and anchor.speed > 1 and not told.waiting:
        slow(live.session, anchor.speed)
    at = wall_at(anchor, until)
    return None if at is None else max(told.wall_ms, at - settings.PODLAB_MARGIN_MS)


def slow(session: str, speed: float) -> None:
    """The engine cannot follow: let the clock run slower, and say so."""
    slower = max(1.0, float(int(speed * 0.6)))
    set_clock(session, "run", slower)
    store.tell(session, encode(Notice(0, "slowed", {"speed": slower, "wanted": speed})))
