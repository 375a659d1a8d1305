"""`happened: KIND NAME`, `that: …`: a change, or another thing that was told, counted and in its order."""

from __future__ import annotations

from podlab.checks.order import Order
from podlab.checks.scope import Reads, Scope
from podlab.checks.spec import SOURCES, TARGET, Check
from podlab.checks.subjects import RESOURCE_OF, Subject
from podlab.checks.watch import Progress, View, expression, own
from podlab.sim.api import labels


class Happened:
    """`happened: KIND NAME`, `that: …`, with times, distinct, after, before, within, same, while."""

    def __init__(self, check: Check, path: str, reference: str | None) -> None:
        match = TARGET.fullmatch(check.happened or "")
        assert match is not None
        self.path, self.check, self._reference = path, check, check.after or reference
        self._kind = match["kind"] if match["kind"] in SOURCES else RESOURCE_OF.get(match["kind"], match["kind"])
        self._name, self._labels = match["name"], labels.parse(match["label"]) if match["label"] else None
        self._that, self._while, self._distinct = expression(check.that), expression(check.while_), expression(check.distinct)
        self._order = Order(check)
        self.kinds = frozenset({self._kind})
        self.reads = Reads()

    def saw(self, view: View, progress: dict[str, Progress], subject: Subject) -> None:
        """Count it, if it is what is waited for."""
        mine = own(progress, self.path)
        if mine.met is not None or not self._meant(subject) or not self._order.turn(view):
            return
        scope = view.scope(subject)
        if self._that is not None and not self._that.true(scope):
            return
        if self._while is not None and not self._while.true(scope):
            mine.seen = {"code": "while", "t": view.now}
            return
        if not self._same(view, mine, subject) or not self._order.in_time(view, mine):
            return
        self._count(view, mine, subject, scope)

    def _meant(self, subject: Subject) -> bool:
        if subject.kind != self._kind or (self._name and subject.name != self._name):
            return False
        return self._labels is None or labels.meets(self._labels, subject.labels)

    def _same(self, view: View, mine: Progress, subject: Subject) -> bool:
        if self.check.same is None or self._reference is None:
            return True
        known = view.uids.of.get(self._reference, {})
        wanted = known.get(f"{self._kind}/{subject.name}") or known.get("subject")
        if wanted in (None, subject.uid):
            return True
        mine.seen = {"code": "other-uid", "t": view.now}
        return False

    def _count(self, view: View, mine: Progress, subject: Subject, scope: Scope) -> None:
        wanted = self.check.times or 1
        if self._distinct is not None:
            value = str(self._distinct.evaluate(scope))
            if value not in mine.different:
                mine.different.append(value)
            mine.count = len(mine.different)
        else:
            mine.count += subject.growth
        mine.uid = subject.uid
        if mine.count >= wanted:
            mine.met = view.now
            mine.seen = {}
        elif wanted > 1:
            mine.seen = {"code": "count", "args": {"seen": mine.count, "of": wanted}, "t": view.now}

    def look(self, view: View, progress: dict[str, Progress]) -> int | None:
        """The present alone does not meet it."""
        return None
