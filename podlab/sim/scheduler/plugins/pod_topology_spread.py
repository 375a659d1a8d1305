"""PodTopologySpread: keep a group's Pods evenly spread over nodes, zones …

Upstream: pkg/scheduler/framework/plugins/podtopologyspread. Left out: configured default constraints (the system's own are there).
"""

from __future__ import annotations

from math import log

from msgspec import Struct

from podlab.sim.changes import Obj
from podlab.sim.scheduler import spread
from podlab.sim.scheduler.framework import MAX_SCORE, SKIP, Code, CycleState, Event, Plugin, Status
from podlab.sim.scheduler.node_affinity import Required
from podlab.sim.scheduler.node_info import NodeInfo, PodInfo
from podlab.sim.scheduler.spread import HOSTNAME, Constraint

SKEWED = Status(Code.UNSCHEDULABLE, ("node(s) didn't match pod topology spread constraints",))
MISSING = Status(Code.UNRESOLVABLE, ("node(s) didn't match pod topology spread constraints (missing required label)",))


class Prepared(Struct):
    """For filtering: by constraint, matching Pods by topology value."""

    constraints: list[Constraint]
    required: Required
    counts: list[dict[str, int]]


class Scoring(Struct):
    """For scoring: `weights` grow with the number of domains; `ignored` nodes lack a key."""

    constraints: list[Constraint]
    counts: list[dict[str, int]]
    weights: list[float]
    ignored: frozenset[str]


