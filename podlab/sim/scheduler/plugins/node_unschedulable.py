"""NodeUnschedulable: a cordoned node takes only Pods that tolerate it.

Upstream: pkg/scheduler/framework/plugins/nodeunschedulable. Left out: nothing.
"""

from __future__ import annotations

from podlab.sim.changes import Obj
from podlab.sim.scheduler.framework import Code, CycleState, Event, Plugin, Status
from podlab.sim.scheduler.node_info import NodeInfo, PodInfo
from podlab.sim.scheduler.tolerations import UNSCHEDULABLE, tolerated

REFUSED = Status(Code.UNRESOLVABLE, ("node(s) were unschedulable",))


class NodeUnschedulable(Plugin):
    """Rule F1."""

    name = "NodeUnschedulable"
    events = (
        (Event("Node", "Add"), "after_node"),
        (Event("Node", "UpdateNodeTaint"), "after_node"),
        (Event("UnschedulablePod", "UpdatePodToleration"), "after_toleration"),
    )

    def filter(self, state: CycleState, pod: PodInfo, node: NodeInfo) -> Status | None:
        """Refuse `spec.unschedulable` unless the matching taint is tolerated."""
        if not (node.node.get("spec") or {}).get("unschedulable"):
            return None
        return None if tolerated(pod.spec.get("tolerations"), UNSCHEDULABLE) else REFUSED

    def after_node(self, pod: PodInfo, old: Obj | None, new: Obj | None) -> bool:
        """The node was closed (or is new) and is open now."""
        return (old is None or not self._open(pod, old)) and new is not None and self._open(pod, new)

    def after_toleration(self, pod: PodInfo, old: Obj | None, new: Obj | None) -> bool:
        """The Pod's own tolerations now cover the taint."""
        return new is not None and _same(pod, new) and tolerated((new.get("spec") or {}).get("tolerations"), UNSCHEDULABLE)

    def _open(self, pod: PodInfo, node: Obj) -> bool:
        return not (node.get("spec") or {}).get("unschedulable") or tolerated(pod.spec.get("tolerations"), UNSCHEDULABLE)


def _same(pod: PodInfo, other: Obj) -> bool:
    return bool(pod.pod["metadata"].get("uid") == other["metadata"].get("uid"))
