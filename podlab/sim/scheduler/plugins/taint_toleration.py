"""TaintToleration: NoSchedule and NoExecute taints refuse, PreferNoSchedule taints cost points.

Upstream: pkg/scheduler/framework/plugins/tainttoleration. Left out: nothing.
"""

from __future__ import annotations

from podlab.sim.changes import Obj
from podlab.sim.scheduler.framework import Code, CycleState, Event, Plugin, Status, default_normalise
from podlab.sim.scheduler.node_info import NodeInfo, PodInfo
from podlab.sim.scheduler.tolerations import tolerated, untolerated

REFUSED = Status(Code.UNRESOLVABLE, ("node(s) had untolerated taint(s)",))
HARD = ("NoSchedule", "NoExecute")


class TaintToleration(Plugin):
    """Rules F4, S3."""

    name = "TaintToleration"
    weight = 3
    events = (
        (Event("Node", "Add"), "after_node"),
        (Event("Node", "UpdateNodeTaint"), "after_node"),
        (Event("UnschedulablePod", "UpdatePodToleration"), "after_toleration"),
    )

    def filter(self, state: CycleState, pod: PodInfo, node: NodeInfo) -> Status | None:
        """Refuse a node with a taint that nothing covers."""
        if not node.taints or untolerated(node.taints, pod.spec.get("tolerations"), HARD) is None:
            return None
        return REFUSED

    def pre_score(self, state: CycleState, pod: PodInfo, nodes: list[NodeInfo]) -> Status | None:
        """Tolerations that speak of PreferNoSchedule."""
        listed = pod.spec.get("tolerations") or ()
        state["TaintToleration/score"] = [each for each in listed if each.get("effect", "") in ("", "PreferNoSchedule")]
        return None

    def score(self, state: CycleState, pod: PodInfo, node: NodeInfo) -> int:
        """How many PreferNoSchedule taints are not covered."""
        soft = state["TaintToleration/score"]
        return sum(taint["effect"] == "PreferNoSchedule" and not tolerated(soft, taint) for taint in node.taints)

    def normalise(self, state: CycleState, pod: PodInfo, nodes: list[NodeInfo], scores: list[int]) -> list[int]:
        """Fewer is better."""
        return default_normalise(scores, reverse=True)

    def after_node(self, pod: PodInfo, old: Obj | None, new: Obj | None) -> bool:
        """The node was refused (or is new) and is not now."""
        return (old is None or not self._fits(pod, old)) and new is not None and self._fits(pod, new)

    def after_toleration(self, pod: PodInfo, old: Obj | None, new: Obj | None) -> bool:
        """Its own new toleration."""
        return new is not None and new["metadata"].get("uid") == pod.pod["metadata"].get("uid")

    def _fits(self, pod: PodInfo, node: Obj) -> bool:
        return untolerated((node.get("spec") or {}).get("taints"), pod.spec.get("tolerations"), HARD) is None
