"""One attempt to serve a session: the cluster, what it tells, and how that is published."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

import structlog
from django.conf import settings

from podlab.session import engine, metrics, store, window
from podlab.session.models import Session
from podlab.session.service import set_clock
from podlab.session.store import Answer, Blob, Entry, Live, Told
from podlab.session.timeline import Livelock, Timeline
from podlab.session.warm import Point, Warm
from podlab.sim.changes import Change
from podlab.wire.frames import Notice, encode

log = structlog.get_logger()


class Lost(Exception):
    """Somebody else was faster: look again."""


@dataclass
class Work:
    """The session as it was looked at, the cluster, what is to be told, and the points to go on from, once it is told."""

    live: Live
    timeline: Timeline
    warm: Warm
    from_t: int
    epoch: int
    n: int
    changes: list[Change] = field(default_factory=list)
    done: list[Entry] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    points: list[Point] = field(default_factory=list)
    spent: float = 0.0

    @property
    def trim(self) -> int:
        """Commands up to this number leave the queue."""
        return self.live.queue[-1].seq if self.live.queue else 0

    @property
    def newest(self) -> int:
        """The number of the newest change."""
        return self.changes[-1].n if self.changes else self.n

    @property
    def blob(self) -> Blob:
        """The name of the cluster as it is."""
        return self.timeline.newest(self.epoch), self.timeline.cluster.now, self.newest

    def freeze(self) -> None:
        """Remember the cluster as it is."""
        seq, t, n = self.blob
        self.points.append(Point(seq, self.timeline.cluster.settled, t, n, self.timeline.cluster.freeze()))

    def checkpoint(self) -> tuple[Blob, bytes] | None:
        """A checkpoint of the cluster as it is, where running it again would cost more than keeping it."""
        if self.warm.debt + self.spent < settings.PODLAB_CHECKPOINT_CPU_S:
            return None
        self.warm.debt, self.spent = 0.0, 0.0
        return self.blob, engine.pack(self.timeline.cluster.dump())


class Running:
    """A block in which the engine runs: its CPU time is counted."""

    def __init__(self, work: Work | None = None) -> None:
        self.work = work
        self.spent = 0.0

    def __enter__(self) -> Running:
        self.start = time.thread_time()
        return self

    def __exit__(self, *_: object) -> None:
        self.spent = time.thread_time() - self.start
        metrics.ENGINE_SECONDS.inc(self.spent)
        if self.work is not None:
            self.work.spent += self.spent


def run_on(work: Work, target: int) -> Notice | None:
    """Run on towards `target`, into the window; what to say where the engine cannot (the cluster is spoilt then)."""
    try:
        with Running(work):
            work.changes += work.timeline.window(target, settings.PODLAB_WINDOW_CPU_S)
    except Livelock as error:
        return Notice(0, "livelock", {"t": error.t, "parties": error.parties})
    except Exception:
        metrics.ENGINE_ERRORS.inc()
        log.exception("engine error", session=work.live.session, replay=f"manage.py sessions replay {work.live.session}")
        return Notice(0, "engine-error", {"t": work.timeline.cluster.now})
    return None


def publish(work: Work, until: int, checkpoint: tuple[Blob, bytes] | None, why: str) -> Told:
    """Publish the window from `work.from_t` to `until`, and begin the next one; Lost where the future is another by now."""
    live = work.live
    n = work.newest
    told = store.publish(
        live.session,
        epoch=work.epoch,
        from_t=work.from_t,
        until=until,
        n=n,
        window=window.make(work.epoch, work.from_t, until, work.changes),
        cut=_cut(work),
        trim=work.trim,
        checkpoint=checkpoint,
        answers=work.answers,
    )
    if told is None:
        raise Lost
    metrics.WINDOWS.labels(why).inc()
    work.warm.add(work.points, told.now)
    work.warm.debt += work.spent
    work.from_t, work.n, work.changes, work.answers, work.done, work.points, work.spent = until, n, [], [], [], [], 0.0
    work.live = live._replace(epoch=work.epoch, queue=[])
    return told


def _cut(work: Work) -> tuple[int, bytes] | None:
    """The stored window that a command falls into, without what it cancels."""
    if work.epoch == work.live.epoch:
        return None
    before = [name for name in work.live.future if name < work.from_t]
    chunk = store.chunks(work.live.session, before[-1:])
    return (before[-1], window.cut(chunk[0], work.from_t)) if chunk else None


def pause(session: str, why: Notice) -> None:
    """The engine cannot go on here: stop the clock and say so. Commands before that instant are still taken."""
    set_clock(session, "pause")
    Session.objects.filter(pk=session).update(state=Session.State.PAUSED, reason=encode(why).decode()[:400])
    store.tell(session, encode(why))
    log.warning("session paused", session=session, why=why.code, args=why.args)
