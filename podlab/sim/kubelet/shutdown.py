"""The machine is shut down while its kubelet has been told to end the Pods first (`shutdownGracePeriod`).

Pods go in two groups, ordinary ones first, critical ones after; a group is waited for as long as it has. Meanwhile the node is not
ready and takes no Pod. Then the machine goes off. Timer: `kubelet.shutdown <node>`, the end of a group's time.

Upstream: pkg/kubelet/nodeshutdown/nodeshutdown_manager.go, nodeshutdown_manager_linux.go. Left out: groups by priority of one's own
(shutdownGracePeriodByPodPriority), a shutdown that is taken back, the volumes that are waited for.
"""

from __future__ import annotations

from collections.abc import Callable

from podlab.sim.kubelet.core import Core
from podlab.sim.kubelet.events import normal
from podlab.sim.kubelet.eviction_policy import is_critical
from podlab.sim.kubelet.faults import Faults
from podlab.sim.kubelet.node_status import NodeStatus
from podlab.sim.kubelet.state import Doom, Worker

MESSAGE = "Pod was terminated in response to imminent node shutdown."
Terminate = Callable[[Worker, int | None, Doom | None], None]


class Shutdown:
    """The shutdowns of all machines."""

    def __init__(self, core: Core, nodes: NodeStatus, faults: Faults, terminate: Terminate) -> None:
        self.core = core
        self._nodes = nodes
        self._terminate = terminate
        self._faults = faults
        core.world.kernel.handle("kubelet.shutdown", self._next)

    def begin(self, node: str, whole_ms: int, critical_ms: int) -> None:
        """The machine is to go off: its Pods end first, where the kubelet runs and has time for it; what its file says counts before `whole_ms`."""
        state, config = self.core.node(node), self.core.config(node)
        if state.shutting:
            return
        if config.shutdown_ms:
            whole_ms, critical_ms = config.shutdown_ms, config.critical_ms
        if state.down or not whole_ms:
            self._faults.power_off(node)
            return
        state.shutting = [max(0, whole_ms - critical_ms), min(whole_ms, critical_ms)]
        self.core.node_event(node, normal("NodeShutdown", "Shutdown manager detected shutdown event"))
        self._nodes.report(node)
        self._end_group(node)

    def finished(self, worker: Worker) -> None:
        """A Pod is over; with the last of a group the next one's turn has come."""
        if self.core.node(worker.node).shutting and not self._group(worker.node):
            self.core.world.kernel.sooner(self.core.now, "kubelet.shutdown", worker.node)

    def _end_group(self, node: str) -> None:
        group, ms = self._group(node), self.core.node(node).shutting[0]
        if not group:
            self._next(node)
            return
        for worker in group:
            own = int(self.core.pod(worker)["spec"].get("terminationGracePeriodSeconds", 30))
            grace = max(1, min(own, ms // 1000))
            self.core.because(worker, "PH-10", node=node, grace=grace)
            self._terminate(worker, grace, Doom("Terminated", MESSAGE, MESSAGE))
        self.core.world.kernel.after(ms, "kubelet.shutdown", node)

    def _group(self, node: str) -> list[Worker]:
        """Who of the group whose turn it is has not ended."""
        critical = len(self.core.node(node).shutting) == 1
        return [
            each
            for each in self.core.state.workers.values()
            if each.node == node and each.stage in ("syncing", "terminating") and is_critical(self.core.pod(each)) == critical
        ]

    def _next(self, node: str) -> None:
        state = self.core.node(node)
        if not state.shutting:  # a kubelet that was started since knows nothing of it
            return
        self.core.world.kernel.cancel("kubelet.shutdown", node)
        state.shutting = state.shutting[1:]
        if state.shutting and not state.down:
            self._end_group(node)
            return
        state.shutting = []
        self._faults.power_off(node)
        if state.reboots:
            self._faults.power_on(node)
