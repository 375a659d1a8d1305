"""`any: […]`, `all: […]`: checks of which one must be met, or each."""

from __future__ import annotations

from podlab.checks.scope import Reads
from podlab.checks.subjects import Subject
from podlab.checks.watch import Progress, View, Watch, own


class Several:
    """`any: […]`, `all: […]`: each part is met once for all."""

    def __init__(self, parts: list[Watch], path: str, kind: str) -> None:
        self.path, self._parts, self._enough = path, parts, any if kind == "any" else all
        self.kinds = frozenset(kind for each in parts for kind in each.kinds)
        self.reads = Reads()
        for each in parts:
            self.reads.add(each.reads)

    def saw(self, view: View, progress: dict[str, Progress], subject: Subject) -> None:
        """Tell each of them."""
        for each in self._parts:
            each.saw(view, progress, subject)
        self._sum(view, progress)

    def look(self, view: View, progress: dict[str, Progress]) -> int | None:
        """Let each look; the soonest of their next looks."""
        times = [t for each in self._parts if (t := each.look(view, progress)) is not None]
        self._sum(view, progress)
        return min(times, default=None)

    def _sum(self, view: View, progress: dict[str, Progress]) -> None:
        mine = own(progress, self.path)
        if mine.met is None and self._enough(own(progress, f"{self.path}/{n}").met is not None for n in range(len(self._parts))):
            mine.met = view.now
