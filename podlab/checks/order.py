"""`after: b`, `before: b`, `within: 30s of b`: when a check's turn is, by the tasks that are met."""

from __future__ import annotations

from podlab.checks.spec import WITHIN, Check, duration
from podlab.checks.watch import Progress, View


class Order:
    """The order that one check asks for."""

    def __init__(self, check: Check) -> None:
        self._after, self._before = check.after, check.before
        limit = WITHIN.fullmatch(check.within or "")
        self._within = (duration(limit[1]), limit[2]) if limit else None

    def turn(self, view: View) -> bool:
        """Whether what is to be before has been, and what is to come after has not."""
        times = view.memory.times
        return (self._after is None or self._after in times) and (self._before is None or self._before not in times)

    def in_time(self, view: View, mine: Progress) -> bool:
        """Whether it is soon enough; too late is noted as seen."""
        if self._within is None:
            return True
        limit, task = self._within
        begun = view.memory.times.get(task)
        if begun is not None and view.now - begun <= limit:
            return True
        if begun is not None:
            mine.seen = {"code": "late", "args": {"ms": view.now - begun, "limit": limit}, "t": view.now}
        return False
