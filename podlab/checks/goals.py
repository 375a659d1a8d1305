"""A lesson's goals, looking on while its cluster runs: tasks, guards, hints, predictions, live values.

`Goals(lesson).attach(cluster)` makes it the cluster's observer. What it knows is plain data in the cluster's state, so it belongs to every
checkpoint and is rolled back with it; what it finds is told as verdicts (docs/packs.md, "On the wire"). It works at the end of each instant in
which something was told, and only on the checks that this concerns.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Protocol

import msgspec
from msgspec import Struct, field

from podlab.checks import words
from podlab.checks.kinds import watch
from podlab.checks.predictions import Forecast, Forecasts
from podlab.checks.scope import Memory, Reads
from podlab.checks.spec import Check, Guard, Hint, Prediction, Task, duration
from podlab.checks.subjects import RESOURCE_OF, Subject, kinds, of
from podlab.checks.watch import Progress, Uids, View, Watch, own
from podlab.sim.changes import MemorySeen, NodeSeen, Noticed, ObjectChange, ProbeSeen, QueueSeen, Verdict
from podlab.sim.cluster import Cluster

LOOK = "look"
ANYTHING = "*"


class LessonLike(Protocol):
    """What goals need of a lesson (`podlab.packs.model.Lesson`)."""

    tasks: list[Task]
    guards: list[Guard]
    hints: list[Hint]
    predictions: list[Prediction]

    @property
    def live(self) -> list[str]:
        """The expressions of its text's live values."""


class GoalsState(Struct):
    """All that goals remember. `opened`: task → when it could first be worked at; `told`: what was told last, by `about name`."""

    memory: Memory = field(default_factory=Memory)
    uids: Uids = field(default_factory=Uids)
    progress: dict[str, Progress] = field(default_factory=dict)
    opened: dict[str, int] = field(default_factory=dict)
    shown: list[str] = field(default_factory=list)
    forecasts: dict[str, Forecast] = field(default_factory=dict)
    told: dict[str, dict[str, Any]] = field(default_factory=dict)
    done: int | None = None


class Item(Struct):
    """A task, a guard or a hint with its watch."""

    id: str
    watch: Watch
    after: list[str] = field(default_factory=list)
    named: set[str] = field(default_factory=set)


