"""Clusters that this process served lately, frozen: a command need not ask Redis for a checkpoint.

What is kept here is never told to anybody: a frozen cluster is the one and only result of the journal up to `seq`, so it stays right
whatever other workers do meanwhile, and whoever has none takes a checkpoint instead.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import NamedTuple

from django.conf import settings

from podlab.session import engine, lessons
from podlab.session.engine import ClusterLike
from podlab.session.timeline import Row


class Point(NamedTuple):
    """A frozen cluster with every command up to `seq`; from `since` on nothing happens in it up to `t`. `n`: of its newest change."""

    seq: int
    since: int
    t: int
    n: int
    frozen: bytes

    def at(self, t: int) -> ClusterLike:
        """The cluster at `t`, or as near before it as it was frozen."""
        cluster = engine.clusters().thaw(self.frozen, self.since)
        lessons.attach(cluster)
        if t < self.t:
            cluster.rewind(t)
        return cluster


class Warm:
    """A session's points, oldest first. `debt`: CPU seconds that the engine was run for since the newest checkpoint in Redis."""

    def __init__(self, branch: int) -> None:
        self.branch = branch
        self.points: list[Point] = []
        self.debt = 0.0

    def nearest(self, t: int, since: Callable[[int], Sequence[Row]]) -> tuple[Point, list[Row]] | None:
        """The newest point from which `t` and every command that it lacks can be reached, and these; `since` reads the journal."""
        if not self.points:
            return None
        rows = since(self.points[0].seq)
        for point in reversed(self.points):
            later = [row for row in rows if row.seq > point.seq]
            if point.since <= min([t, *(row.t for row in later[:1])]):
                return point, later
        return None

    def add(self, points: list[Point], now: int) -> None:
        """Keep more points, instead of those of a future that they replace; of those before the clock only the newest is needed."""
        points = [*(each for each in self.points if not points or each.since <= points[0].since), *points]
        passed = [point for point in points if point.since <= now]
        self.points = passed[-1:] + [point for point in points if point.since > now]


_warm: OrderedDict[str, Warm] = OrderedDict()


def of(session: str, branch: int) -> Warm:
    """What this process knows of a session; the one unused for longest is forgotten for it."""
    found = _warm.pop(session, None)
    if found is None or found.branch != branch:
        found = Warm(branch)
        found.debt = settings.PODLAB_CHECKPOINT_CPU_S
    _warm[session] = found
    while len(_warm) > settings.PODLAB_WARM_SESSIONS:
        _warm.popitem(last=False)
    return found


def drop(session: str) -> None:
    """Forget a session: the engine or the database has another mind of it."""
    _warm.pop(session, None)


def clear() -> None:
    """Forget all."""
    _warm.clear()
