"""NodePorts: two Pods of a node cannot have the same host port.

Upstream: pkg/scheduler/framework/plugins/nodeports. Left out: nothing.
"""

from __future__ import annotations

from podlab.sim.changes import Obj
from podlab.sim.scheduler.framework import SKIP, Code, CycleState, Event, Plugin, Status
from podlab.sim.scheduler.node_info import NodeInfo, PodInfo, conflicts, host_ports

REFUSED = Status(Code.UNSCHEDULABLE, ("node(s) didn't have free ports for the requested pod ports",))


class NodePorts(Plugin):
    """Rule F9."""

    name = "NodePorts"
    events = ((Event("AssignedPod", "Delete"), "after_delete"), (Event("Node", "Add"), ""))

    def pre_filter(self, state: CycleState, pod: PodInfo) -> tuple[Status | None, frozenset[str] | None]:
        """Skip without host ports."""
        return (None if pod.ports else SKIP), None

    def filter(self, state: CycleState, pod: PodInfo, node: NodeInfo) -> Status | None:
        """Refuse where one is in use."""
        taken = (port for other in node.pods.values() for port in other.ports)
        return REFUSED if any(conflicts(wanted, used) for used in taken for wanted in pod.ports) else None

    def add_pod(self, state: CycleState, pod: PodInfo, other: PodInfo, node: NodeInfo, sign: int) -> None:
        """Nothing is prepared."""

    def after_delete(self, pod: PodInfo, old: Obj | None, new: Obj | None) -> bool:
        """The Pod that went was bound and used such a port."""
        spec = (old or {}).get("spec") or {}
        return bool(spec.get("nodeName")) and any(conflicts(wanted, used) for used in host_ports(spec) for wanted in pod.ports)
