"""NodeName: a Pod that names its node runs nowhere else.

Upstream: pkg/scheduler/framework/plugins/nodename. Left out: nothing.
"""

from __future__ import annotations

from podlab.sim.scheduler.framework import Code, CycleState, Event, Plugin, Status
from podlab.sim.scheduler.node_info import NodeInfo, PodInfo

REFUSED = Status(Code.UNRESOLVABLE, ("node(s) didn't match the requested node name",))


class NodeName(Plugin):
    """Rule F2."""

    name = "NodeName"
    events = ((Event("Node", "Add"), ""),)

    def filter(self, state: CycleState, pod: PodInfo, node: NodeInfo) -> Status | None:
        """Refuse every other node."""
        wanted = pod.spec.get("nodeName")
        return REFUSED if wanted and wanted != node.name else None
