"""`held: …`, `for: …`, and its contrary `never: …`: what stays as it is."""

from __future__ import annotations

from podlab.checks.expression import compile_
from podlab.checks.spec import Check, duration
from podlab.checks.subjects import Subject
from podlab.checks.watch import Progress, View, own


class Held:
    """`held: …` for a time, from a task, to a task; `never: …` is the same of its contrary. Without `for` it can only be broken."""

    def __init__(self, check: Check, path: str, reference: str | None) -> None:
        self.path, self._from, self._to = path, check.from_, check.to
        self._expression = compile_(check.held or check.never or "")
        self._wanted = check.held is not None
        self._for = duration(check.for_) if check.for_ else None
        self.kinds: frozenset[str] = frozenset()
        self.reads = self._expression.reads

    def saw(self, view: View, progress: dict[str, Progress], subject: Subject) -> None:
        """Only the present counts."""

    def look(self, view: View, progress: dict[str, Progress]) -> int | None:
        """Met after its time without a break; otherwise broken for good where it has no time."""
        mine = own(progress, self.path)
        times = view.memory.times
        if mine.met is not None or mine.broken is not None or (self._from is not None and self._from not in times):
            return None
        if self._to is not None and self._to in times:
            mine.met = view.now if self._for is None else None
            return None
        if self._expression.true(view.scope()) is not self._wanted:
            self._broke(view, mine)
            return None
        mine.since = view.now if mine.since is None else mine.since
        if self._for is None:
            return None
        if view.now - mine.since >= self._for:
            mine.met, mine.seen = view.now, {}
        return mine.since + self._for

    def _broke(self, view: View, mine: Progress) -> None:
        if self._for is None:
            mine.broken = view.now
        elif mine.since is not None and view.now > mine.since:
            mine.seen = {"code": "broke", "args": {"ms": view.now - mine.since, "for": self._for}, "t": view.now}
        mine.since = None
