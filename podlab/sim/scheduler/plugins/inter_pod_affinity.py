"""InterPodAffinity: near Pods that it wants, far from Pods that it does not; and the same seen from the Pods that are there.

Upstream: pkg/scheduler/framework/plugins/interpodaffinity. Left out: nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct, field

from podlab.sim.changes import Obj
from podlab.sim.scheduler.framework import MAX_SCORE, SKIP, Code, CycleState, Event, Plugin, Status
from podlab.sim.scheduler.node_affinity import value_errors
from podlab.sim.scheduler.node_info import NodeInfo, PodInfo, Term

AFFINITY = Status(Code.UNRESOLVABLE, ("node(s) didn't match pod affinity rules",))
ANTI_AFFINITY = Status(Code.UNSCHEDULABLE, ("node(s) didn't match pod anti-affinity rules",))
EXISTING = Status(Code.UNSCHEDULABLE, ("node(s) didn't satisfy existing pods anti-affinity rules",))
Counts = dict[tuple[str, str], int]
Namespaces = Mapping[str, Mapping[str, str]]


class Prepared(Struct):
    """Counts by (topology key, value)."""

    namespaces: Namespaces
    existing: Counts = field(default_factory=dict)
    affinity: Counts = field(default_factory=dict)
    anti_affinity: Counts = field(default_factory=dict)


class InterPodAffinity(Plugin):
    """Rules F16–F21, S10."""

    name = "InterPodAffinity"
    weight = 2
    events = (
        (Event("AssignedPod", "Add"), "after_pod"),
        (Event("AssignedPod", "UpdatePodLabel"), "after_pod"),
        (Event("AssignedPod", "Delete"), "after_pod"),
        (Event("UnschedulablePod", "UpdatePodLabel"), "after_pod"),
        (Event("Node", "Add"), "after_node"),
        (Event("Node", "UpdateNodeLabel"), "after_node"),
    )

    def _namespaces(self) -> Namespaces:
        return {each["metadata"]["name"]: each["metadata"].get("labels") or {} for each in self.handle.lister("namespaces", "")}

    def pre_filter(self, state: CycleState, pod: PodInfo) -> tuple[Status | None, frozenset[str] | None]:
        """Count once who is where; skip when there is nothing to mind."""
        wrong = _unparsable("requiredAffinityTerms", pod.affinity) or _unparsable("requiredAntiAffinityTerms", pod.anti_affinity)
        if wrong:
            return Status(Code.UNRESOLVABLE, (wrong,)), None
        snapshot = self.handle.snapshot
        selfish = bool(pod.affinity or pod.anti_affinity)
        nodes = [node for node in snapshot.nodes if (node.pods if selfish else node.with_anti_affinity)]
        prepared = Prepared(self._namespaces() if nodes else {})
        for node in nodes:
            for other in (node.pods if selfish else node.with_anti_affinity).values():
                _count(prepared, pod, other, node.labels, 1)
        if not selfish and not prepared.existing:
            return SKIP, None
        state[self.name] = prepared
        return None, None

    def add_pod(self, state: CycleState, pod: PodInfo, other: PodInfo, node: NodeInfo, sign: int) -> None:
        """Count one Pod more or less."""
        old: Prepared = state[self.name]
        new = Prepared(old.namespaces, dict(old.existing), dict(old.affinity), dict(old.anti_affinity))
        _count(new, pod, other, node.labels, sign)
        state[self.name] = new

    def filter(self, state: CycleState, pod: PodInfo, node: NodeInfo) -> Status | None:
        """Own affinity, own anti-affinity, then that of the Pods that are there."""
        prepared: Prepared = state[self.name]
        if pod.affinity and not _satisfied(prepared, pod, node):
            return AFFINITY
        if any(
            prepared.anti_affinity.get((term.key, node.labels.get(term.key, "")), 0) > 0
            for term in pod.anti_affinity
            if term.key in node.labels
        ):
            return ANTI_AFFINITY
        if prepared.existing and any(prepared.existing.get(pair, 0) > 0 for pair in node.labels.items()):
            return EXISTING
        return None

    def pre_score(self, state: CycleState, pod: PodInfo, nodes: list[NodeInfo]) -> Status | None:
        """Add up the weights by topology value; skip when there are none."""
        wrong = _unparsable("preferredAffinityTerms", pod.preferred) or _unparsable("preferredAntiAffinityTerms", pod.preferred_anti)
        if wrong:
            return Status(Code.ERROR, (wrong,))
        preferring = bool(pod.preferred or pod.preferred_anti)
        held = [node for node in self.handle.snapshot.nodes if (node.pods if preferring else node.with_affinity)]
        namespaces = self._namespaces() if held else {}
        scores: Counts = {}
        for node in held:
            for other in (node.pods if preferring else node.with_affinity).values():
                self._weigh(scores, pod, other, node, namespaces)
        state["InterPodAffinity/score"] = scores
        return None if scores else SKIP

    def _weigh(self, scores: Counts, pod: PodInfo, other: PodInfo, node: NodeInfo, namespaces: Namespaces) -> None:
        hard = self.handle.config.hard_pod_affinity_weight
        parts: list[tuple[Iterable[Term], PodInfo, int]] = [(pod.preferred, other, 1), (pod.preferred_anti, other, -1)]
        parts += [(other.affinity, pod, 0)] if hard > 0 else []
        parts += [(other.preferred, pod, 1), (other.preferred_anti, pod, -1)]
        for terms, target, sign in parts:
            for term in terms:
                value = node.labels.get(term.key)
                if value is not None and term.matches(target, namespaces):
                    pair = (term.key, value)
                    scores[pair] = scores.get(pair, 0) + (sign * term.weight if sign else hard)

    def score(self, state: CycleState, pod: PodInfo, node: NodeInfo) -> int:
        """The sum over the node's labels."""
        scores: Counts = state["InterPodAffinity/score"]
        return sum(scores.get(pair, 0) for pair in node.labels.items())

    def normalise(self, state: CycleState, pod: PodInfo, nodes: list[NodeInfo], scores: list[int]) -> list[int]:
        """Between the lowest and the highest."""
        lowest, highest = min(scores), max(scores)
        if lowest == highest:
            return [0] * len(scores)
        return [int(MAX_SCORE * ((each - lowest) / (highest - lowest))) for each in scores]

    def after_pod(self, pod: PodInfo, old: Obj | None, new: Obj | None) -> bool:
        """Another bound Pod's coming, going or relabelling concerns its terms."""
        if new is not None and new["metadata"].get("uid") == pod.pod["metadata"].get("uid"):
            return True
        if not _bound(new or old):
            return False
        namespaces = self._namespaces()
        before, after = (PodInfo(each) if each is not None else None for each in (old, new))
        if before is not None and after is not None:
            return _gained(pod, before, after, namespaces) or _lost(pod, before, after, namespaces)
        if after is not None:
            return bool(pod.affinity) and _all_match(pod.affinity, after, namespaces)
        assert before is not None
        if pod.anti_affinity and _all_match(pod.anti_affinity, before, namespaces):
            return True
        return bool(before.anti_affinity) and _all_match(before.anti_affinity, pod, namespaces)

    def after_node(self, pod: PodInfo, old: Obj | None, new: Obj | None) -> bool:
        """A node gained (or is new with) an affinity's key, or lost an anti-affinity's."""
        now = (new or {"metadata": {}})["metadata"].get("labels") or {}
        if old is None:
            return bool(pod.anti_affinity) or any(term.key in now for term in pod.affinity) or not pod.affinity
        before = old["metadata"].get("labels") or {}
        if any(term.key in now and before.get(term.key) != now[term.key] for term in pod.affinity):
            return True
        return any(term.key in before and now.get(term.key) != before[term.key] for term in pod.anti_affinity)


