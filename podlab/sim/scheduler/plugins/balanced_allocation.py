"""NodeResourcesBalancedAllocation: prefer the node whose resources the Pod brings into balance.

Upstream: pkg/scheduler/framework/plugins/noderesources/balanced_allocation.go. Left out: nothing.
"""

from __future__ import annotations

from math import sqrt

from podlab.sim.scheduler.framework import MAX_SCORE, SKIP, CycleState, Plugin, Status
from podlab.sim.scheduler.node_info import NodeInfo, PodInfo
from podlab.sim.scheduler.requests import Amounts, is_extended


class BalancedAllocation(Plugin):
    """Rule S6."""

    name = "NodeResourcesBalancedAllocation"
    weight = 1

    def pre_score(self, state: CycleState, pod: PodInfo, nodes: list[NodeInfo]) -> Status | None:
        """Skip when the Pod asks for none of the resources."""
        return None if any(pod.requests.get(name) for name, _ in self.handle.config.resources) else SKIP

    def score(self, state: CycleState, pod: PodInfo, node: NodeInfo) -> int:
        """Half of the change of balance, 75 for no change."""
        change = MAX_SCORE // 2 + self._balance(node, pod.requests, pod.requests) - self._balance(node, pod.requests, {})
        return MAX_SCORE // 2 + (change // 2 if change >= 0 else -(-change // 2))

    def _balance(self, node: NodeInfo, wanted: Amounts, more: Amounts) -> int:
        fractions = []
        for name, _ in self.handle.config.resources:
            capacity = node.allocatable.get(name, 0)
            if capacity and (wanted.get(name) or not is_extended(name)):
                fractions.append(min(1.0, (node.requested.get(name, 0) + more.get(name, 0)) / capacity))
        return int((1 - _deviation(fractions)) * MAX_SCORE)


def _deviation(fractions: list[float]) -> float:
    if len(fractions) == 2:
        return abs((fractions[0] - fractions[1]) / 2)
    if len(fractions) < 2:
        return 0.0
    mean = sum(fractions) / len(fractions)
    return sqrt(sum((each - mean) * (each - mean) for each in fractions) / len(fractions))
