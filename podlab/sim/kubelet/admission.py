"""Whether a node takes a Pod that was bound to it.

Upstream: pkg/kubelet/lifecycle/predicate.go, pkg/kubelet/eviction (Admit). Left out: declared features.
"""

from __future__ import annotations

from podlab.sim.api.qos import qos_class
from podlab.sim.changes import Obj
from podlab.sim.kubelet.core import Core
from podlab.sim.kubelet.eviction_policy import is_critical
from podlab.sim.kubelet.state import Worker
from podlab.sim.scheduler.node_affinity import pod_matches
from podlab.sim.scheduler.node_info import conflicts, host_ports
from podlab.sim.scheduler.requests import Amounts, amounts, pod_requests
from podlab.sim.scheduler.tolerations import tolerated, untolerated

Refusal = tuple[str, str]
"""Reason and message."""
MEMORY_TAINT: Obj = {"key": "node.kubernetes.io/memory-pressure", "effect": "NoSchedule"}
SHUTTING: Refusal = ("NodeShutdown", "Pod was rejected as the node is shutting down.")
FIRST = ("cpu", "memory", "ephemeral-storage")
"""Of several resources that a node is short of, the first is told."""
NO_ROOM = "Node didn't have enough resource: {}, requested: {}, used: {}, capacity: {}"


class Admission:
    """The kubelet's own look at a Pod, after the scheduler's."""

    def __init__(self, core: Core) -> None:
        self.core = core

    def refusal(self, worker: Worker, pod: Obj) -> Refusal | None:
        """Why a Pod is refused (PH-15); None: it is taken."""
        node = self.core.node_object(worker.node)
        if node is None:
            return None
        state = self.core.node(worker.node)
        if state.shutting:
            return SHUTTING
        return under_pressure(pod, state.pressures) or unfit(pod, node, self.beside(worker))

    def lacking(self, worker: Worker, pod: Obj) -> Amounts:
        """How much of which resources its node has too little for a Pod."""
        node = self.core.node_object(worker.node)
        return lacking(pod, node, self.beside(worker)) if node is not None else {}

    def beside(self, worker: Worker) -> list[Obj]:
        """The other Pods that the node has taken, with what it has given them."""
        return [
            {**self.core.allocated(each), "status": {}}
            for each in self.core.state.workers.values()
            if each.node == worker.node and each.admitted and each.uid != worker.uid and each.stage in ("syncing", "terminating")
        ]


def under_pressure(pod: Obj, conditions: list[str]) -> Refusal | None:
    """K2: short of memory, a node takes what asks for some; short of anything else, only critical Pods."""
    if not conditions or is_critical(pod):
        return None
    if conditions == ["MemoryPressure"] and (
        qos_class(pod["spec"]) != "BestEffort" or tolerated(pod["spec"].get("tolerations"), MEMORY_TAINT)
    ):
        return None
    return "Evicted", f"The node had condition: [{', '.join(conditions)}]. "


def unfit(pod: Obj, node: Obj, others: list[Obj]) -> Refusal | None:
    """K1: resources, affinity, ports, NoExecute taints."""
    return _no_room(pod, node, others) or _elsewhere(pod, node, others)


def _no_room(pod: Obj, node: Obj, others: list[Obj]) -> Refusal | None:
    capacity = amounts((node.get("status") or {}).get("allocatable"))
    if len(others) + 1 > capacity.get("pods", 110):
        return "OutOfpods", NO_ROOM.format("pods", 1, len(others), capacity["pods"])
    wanted, used = pod_requests(pod), [pod_requests(each) for each in others]
    for resource in (*FIRST, *sorted(set(wanted) - set(FIRST))):
        asked = wanted.get(resource, 0)
        if "/" in resource and resource not in capacity:
            continue  # a resource of the cluster, not of nodes: the kubelet knows nothing of it
        taken = sum(each.get(resource, 0) for each in used)
        if asked and taken + asked > capacity.get(resource, 0):
            return f"OutOf{resource}", NO_ROOM.format(resource, asked, taken, capacity.get(resource, 0))
    return None


def lacking(pod: Obj, node: Obj, others: list[Obj]) -> Amounts:
    """What is missing of which resources, for this Pod beside the others."""
    capacity = amounts((node.get("status") or {}).get("allocatable"))
    used = [pod_requests(each) for each in others]
    short = {
        name: asked + sum(each.get(name, 0) for each in used) - capacity.get(name, 0)
        for name, asked in pod_requests(pod).items()
        if asked and ("/" not in name or name in capacity)
    }
    short["pods"] = len(others) + 1 - capacity.get("pods", 110)
    return {name: amount for name, amount in short.items() if amount > 0}


def _elsewhere(pod: Obj, node: Obj, others: list[Obj]) -> Refusal | None:
    spec = pod.get("spec") or {}
    if not pod_matches(pod, node):
        return "NodeAffinity", "Predicate NodeAffinity failed: node(s) didn't match Pod's node affinity/selector"
    taken = [port for each in others for port in host_ports(each.get("spec") or {})]
    if any(conflicts(wanted, used) for wanted in host_ports(spec) for used in taken):
        return "NodePorts", "Predicate NodePorts failed: node(s) didn't have free ports for the requested pod ports"
    static = (pod["metadata"].get("annotations") or {}).get("kubernetes.io/config.source") == "file"
    if not static and untolerated((node.get("spec") or {}).get("taints"), spec.get("tolerations"), ("NoExecute",)) is not None:
        return "TaintToleration", "Predicate TaintToleration failed: node(s) had taints that the pod didn't tolerate"
    return None