def _unparsable(kind: str, terms: Iterable[Term]) -> str:
    """What is wrong with a selector (the API server lets none through)."""
    for term in terms:
        for each in (term.selector or {}).get("matchExpressions") or ():
            for text in value_errors(each["key"], each.get("values") or ()):
                return f"parsing pod: {kind}: values{text}"
    return ""


def _count(into: Prepared, pod: PodInfo, other: PodInfo, node_labels: Mapping[str, str], sign: int) -> None:
    for term in other.anti_affinity:
        if term.key in node_labels and term.matches(pod, into.namespaces):
            _bump(into.existing, (term.key, node_labels[term.key]), sign)
    if pod.affinity and _all_match(pod.affinity, other, into.namespaces):
        for term in pod.affinity:
            if term.key in node_labels:
                _bump(into.affinity, (term.key, node_labels[term.key]), sign)
    for term in pod.anti_affinity:
        if term.key in node_labels and term.matches(other, into.namespaces):
            _bump(into.anti_affinity, (term.key, node_labels[term.key]), sign)


def _bump(counts: Counts, pair: tuple[str, str], sign: int) -> None:
    counts[pair] = counts.get(pair, 0) + sign
    if counts[pair] == 0:
        del counts[pair]


def _satisfied(prepared: Prepared, pod: PodInfo, node: NodeInfo) -> bool:
    present = True
    for term in pod.affinity:
        if term.key not in node.labels:
            return False
        present = present and prepared.affinity.get((term.key, node.labels[term.key]), 0) > 0
    return present or (not prepared.affinity and _all_match(pod.affinity, pod, prepared.namespaces))


def _all_match(terms: Iterable[Term], pod: PodInfo, namespaces: Namespaces) -> bool:
    return all(term.matches(pod, namespaces) for term in terms)


def _bound(pod: Obj | None) -> bool:
    return bool(pod and ((pod.get("spec") or {}).get("nodeName") or (pod.get("status") or {}).get("nominatedNodeName")))


def _gained(pod: PodInfo, before: PodInfo, after: PodInfo, namespaces: Namespaces) -> bool:
    return bool(pod.affinity) and not _all_match(pod.affinity, before, namespaces) and _all_match(pod.affinity, after, namespaces)


def _lost(pod: PodInfo, before: PodInfo, after: PodInfo, namespaces: Namespaces) -> bool:
    return (
        bool(pod.anti_affinity)
        and _all_match(pod.anti_affinity, before, namespaces)
        and not _all_match(pod.anti_affinity, after, namespaces)
    )
