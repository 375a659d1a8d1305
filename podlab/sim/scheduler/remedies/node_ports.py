"""The Pods that hold the host ports have to go.

Upstream: none. Left out: nothing.
"""

from __future__ import annotations

from podlab.sim.scheduler.framework import Handle
from podlab.sim.scheduler.node_info import NodeInfo, PodInfo, conflicts
from podlab.sim.scheduler.remedies.remedy import Remedy, be_gone, listed


def of(_reason: str, pod: PodInfo, node: NodeInfo, _handle: Handle) -> Remedy | None:
    """Which ports, and who has them."""
    holders = [other for other in node.pods.values() if any(conflicts(wanted, used) for wanted in pod.ports for used in other.ports)]
    taken = [wanted for wanted in pod.ports if any(conflicts(wanted, used) for other in holders for used in other.ports)]
    ports = ", ".join(f"{port}/{protocol}" for _, protocol, port in taken)
    return Remedy("port", {"ports": ports, "pods": listed(holders, pod.namespace)}, be_gone(holders))
