"""NodeResourcesFit: what the Pod asks for must be left on the node; the emptier node is better.

Upstream: pkg/scheduler/framework/plugins/noderesources/fit.go. Left out: dynamic resources as extended resources.
"""

from __future__ import annotations

from podlab.sim.changes import Obj
from podlab.sim.scheduler import allocation
from podlab.sim.scheduler.framework import Code, CycleState, Event, Plugin, Status
from podlab.sim.scheduler.node_info import NodeInfo, PodInfo
from podlab.sim.scheduler.requests import Amounts, amounts, is_extended, pod_requests

TOO_MANY = "Too many pods"


class NodeResourcesFit(Plugin):
    """Rules F10, S5."""

    name = "NodeResourcesFit"
    weight = 1
    events = (
        (Event("AssignedPod", "Delete"), "after_pod"),
        (Event("AssignedPod", "UpdatePodScaleDown"), "after_pod"),
        (Event("UnschedulablePod", "UpdatePodScaleDown"), "after_pod"),
        (Event("Node", "Add"), "after_node"),
        (Event("Node", "UpdateNodeAllocatable"), "after_node"),
    )

    def pre_filter(self, state: CycleState, pod: PodInfo) -> tuple[Status | None, frozenset[str] | None]:
        """Nothing to prepare; never skipped (the number of Pods always counts)."""
        return None, None

    def add_pod(self, state: CycleState, pod: PodInfo, other: PodInfo, node: NodeInfo, sign: int) -> None:
        """Nothing is prepared: the node's sums say it all."""

    def filter(self, state: CycleState, pod: PodInfo, node: NodeInfo) -> Status | None:
        """Every resource that does not suffice is a reason."""
        short = self.insufficient(pod.requests, node)
        if not short:
            return None
        hopeless = any(name != "pods" and pod.requests[name] > node.allocatable.get(name, 0) for name in short)
        reasons = tuple(TOO_MANY if name == "pods" else f"Insufficient {name}" for name in short)
        return Status(Code.UNRESOLVABLE if hopeless else Code.UNSCHEDULABLE, reasons)

    def insufficient(self, wanted: Amounts, node: NodeInfo) -> list[str]:
        """The resources that do not suffice, the number of Pods first."""
        allocatable, requested = node.allocatable, node.requested
        short = ["pods"] if len(node.pods) + 1 > allocatable.get("pods", 0) else []
        for name in ("cpu", "memory", "ephemeral-storage", *(each for each in wanted if is_extended(each))):
            value = wanted.get(name, 0)
            if value > 0 and value > allocatable.get(name, 0) - requested.get(name, 0) and not self._ignored(name):
                short.append(name)
        return short

    def _ignored(self, name: str) -> bool:
        config = self.handle.config
        return is_extended(name) and (name in config.ignored_resources or name.partition("/")[0] in config.ignored_groups)

    def pre_score(self, state: CycleState, pod: PodInfo, nodes: list[NodeInfo]) -> Status | None:
        """What the Pod counts for the strategy."""
        state["NodeResourcesFit/score"] = allocation.strategy(self.handle.config, pod)
        return None

    def score(self, state: CycleState, pod: PodInfo, node: NodeInfo) -> int:
        """By the configured strategy."""
        scorer: allocation.Scorer = state["NodeResourcesFit/score"]
        return scorer(node)

    def after_pod(self, pod: PodInfo, old: Obj | None, new: Obj | None) -> bool:
        """A Pod has left its node, or asks for less of what this one wants; or this one asks for less."""
        if old is None or new is None:
            return bool(((old or {}).get("spec") or {}).get("nodeName"))
        if new["metadata"].get("uid") == pod.pod["metadata"].get("uid"):
            return True
        if not (new.get("spec") or {}).get("nodeName"):
            return False
        before, after = pod_requests(old), pod_requests(new)
        return any(after.get(name, 0) < before.get(name, 0) for name, value in pod.requests.items() if value > 0)

    def after_node(self, pod: PodInfo, old: Obj | None, new: Obj | None) -> bool:
        """The Pod fits the empty node, and one of its resources has grown (or the node is new)."""
        if new is None or self.insufficient(pod.requests, NodeInfo(new)):
            return False
        return old is None or grown(pod.requests, _allocatable(old), _allocatable(new))


def grown(wanted: Amounts, old: Amounts, new: Amounts) -> bool:
    """Whether something that the Pod needs has become more."""
    names = ["pods", *(name for name, value in wanted.items() if value > 0)]
    return any(new.get(name, 0) > old.get(name, 0) for name in names)


def _allocatable(node: Obj) -> Amounts:
    return amounts((node.get("status") or {}).get("allocatable"))
