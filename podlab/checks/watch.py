"""One check at work: compiled from what the author wrote, with plain data of its own (`Progress`), one class a kind.

A watch is told of subjects (`saw`) and asked to look at the present (`look`); either may meet it. It answers with the instant at which it was met.
Times are virtual milliseconds.
"""

from __future__ import annotations

from typing import Any, Protocol

from msgspec import Struct, field

from podlab.checks.expression import Expression, compile_
from podlab.checks.scope import Memory, Reads, Scope
from podlab.checks.spec import SOURCES, TARGET, WITHIN, Check, duration
from podlab.checks.subjects import RESOURCE_OF, Subject
from podlab.sim.api import labels
from podlab.sim.cluster import Cluster


class Progress(Struct, omit_defaults=True):
    """What a watch remembers. `count` of times, `different` values, `since` when it has held, `met`, `broken`; `seen`: what came close."""

    count: int = 0
    different: list[str] = field(default_factory=list)
    since: int | None = None
    met: int | None = None
    broken: int | None = None
    uid: str = ""
    seen: dict[str, Any] = field(default_factory=dict)


class Uids(Struct):
    """Task → who was meant: `subject` is its own, the others by `resource/name`."""

    of: dict[str, dict[str, str]] = field(default_factory=dict)


class View(Struct):
    """What all watches share."""

    cluster: Cluster
    memory: Memory
    uids: Uids

    def scope(self, subject: Subject | None = None) -> Scope:
        """For an expression about a subject, or about the present alone."""
        return Scope(self.cluster, self.memory, subject.names if subject else None)

    @property
    def now(self) -> int:
        return self.cluster.now


class Watch(Protocol):
    """A check at work. `path` names its progress; `kinds`: the subjects it is to be told of; `reads`: of what its look depends."""

    kinds: frozenset[str]
    reads: Reads

    def saw(self, view: View, progress: dict[str, Progress], subject: Subject) -> None:
        """Something happened."""

    def look(self, view: View, progress: dict[str, Progress]) -> int | None:
        """The present may be another; when it is to be looked at again by itself, if ever (ms)."""


def own(progress: dict[str, Progress], path: str) -> Progress:
    """A watch's own progress, made when it is first asked for."""
    return progress.setdefault(path, Progress())


def expression(text: str | None) -> Expression | None:
    """Compiled, if there is one."""
    return compile_(text) if text else None


def watch(check: Check, path: str, reference: str | None = None) -> Watch:
    """The watch of a check; `reference`: the task that `same: uid` looks back to."""
    if check.happened is not None:
        return Happened(check, path, check.after or reference)
    if check.is_ is not None:
        return Is(check, path)
    if check.held is not None or check.never is not None:
        return Held(check, path)
    parts = check.any_ if check.any_ is not None else check.all_ or []
    return Several([watch(each, f"{path}/{number}", reference) for number, each in enumerate(parts)], path, check.kind)


class Happened:
    """`happened: KIND NAME`, `that: …`, with times, distinct, after, before, within, same, while."""

    def __init__(self, check: Check, path: str, reference: str | None) -> None:
        match = TARGET.fullmatch(check.happened or "")
        assert match is not None
        self.path, self.check, self._reference = path, check, reference
        self._kind = match["kind"] if match["kind"] in SOURCES else RESOURCE_OF.get(match["kind"], match["kind"])
        self._name, self._labels = match["name"], labels.parse(match["label"]) if match["label"] else None
        self._that, self._while, self._distinct = expression(check.that), expression(check.while_), expression(check.distinct)
        limit = WITHIN.fullmatch(check.within or "")
        self._within = (duration(limit[1]), limit[2]) if limit else None
        self.kinds = frozenset({self._kind})
        self.reads = Reads()

    def saw(self, view: View, progress: dict[str, Progress], subject: Subject) -> None:
        """Count it, if it is what is waited for."""
        mine = own(progress, self.path)
        if mine.met is not None or not self._meant(subject) or not self._in_order(view):
            return
        scope = view.scope(subject)
        if self._that is not None and not self._that.true(scope):
            return
        if self._while is not None and not self._while.true(scope):
            mine.seen = {"code": "while", "t": view.now}
            return
        if not self._same(view, mine, subject) or not self._in_time(view, mine):
            return
        self._count(view, mine, subject, scope)

    def _meant(self, subject: Subject) -> bool:
        if subject.kind != self._kind or (self._name and subject.name != self._name):
            return False
        return self._labels is None or labels.meets(self._labels, subject.labels)

    def _in_order(self, view: View) -> bool:
        times, check = view.memory.times, self.check
        return (check.after is None or check.after in times) and (check.before is None or check.before not in times)

    def _same(self, view: View, mine: Progress, subject: Subject) -> bool:
        if self.check.same is None or self._reference is None:
            return True
        known = view.uids.of.get(self._reference, {})
        wanted = known.get(f"{self._kind}/{subject.name}") or known.get("subject")
        if wanted in (None, subject.uid):
            return True
        mine.seen = {"code": "other-uid", "t": view.now}
        return False

    def _in_time(self, view: View, mine: Progress) -> bool:
        if self._within is None:
            return True
        limit, task = self._within
        begun = view.memory.times.get(task)
        if begun is not None and view.now - begun <= limit:
            return True
        if begun is not None:
            mine.seen = {"code": "late", "args": {"ms": view.now - begun, "limit": limit}, "t": view.now}
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


class Is:
    """`is: …`: true now."""

    def __init__(self, check: Check, path: str) -> None:
        self.path, self._expression = path, compile_(check.is_ or "")
        self.kinds: frozenset[str] = frozenset()
        self.reads = self._expression.reads

    def saw(self, view: View, progress: dict[str, Progress], subject: Subject) -> None:
        """Only the present counts."""

    def look(self, view: View, progress: dict[str, Progress]) -> int | None:
        """Met when it is true; `since` says since when it is, for those who ask again (hints)."""
        mine = own(progress, self.path)
        true = self._expression.true(view.scope())
        mine.since = (view.now if mine.since is None else mine.since) if true else None
        if true and mine.met is None:
            mine.met = view.now
        return None


class Held:
    """`held: …` for a time, from a task, to a task; `never: …` is the same of its contrary. Without `for` it can only be broken."""

    def __init__(self, check: Check, path: str) -> None:
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