class Goals:
    """The observer of one lesson."""

    def __init__(self, lesson: LessonLike) -> None:
        self.lesson = lesson
        order = [each.id for each in lesson.tasks]
        self._tasks = {each.id: Item(each.id, watch(each.check, each.id, _reference(each, order)), each.after) for each in lesson.tasks}
        self._guards = {each.id: Item(each.id, watch(_guarded(each), each.id)) for each in lesson.guards}
        self._hints = {each.id: Item(each.id, watch(each.when, f"hint {each.id}")) for each in lesson.hints if each.when is not None}
        self._acts = {each.id: each.act for each in lesson.tasks if each.act}
        self._forecasts = Forecasts(lesson.predictions)
        self._values = words.Values(lesson.live)
        self._named = sorted(_named(lesson))
        self._wanted = self._all_wanted()
        self._pending: list[Noticed] = []

    def attach(self, cluster: Cluster) -> None:
        """Look on at a cluster from now on, going on with what its state remembers."""
        self.cluster = cluster
        known = cluster.state.observed
        fresh = known is None
        self.state = GoalsState() if fresh else known if isinstance(known, GoalsState) else msgspec.convert(known, GoalsState)
        cluster.state.observed = self.state
        self.view = View(cluster, self.state.memory, self.state.uids)
        cluster.observe(self)
        if fresh:
            cluster.wake(cluster.now, LOOK)

    # The cluster calls.

    def noticed(self, what: Noticed) -> None:
        """Keep it for the end of this instant."""
        if isinstance(what, Verdict | ProbeSeen | MemorySeen | QueueSeen | NodeSeen) or not (
            self._wanted is None or self._wanted.intersection(kinds(what))
        ):
            return
        if not self._pending:
            self.cluster.wake(self.cluster.now, LOOK)
        self._pending.append(what)

    def due(self, key: str) -> None:
        """The end of an instant, or a time that somebody waits for."""
        pending, self._pending = self._pending, []
        touched: set[tuple[str, str]] = set()
        before = len(self.state.memory.times)
        for what in pending:
            self._remember(what, touched)
            for subject in of(self.cluster, what):
                self._show(subject)
        everybody = key != LOOK or not pending or len(self.state.memory.times) != before
        self._look(None if everybody else touched)
        self._settle()

    def predicted(self, name: str, value: Any) -> None:
        """Keep what the learner expects, unless it has been seen already."""
        self._forecasts.say(self.view, self.state.forecasts, name, value)
        self._tell_forecasts()

    def _all_wanted(self) -> frozenset[str] | None:
        """The kinds of things that can change anything here; None: all, as somebody looks at the clock whenever something happens."""
        items = [*self._tasks.values(), *self._guards.values(), *self._hints.values()]
        watches = [*(item.watch for item in items), *self._forecasts.watches]
        reads = Reads()
        for one in (self._values.reads, *(each.reads for each in watches)):
            reads.add(one)
        if reads.clock:
            return None
        looked_at = {resource for resource, _ in reads.objects} | ({"File"} if reads.files else set())
        return frozenset({"pods"} | looked_at | {kind for each in watches for kind in each.kinds})

    # What was told.

    def _remember(self, what: Noticed, touched: set[tuple[str, str]]) -> None:
        if not isinstance(what, ObjectChange):
            touched.add((type(what).__name__, ""))
            return
        touched.add((what.resource, what.name))
        if what.resource != "pods":
            return
        for each in (what.new.get("status") or {}).get("containerStatuses") or ():
            if ((each["state"].get("waiting")) or {}).get("reason") == "CrashLoopBackOff":
                self.state.memory.looped.setdefault(f"{what.uid}/{each['name']}", what.t)
        if what.cause is not None and what.cause.rule == "E7" and "ranking" in what.cause.args:
            rows = [line.split(" ")[0] for line in str(what.cause.args["ranking"]).splitlines()]
            mine = [name for name in rows if self.cluster.api.find("pods", name, "default")]
            self.state.memory.rankings[what.new["spec"].get("nodeName", "")] = mine

    def _show(self, subject: Subject) -> None:
        for item in [*self._tasks.values(), *self._hints.values()]:
            if subject.kind in item.watch.kinds and self._open(item):
                item.watch.saw(self.view, self.state.progress, subject)
                self._met(item)
        self._forecasts.saw(self.view, self.state.forecasts, subject)

    def _open(self, item: Item) -> bool:
        times = self.state.memory.times
        return item.id not in times and all(each in times for each in item.after)

    def _met(self, item: Item) -> None:
        """Note a task that has just been met."""
        if item.id not in self._tasks or item.id in self.state.memory.times:
            return
        mine = own(self.state.progress, item.id)
        if mine.met is None:
            return
        self.state.memory.times[item.id] = mine.met
        known = {"subject": mine.uid} if mine.uid else {}
        for resource, name in self._named:
            found = self.cluster.api.find(resource, name, "default")
            if found is not None:
                known[f"{resource}/{name}"] = found["metadata"]["uid"]
        self.state.uids.of[item.id] = known
        self._forecasts.settled(self.view, self.state.forecasts, item.id)
        if item.id in self._acts:
            self.cluster.script(self._acts[item.id])

    # The present.

    def _look(self, touched: set[tuple[str, str]] | None) -> None:
        """Let those look whose present may be another (None: all)."""
        met_before = -1
        while met_before != len(self.state.memory.times):
            met_before = len(self.state.memory.times)
            for item in [*self._tasks.values(), *self._guards.values(), *self._hints.values()]:
                if self._open(item) and (touched is None or self._concerns(item.watch.reads, touched)):
                    self._look_at(item)
            if len(self.state.memory.times) != met_before:
                touched = None
        self._forecasts.look(self.view, self.state.forecasts)

    @staticmethod
    def _concerns(reads: Reads, touched: set[tuple[str, str]]) -> bool:
        if reads.clock:
            return True
        for kind, name in touched:
            if (kind == "Touched" and reads.files) or (kind, name) in reads.objects or (kind, ANYTHING) in reads.objects:
                return True
        return False

    def _look_at(self, item: Item) -> None:
        again = item.watch.look(self.view, self.state.progress)
        self._met(item)
        if again is not None and again > self.cluster.now and item.id not in self.state.memory.times:
            self.cluster.wake(again, f"held {item.id}")

    # What follows.

    def _settle(self) -> None:
        """Open what can be worked at now, raise and lower hints, and tell what is new."""
        now, times = self.cluster.now, self.state.memory.times
        for item in self._tasks.values():
            if item.id not in self.state.opened and all(each in times for each in item.after):
                self.state.opened[item.id] = now
                for hint in self.lesson.hints:
                    if hint.task == item.id and hint.idle is not None:
                        self.cluster.wake(now + duration(hint.idle), f"idle {hint.id}")
        wanted = [task.id for task in self.lesson.tasks if not task.optional]
        whole = all(each in times for each in wanted) and not any(own(self.state.progress, each).broken for each in self._guards)
        if whole and self.state.done is None:
            self.state.done = now
        self._tell_tasks()
        self._tell_hints()
        self._tell_forecasts()
        for name, value in self._values.look(self.view):
            self._tell("value", name, {"value": value})

    def _tell(self, about: str, name: str, data: dict[str, Any]) -> None:
        """Tell it, if it is not what was told last."""
        key = f"{about} {name}"
        if self.state.told.get(key) != data:
            self.state.told[key] = data
            self.cluster.find_out(about, name, data)

    def _tell_tasks(self) -> None:
        for each in self._tasks:
            self._tell("task", each, self._verdict(each))
        for each in self._guards:
            mine = own(self.state.progress, each)
            broken = {"state": "broken", "at": mine.broken} if mine.broken is not None else None
            self._tell("task", each, broken or {"state": "met" if self.state.done is not None else "open"})
        if self.state.done is not None:
            self._tell("task", "", {"state": "met", "at": self.state.done})

    def _verdict(self, task: str) -> dict[str, Any]:
        mine = own(self.state.progress, task)
        if mine.met is not None and task in self.state.memory.times:
            return {"state": "met", "at": mine.met}
        if mine.broken is not None:
            return {"state": "broken", "at": mine.broken}
        state = "open" if task in self.state.opened else "closed"
        return {"state": state, "seen": mine.seen} if mine.seen else {"state": state}

    def _tell_hints(self) -> None:
        for hint in self.lesson.hints:
            on = self._raised(hint)
            if on and hint.id not in self.state.shown:
                self.state.shown.append(hint.id)
                self._tell("hint", hint.id, {"task": hint.task, "on": True, "text": words.filled(self.view, hint.text)})
            elif not on and hint.id in self.state.shown:
                self.state.shown.remove(hint.id)
                self._tell("hint", hint.id, {"task": hint.task, "on": False})

    def _raised(self, hint: Hint) -> bool:
        opened = self.state.opened.get(hint.task, 0 if hint.task in self._guards else None)
        if hint.task in self.state.memory.times or opened is None or self.state.done is not None:
            return False
        if hint.idle is not None:
            return self.cluster.now >= opened + duration(hint.idle)
        mine = own(self.state.progress, f"hint {hint.id}")
        return mine.since is not None or (mine.met is not None and hint.when is not None and hint.when.is_ is None)

    def _tell_forecasts(self) -> None:
        for name, data in self._forecasts.verdicts(self.state.forecasts):
            self._tell("prediction", name, data)


def _guarded(guard: Guard) -> Check:
    return Check(held=guard.held, never=guard.never, from_=guard.from_, to=guard.to)


def _reference(task: Task, order: list[str]) -> str | None:
    """The task that `same: uid` looks back to: the last of those that come before it."""
    return max(task.after, key=order.index, default=None)


def _named(lesson: LessonLike) -> Iterable[tuple[str, str]]:
    """The objects that `same: uid` may be about, as (resource, name)."""
    checks = [each for task in lesson.tasks for each in _parts(task.check) if each.same is not None]
    found = {tuple((each.happened or "").split(" ", 1)) for each in checks}
    return {(RESOURCE_OF[kind[0]], kind[1]) for kind in found if len(kind) == 2 and kind[0] in RESOURCE_OF}


def _parts(check: Check) -> list[Check]:
    nested = [*(check.any_ or []), *(check.all_ or [])]
    return [check, *(part for each in nested for part in _parts(each))]
