"""Whether a node takes a Pod that was bound to it.

Upstream: pkg/kubelet/lifecycle/predicate.go, pkg/kubelet/eviction (Admit). Left out: declared features, preemption of lesser Pods.
"""

from __future__ import annotations

from podlab.sim.changes import Obj
from podlab.sim.kubelet.core import Core
from podlab.sim.kubelet.state import Worker


class Admission:
    """The kubelet's own look at a Pod, after the scheduler's."""

    def __init__(self, core: Core) -> None:
        self.core = core

    def refusal(self, worker: Worker, pod: Obj) -> tuple[str, str] | None:
        """Reason and message of a refusal; None: the Pod is taken."""
        node = self.core.node_object(worker.node)
        if node is None:
            return None
        return self._no_room(worker, node)

    def _no_room(self, worker: Worker, node: Obj) -> tuple[str, str] | None:
        """PH-15, the number of Pods."""
        capacity = int(((node.get("status") or {}).get("allocatable") or {}).get("pods", 110))
        used = sum(each.node == worker.node and each.admitted and each.stage in ("syncing", "terminating") for each in self.core.state.workers.values()) - 1
        if used + 1 <= capacity:
            return None
        return "OutOfpods", f"Node didn't have enough resource: pods, requested: 1, used: {used}, capacity: {capacity}"
