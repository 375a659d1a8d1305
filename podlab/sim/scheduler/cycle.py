"""One attempt to place one Pod: PreFilter, Filter, PostFilter, Score.

Upstream: pkg/scheduler/schedule_one.go, pkg/scheduler/framework/runtime/framework.go. Left out: Permit, extenders, opportunistic batching (its
result is one that a full evaluation could give too).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from msgspec import Struct, field

from podlab.sim.scheduler import fit_error
from podlab.sim.scheduler.framework import Code, CycleState, Handle, Plugin, Status, overrides
from podlab.sim.scheduler.node_info import NodeInfo, PodInfo
from podlab.sim.scheduler.registry import PLUGINS

NO_NODES = "no nodes available to schedule pods"
NO_CLAIMS = "no new claims to deallocate"
LEAST_FEASIBLE = 100
Nominated = Mapping[str, Sequence[PodInfo]]
Filter = Callable[[CycleState, PodInfo, NodeInfo], Status | None]


class Scored(Struct):
    """The scores of the nodes that passed, in their order: plugin → (raw, weighted)."""

    raw: dict[str, list[int]] = field(default_factory=dict)
    weighted: dict[str, list[int]] = field(default_factory=dict)
    totals: list[int] = field(default_factory=list)


class Result(Struct):
    """What came of the attempt. `best`: the nodes with the highest total; `rejecting`: the plugins that refused, in order."""

    feasible: list[str] = field(default_factory=list)
    best: list[str] = field(default_factory=list)
    statuses: dict[str, Status] = field(default_factory=dict)
    scores: Scored | None = None
    before: str = ""
    rejecting: list[str] = field(default_factory=list)
    error: str = ""
    evaluated: int = 0
    state: CycleState = field(default_factory=dict)


class Framework:
    """The plugins of the profile, sorted by extension point."""

    def __init__(self, handle: Handle, plugins: Sequence[type[Plugin]] = PLUGINS) -> None:
        self.handle = handle
        self.plugins = [each(handle) for each in plugins]
        self.pre_filters = [each for each in self.plugins if overrides(each, "pre_filter")]
        self.filters = [each for each in self.plugins if overrides(each, "filter")]
        self.adding = [each for each in self.plugins if overrides(each, "add_pod")]
        self.scorers = [each for each in self.plugins if overrides(each, "score")]
        self.order = {each.name: number for number, each in enumerate(self.plugins)}

    def pre_enqueue(self, pod: PodInfo) -> Status | None:
        """The first plugin that keeps the Pod out of the active queue."""
        for plugin in self.plugins:
            status = plugin.pre_enqueue(pod.pod)
            if status is not None:
                return status._replace(plugin=plugin.name)
        return None

    def attempt(self, pod: PodInfo, nominated: Nominated, start: int = 0) -> Result:
        """Rules C2–C9, S1. `start`: the node to begin with."""
        result = Result()
        nodes = self._prepare(result, pod)
        if nodes is None:
            return result
        order = nodes[start % len(nodes) :] + nodes[: start % len(nodes)] if nodes else []
        passed = self._on_nominated(result, pod, nominated) or self._search(result, pod, order, nominated)
        result.feasible = [each.name for each in passed]
        if len(passed) > 1:
            self._score(result, pod, passed)
        else:
            result.best = list(result.feasible)
        return result

    def _prepare(self, result: Result, pod: PodInfo) -> list[NodeInfo] | None:
        """Run PreFilter; the nodes to try, or None when the attempt ends here."""
        snapshot, state = self.handle.snapshot, result.state
        skipped: set[str] = set()
        narrowed: frozenset[str] | None = None
        narrowing: list[str] = []
        for plugin in self.pre_filters:
            status, names = plugin.pre_filter(state, pod)
            if status is not None and status.code is Code.SKIP:
                skipped.add(plugin.name)
            elif status is not None:
                self._reject_all(result, status._replace(plugin=plugin.name))
                return None
            if names is not None:
                narrowing.append(plugin.name)
                narrowed = names if narrowed is None else narrowed & names
                if not narrowed:
                    self._reject_all(result, Status(Code.UNRESOLVABLE, (_unsatisfied(narrowing),), plugin.name))
                    return None
        state["skipped"] = skipped
        if narrowed is None:
            return snapshot.nodes
        status = Status(Code.UNRESOLVABLE, (f"node(s) didn't satisfy plugin(s) [{' '.join(sorted(narrowing))}]",), narrowing[0])
        result.statuses = {each.name: status for each in snapshot.nodes if each.name not in narrowed}
        self._note(result, *narrowing)
        return [each for each in snapshot.nodes if each.name in narrowed]

    def _reject_all(self, result: Result, status: Status) -> None:
        if status.code is Code.ERROR:
            result.error = status.message
            return
        result.before = status.message
        result.statuses = {each.name: status for each in self.handle.snapshot.nodes}
        self._note(result, status.plugin)

    def _note(self, result: Result, *plugins: str) -> None:
        for plugin in plugins:
            if plugin not in result.rejecting:
                result.rejecting.append(plugin)

    def _on_nominated(self, result: Result, pod: PodInfo, nominated: Nominated) -> list[NodeInfo]:
        """Rule C5: the nominated node alone comes first."""
        name = (pod.pod.get("status") or {}).get("nominatedNodeName")
        node = self.handle.snapshot.by_name.get(name) if name and name not in result.statuses else None
        if node is None or self.filter(result.state, pod, node, nominated) is not None:
            return []
        return [node]

    def _search(self, result: Result, pod: PodInfo, nodes: list[NodeInfo], nominated: Nominated) -> list[NodeInfo]:
        wanted = feasible_wanted(len(nodes), self.handle.config.percentage_of_nodes)
        passed: list[NodeInfo] = []
        for node in nodes:
            status = self.filter(result.state, pod, node, nominated)
            result.evaluated += 1
            if status is None:
                passed.append(node)
                if len(passed) >= wanted:
                    break
            else:
                result.statuses[node.name] = status
                self._note(result, status.plugin)
        return passed

    def filter(self, state: CycleState, pod: PodInfo, node: NodeInfo, nominated: Nominated) -> Status | None:
        """Rule C6: with the nominated Pods of equal or higher priority, then without them."""
        others = [each for each in nominated.get(node.name, ()) if each.priority >= pod.priority and each.uid != pod.uid]
        if others:
            crowded, prepared = node.copy(), dict(state)
            for other in others:
                self.move(prepared, pod, other, crowded, 1)
            status = self.run_filters(prepared, pod, crowded)
            if status is not None:
                return status
        return self.run_filters(state, pod, node)

    def run_filters(self, state: CycleState, pod: PodInfo, node: NodeInfo) -> Status | None:
        """The first plugin's refusal."""
        skipped = state["skipped"]
        for plugin in self.filters:
            if plugin.name not in skipped:
                status = plugin.filter(state, pod, node)
                if status is not None:
                    return status._replace(plugin=plugin.name)
        return None

    def refusals(self, state: CycleState, pod: PodInfo, node: NodeInfo) -> list[Status]:
        """Every plugin's refusal: for the explanation."""
        found = []
        for plugin in self.filters:
            status = plugin.filter(state, pod, node) if plugin.name not in state["skipped"] else None
            if status is not None:
                found.append(status._replace(plugin=plugin.name))
        return found

    def move(self, state: CycleState, pod: PodInfo, other: PodInfo, node: NodeInfo, sign: int) -> None:
        """In a what-if `other` joins (1) or leaves (−1) the node."""
        if sign > 0:
            node.add(other)
        else:
            node.remove(other.key)
        for plugin in self.adding:
            if plugin.name not in state["skipped"]:
                plugin.add_pod(state, pod, other, node, sign)

    def _score(self, result: Result, pod: PodInfo, nodes: list[NodeInfo]) -> None:
        state, scored = result.state, Scored()
        totals = [0] * len(nodes)
        for plugin in self.scorers:
            status = plugin.pre_score(state, pod, nodes) if overrides(plugin, "pre_score") else None
            if status is not None and status.code is not Code.SKIP:
                result.error, result.feasible = status.message, []
                return
            if status is None:
                raw = [plugin.score(state, pod, node) for node in nodes]
                weighted = [plugin.weight * each for each in plugin.normalise(state, pod, nodes, raw)]
                scored.raw[plugin.name], scored.weighted[plugin.name] = raw, weighted
                totals = [total + each for total, each in zip(totals, weighted, strict=True)]
        highest = max(totals)
        scored.totals = totals
        result.scores = scored
        result.best = [node.name for node, total in zip(nodes, totals, strict=True) if total == highest]


def _unsatisfied(plugins: list[str]) -> str:
    if len(plugins) == 1:
        return f"node(s) didn't satisfy plugin {plugins[0]}"
    return f"node(s) didn't satisfy plugin(s) [{' '.join(plugins)}] simultaneously"


def feasible_wanted(nodes: int, percentage: int = 0) -> int:
    """Rule C7: how many nodes that pass are enough."""
    if nodes < LEAST_FEASIBLE:
        return nodes
    if percentage == 0:
        percentage = max(5, 50 - nodes // 125)
    return nodes if percentage >= 100 else max(LEAST_FEASIBLE, nodes * percentage // 100)


def failure_text(result: Result, nodes: int, preemption: str | None) -> str:
    """Rules C4, C11, P8. `preemption`: why it did not help; empty when it did; None when it was not tried."""
    if result.error:
        return result.error
    if not nodes:
        return NO_NODES
    after = "not found" if result.before else ", ".join(each for each in (NO_CLAIMS, preemption) if each) if preemption else ""
    return fit_error.message(nodes, (each.reasons for each in result.statuses.values()), result.before, after)