class PodTopologySpread(Plugin):
    """Rules F13–F15, S8, S9."""

    name = "PodTopologySpread"
    weight = 2
    events = (
        (Event("AssignedPod", "Add"), "after_pod"),
        (Event("AssignedPod", "UpdatePodLabel"), "after_pod"),
        (Event("AssignedPod", "Delete"), "after_pod"),
        (Event("UnschedulablePod", "UpdatePodLabel"), "after_pod"),
        (Event("UnschedulablePod", "UpdatePodToleration"), "after_pod"),
        (Event("Node", "Add"), "after_node"),
        (Event("Node", "Delete"), "after_node"),
        (Event("Node", "UpdateNodeLabel"), "after_node"),
        (Event("Node", "UpdateNodeTaint"), "after_node"),
    )

    def pre_filter(self, state: CycleState, pod: PodInfo) -> tuple[Status | None, frozenset[str] | None]:
        """Count the group's Pods by domain; skip without hard constraints."""
        constraints = spread.own(pod, "DoNotSchedule")
        if not constraints:
            return SKIP, None
        required = Required(pod.pod)
        counts: list[dict[str, int]] = [{} for _ in constraints]
        for node in self.handle.snapshot.nodes:
            if spread.has_keys(node, constraints):
                for held, each in zip(counts, constraints, strict=True):
                    if each.counts(pod, node, required):
                        value = node.labels[each.key]
                        held[value] = held.get(value, 0) + each.population(node, pod.namespace)
        state[self.name] = Prepared(constraints, required, counts)
        return None, None

    def add_pod(self, state: CycleState, pod: PodInfo, other: PodInfo, node: NodeInfo, sign: int) -> None:
        """Count one Pod more or less."""
        old: Prepared = state[self.name]
        new = Prepared(old.constraints, old.required, [dict(each) for each in old.counts])
        state[self.name] = new
        if other.namespace != pod.namespace or other.terminating or not spread.has_keys(node, old.constraints):
            return
        for held, each in zip(new.counts, new.constraints, strict=True):
            if each.matches(other.labels) and each.counts(pod, node, old.required):
                value = node.labels[each.key]
                held[value] = held.get(value, 0) + sign

    def filter(self, state: CycleState, pod: PodInfo, node: NodeInfo) -> Status | None:
        """Refuse where one more would be too many."""
        prepared: Prepared = state[self.name]
        for held, each in zip(prepared.counts, prepared.constraints, strict=True):
            value = node.labels.get(each.key)
            if value is None:
                return MISSING
            if not held:
                continue
            least = 0 if len(held) < each.min_domains else min(held.values())
            if held.get(value, 0) + each.matches(pod.labels) - least > each.max_skew:
                return SKEWED
        return None

    def pre_score(self, state: CycleState, pod: PodInfo, nodes: list[NodeInfo]) -> Status | None:
        """Count by domain for the soft constraints; skip without any."""
        every = bool(pod.spec.get("topologySpreadConstraints"))
        constraints = spread.own(pod, "ScheduleAnyway") if every else spread.defaults(self.handle, pod)
        if not constraints or not nodes:
            return SKIP
        ignored = frozenset(node.name for node in nodes if every and not spread.has_keys(node, constraints))
        counts: list[dict[str, int]] = [
            {} if each.key == HOSTNAME else {node.labels.get(each.key, ""): 0 for node in nodes if node.name not in ignored}
            for each in constraints
        ]
        sizes = [len(nodes) - len(ignored) if each.key == HOSTNAME else len(held) for held, each in zip(counts, constraints, strict=True)]
        self._populate(pod, constraints, counts, every=every)
        state["PodTopologySpread/score"] = Scoring(constraints, counts, [log(size + 2) for size in sizes], ignored)
        return None

    def _populate(self, pod: PodInfo, constraints: list[Constraint], counts: list[dict[str, int]], *, every: bool) -> None:
        required = Required(pod.pod)
        for node in self.handle.snapshot.nodes:
            if every and not spread.has_keys(node, constraints):
                continue
            for held, each in zip(counts, constraints, strict=True):
                value = node.labels.get(each.key, "")
                if value in held and each.counts(pod, node, required):
                    held[value] += each.population(node, pod.namespace)

    def score(self, state: CycleState, pod: PodInfo, node: NodeInfo) -> int:
        """The more of the group there are, the higher (worse)."""
        scoring: Scoring = state["PodTopologySpread/score"]
        if node.name in scoring.ignored:
            return 0
        total = 0.0
        for held, each, weight in zip(scoring.counts, scoring.constraints, scoring.weights, strict=True):
            value = node.labels.get(each.key)
            if value is not None:
                there = each.population(node, pod.namespace) if each.key == HOSTNAME else held[value]
                total += there * weight + (each.max_skew - 1)
        return int(total + 0.5)

    def normalise(self, state: CycleState, pod: PodInfo, nodes: list[NodeInfo], scores: list[int]) -> list[int]:
        """Turned round; nodes that lack a key get nothing."""
        scoring: Scoring = state["PodTopologySpread/score"]
        counted = [score for node, score in zip(nodes, scores, strict=True) if node.name not in scoring.ignored]
        lowest, highest = min(counted, default=0), max(counted, default=0)
        turned = [MAX_SCORE * (highest + lowest - each) // highest if highest else MAX_SCORE for each in scores]
        return [0 if node.name in scoring.ignored else each for node, each in zip(nodes, turned, strict=True)]

    def after_pod(self, pod: PodInfo, old: Obj | None, new: Obj | None) -> bool:
        """A Pod of the group came, went or was relabelled."""
        changed = new or old or {}
        mine = changed["metadata"].get("uid") == pod.pod["metadata"].get("uid")
        if not mine and not _counts_for(changed, pod):
            return False
        constraints = spread.own(pod, "DoNotSchedule")
        if old is None or new is None:
            return all(each.matches(changed["metadata"].get("labels") or {}) for each in constraints)
        if mine and _tolerations(old) != _tolerations(new) and any(each.honor_taints for each in constraints):
            return True
        before, after = old["metadata"].get("labels") or {}, new["metadata"].get("labels") or {}
        return before != after and any(each.matches(before) != each.matches(after) for each in constraints)

    def after_node(self, pod: PodInfo, old: Obj | None, new: Obj | None) -> bool:
        """A domain appeared, vanished or changed."""
        constraints = spread.own(pod, "DoNotSchedule")
        before, after = (_labels(each) if each is not None and _keyed(each, constraints) else None for each in (old, new))
        if old is None or new is None:
            return before is not None or after is not None
        if (before is None) != (after is None):
            return True
        if before is None or after is None:
            return False
        moved = any(before.get(each.key) != after.get(each.key) for each in constraints)
        return moved or _taints(old) != _taints(new)


def _labels(node: Obj) -> dict[str, str]:
    found: dict[str, str] = node["metadata"].get("labels") or {}
    return found


def _keyed(node: Obj, constraints: list[Constraint]) -> bool:
    return all(each.key in _labels(node) for each in constraints)


def _tolerations(pod: Obj) -> object:
    return (pod.get("spec") or {}).get("tolerations")


def _counts_for(other: Obj, pod: PodInfo) -> bool:
    if other["metadata"].get("namespace", "") != pod.namespace:
        return False
    return bool((other.get("spec") or {}).get("nodeName") or (other.get("status") or {}).get("nominatedNodeName"))


def _taints(node: Obj) -> object:
    return (node.get("spec") or {}).get("taints") or []
