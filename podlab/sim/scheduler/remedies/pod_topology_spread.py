"""How many of the group are in a node's domain, and where the fewest are.

Upstream: none. Left out: commands where a controller made the Pods that are too many.
"""

from __future__ import annotations

from podlab.sim.scheduler.framework import CycleState, Handle
from podlab.sim.scheduler.node_info import NodeInfo, PodInfo
from podlab.sim.scheduler.plugins.pod_topology_spread import PodTopologySpread, Prepared
from podlab.sim.scheduler.remedies.remedy import Remedy, be_gone, labelled
from podlab.sim.scheduler.spread import Constraint


def of(_reason: str, pod: PodInfo, node: NodeInfo, handle: Handle) -> Remedy | None:
    """Of the first constraint that refuses."""
    state: CycleState = {}
    plugin = PodTopologySpread(handle)
    plugin.pre_filter(state, pod)
    prepared: Prepared = state[plugin.name]
    for counts, each in zip(prepared.counts, prepared.constraints, strict=True):
        value = node.labels.get(each.key)
        if value is None:
            fewest = min(counts, key=lambda other: (counts[other], other), default="")
            command = labelled(node.name, {each.key: fewest}, {}) if fewest else ""
            return Remedy("key", {"key": each.key}, command)
        least = 0 if len(counts) < each.min_domains else min(counts.values(), default=0)
        excess = counts.get(value, 0) + each.matches(pod.labels) - least - each.max_skew
        if counts and excess > 0:
            return _skewed(pod, each, counts, value, least, excess, handle)
    return None


def _skewed(pod: PodInfo, each: Constraint, counts: dict[str, int], value: str, least: int, excess: int, handle: Handle) -> Remedy:
    args: dict[str, str | int] = {"key": each.key, "value": value, "count": counts.get(value, 0), "least": least, "skew": each.max_skew}
    if len(counts) < each.min_domains:
        return Remedy("domains", {**args, "domains": len(counts), "wanted": each.min_domains})
    fewest = sorted(name for name, many in counts.items() if many == least)
    group = [
        other
        for node in handle.snapshot.nodes
        if node.labels.get(each.key) == value
        for other in node.pods.values()
        if other.namespace == pod.namespace and not other.terminating and each.matches(other.labels)
    ]
    alone = sorted(
        (other for other in group if not other.pod["metadata"].get("ownerReferences")), key=lambda other: (other.priority, other.key)
    )
    return Remedy("skewed", {**args, "fewest": ", ".join(fewest[:3])}, be_gone(alone[:excess]) if len(alone) >= excess else "")
