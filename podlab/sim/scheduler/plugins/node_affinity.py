"""NodeAffinity: nodeSelector and node affinity, required and preferred.

Upstream: pkg/scheduler/framework/plugins/nodeaffinity. Left out: nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

from podlab.sim.changes import Obj
from podlab.sim.scheduler import node_affinity
from podlab.sim.scheduler.framework import SKIP, Code, CycleState, Event, Plugin, Status, default_normalise
from podlab.sim.scheduler.node_info import NodeInfo, PodInfo

REFUSED = Status(Code.UNRESOLVABLE, ("node(s) didn't match Pod's node affinity/selector",))
ENFORCED = Status(Code.UNRESOLVABLE, ("node(s) didn't match scheduler-enforced node affinity",))
CONFLICT = Status(Code.UNRESOLVABLE, ("pod affinity terms conflict",))


class NodeAffinity(Plugin):
    """Rules F5–F8, S4."""

    name = "NodeAffinity"
    weight = 2
    events = ((Event("Node", "Add"), "after_node"), (Event("Node", "UpdateNodeLabel"), "after_node"))

    def pre_filter(self, state: CycleState, pod: PodInfo) -> tuple[Status | None, frozenset[str] | None]:
        """Skip without terms; narrow the nodes when every term names some."""
        required = _affinity(pod).get("requiredDuringSchedulingIgnoredDuringExecution")
        if required is None and not pod.spec.get("nodeSelector") and not self._added_required():
            return SKIP, None
        state[self.name] = node_affinity.Required(pod.pod)
        names = node_affinity.names(required)
        return (CONFLICT if names is not None and not names else None), names

    def filter(self, state: CycleState, pod: PodInfo, node: NodeInfo) -> Status | None:
        """The scheduler's own affinity first, then the Pod's."""
        added = self._added_required()
        if added and not node_affinity.selector_matches(added, node.node):
            return ENFORCED
        required: node_affinity.Required = state[self.name]
        return None if required.matches(node.node) else REFUSED

    def pre_score(self, state: CycleState, pod: PodInfo, nodes: list[NodeInfo]) -> Status | None:
        """Skip without preferred terms."""
        preferred = self._preferred(pod)
        if not preferred:
            return SKIP
        wrong = node_affinity.preferred_errors(preferred)
        if wrong:
            return Status(Code.ERROR, (wrong[0] if len(wrong) == 1 else f"[{', '.join(wrong)}]",))
        state["NodeAffinity/score"] = preferred
        return None

    def score(self, state: CycleState, pod: PodInfo, node: NodeInfo) -> int:
        """The weights of the terms that match."""
        return node_affinity.score(state["NodeAffinity/score"], node.node)

    def normalise(self, state: CycleState, pod: PodInfo, nodes: list[NodeInfo], scores: list[int]) -> list[int]:
        """By the highest."""
        return default_normalise(scores)

    def after_node(self, pod: PodInfo, old: Obj | None, new: Obj | None) -> bool:
        """The node did not match before (or is new) and matches now."""
        return new is not None and self._fits(pod, new) and (old is None or not self._fits(pod, old))

    def _fits(self, pod: PodInfo, node: Obj) -> bool:
        added = self._added_required()
        return node_affinity.pod_matches(pod.pod, node) and (not added or node_affinity.selector_matches(added, node))

    def _added_required(self) -> Obj:
        added: Obj = self.handle.config.added_affinity.get("requiredDuringSchedulingIgnoredDuringExecution") or {}
        return added

    def _preferred(self, pod: PodInfo) -> Sequence[Obj]:
        key = "preferredDuringSchedulingIgnoredDuringExecution"
        return [*(self.handle.config.added_affinity.get(key) or ()), *(_affinity(pod).get(key) or ())]


def _affinity(pod: PodInfo) -> Obj:
    found: Obj = (pod.spec.get("affinity") or {}).get("nodeAffinity") or {}
    return found
