"""What must change for a Pod to fit on a node: for each plugin that refuses it the fact, its numbers, and the command that would change it.

A file a plugin. Upstream: none. Left out: facts that no single command changes have none.
"""

from __future__ import annotations

from podlab.sim.scheduler.framework import Handle
from podlab.sim.scheduler.node_info import NodeInfo, PodInfo
from podlab.sim.scheduler.remedies import (
    inter_pod_affinity,
    node_affinity,
    node_ports,
    node_resources_fit,
    pod_topology_spread,
    taint_toleration,
    volume_binding,
)
from podlab.sim.scheduler.remedies.remedy import Remedy

__all__ = ["Remedy", "of"]
RULES = {
    "InterPodAffinity": inter_pod_affinity.of,
    "NodeAffinity": node_affinity.of,
    "NodePorts": node_ports.of,
    "NodeResourcesFit": node_resources_fit.of,
    "PodTopologySpread": pod_topology_spread.of,
    "TaintToleration": taint_toleration.of,
    "VolumeBinding": volume_binding.of,
}


def of(plugin: str, reason: str, pod: PodInfo, node: NodeInfo, handle: Handle) -> Remedy:
    """What would take back one plugin's refusal of a node; `handle` sees the cluster as the plugin does."""
    if plugin == "NodeUnschedulable":
        return Remedy("cordoned", command=f"kubectl uncordon {node.name}")
    rule = RULES.get(plugin)
    found = rule(reason, pod, node, handle) if rule is not None else None
    return found or Remedy("reason", {"reason": reason})
