"""A cluster with the commands that lie before it: run both in order, instant by instant."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterable
from contextlib import suppress
from typing import NamedTuple

from podlab.session.clockwork import LIMIT_MS
from podlab.session.engine import ClusterLike
from podlab.sim.changes import Change, ObjectChange
from podlab.sim.errors import StatusError
from podlab.wire.frames import decode_command

STEPS = 20_000
"""Engine steps of one virtual instant at most; more is a livelock. Counted, not timed: every replay stops at the same step."""
WINDOW = 64
"""Object changes of one window, where one instant does not bring more."""


class Livelock(Exception):
    """An instant that does not end: components undo each other."""

    def __init__(self, t: int, parties: str) -> None:
        super().__init__(f"{STEPS} steps at {t} ms and no end: {parties}")
        self.t = t
        self.parties = parties


class Row(NamedTuple):
    """A command in its place."""

    seq: int
    t: int
    command: bytes | str


class Timeline:
    """A cluster, and `rows` still to come, oldest first."""

    def __init__(self, cluster: ClusterLike, rows: Iterable[Row]) -> None:
        self.cluster = cluster
        self.rows = deque(rows)

    def upcoming(self) -> int | None:
        """The next instant at which anything happens."""
        due = self.cluster.peek()
        if self.rows and (due is None or self.rows[0].t < due):
            return max(self.rows[0].t, self.cluster.now)
        return due

    def newest(self, epoch: int) -> int:
        """The newest command that the cluster has had, of those up to `epoch`: after Redis was lost, journalled ones may be to come."""
        return self.rows[0].seq - 1 if self.rows else epoch

    def instant(self, t: int) -> None:
        """Everything of the instant `t`: what is due, then the command."""
        self._advance(t)
        while self.rows and self.rows[0].t <= t:
            self.apply(self.rows.popleft())
            self._advance(t)

    def _advance(self, t: int) -> None:
        if not self.cluster.advance(t, STEPS):
            raise Livelock(self.cluster.now, parties(self.cluster.take_changes()))

    def apply(self, row: Row) -> None:
        """A command of the journal. What was refused was never journalled, so a refusal now is the new engine's: no effect."""
        with suppress(StatusError):
            self.cluster.apply(decode_command(row.command))

    def run_to(self, t: int) -> None:
        """Everything up to and including `t`."""
        while (due := self.upcoming()) is not None and due <= t:
            self.instant(due)
        self.cluster.advance(t)

    def window(self, until: int, cpu_s: float) -> list[Change]:
        """What happens up to `until`, or until the window is full or `cpu_s` is spent: `cluster.now` says how far.

        Where nothing happens for longer, that costs nothing: it is as far as that.
        """
        changes: list[Change] = []
        observed = 0
        end = time.thread_time() + cpu_s
        while (due := self.upcoming()) is not None and due <= until:
            self.instant(due)
            new = self.cluster.take_changes()
            changes += new
            observed += sum(isinstance(each, ObjectChange) for each in new)
            if observed >= WINDOW or time.thread_time() > end:
                return changes
        self.cluster.advance(LIMIT_MS if due is None else max(until, due - 1))
        return changes


def parties(changes: list[Change]) -> str:
    """Who acts in an instant that does not end: the two objects that change most."""
    counts: dict[str, int] = {}
    for each in changes:
        if isinstance(each, ObjectChange):
            name = f"{each.resource}/{each.name}"
            counts[name] = counts.get(name, 0) + 1
    busiest = sorted(counts, key=lambda name: (-counts[name], name))[:2]
    return " and ".join(busiest) or "a program that never waits"
