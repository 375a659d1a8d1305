"""`is: …`: what is true now, with after, before, within."""

from __future__ import annotations

from podlab.checks.expression import compile_
from podlab.checks.order import Order
from podlab.checks.spec import Check
from podlab.checks.subjects import Subject
from podlab.checks.watch import Progress, View, own


class Is:
    """`is: …`: true now, with after, before, within."""

    def __init__(self, check: Check, path: str, reference: str | None) -> None:
        self.path, self._expression, self._order = path, compile_(check.is_ or ""), Order(check)
        self.kinds: frozenset[str] = frozenset()
        self.reads = self._expression.reads

    def saw(self, view: View, progress: dict[str, Progress], subject: Subject) -> None:
        """Only the present counts."""

    def look(self, view: View, progress: dict[str, Progress]) -> int | None:
        """Met when it is true; `since` says since when it is, for those who ask again (hints)."""
        mine = own(progress, self.path)
        true = self._order.turn(view) and self._expression.true(view.scope()) and self._order.in_time(view, mine)
        mine.since = (view.now if mine.since is None else mine.since) if true else None
        if true and mine.met is None:
            mine.met, mine.seen = view.now, {}
        return None
