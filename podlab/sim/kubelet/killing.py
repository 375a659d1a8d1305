"""Ending containers: the preStop hook, the signal, and after the grace period the end by force.

Timer: `kubelet.kill <container id>` (the present stage's time is up).

Upstream: pkg/kubelet/kuberuntime (killContainer, killContainersWithSyncResult, termination order). Left out: stop signals of the Pod's spec (alpha gate).
"""

from __future__ import annotations

from podlab.sim.containerd.types import Container
from podlab.sim.kubelet import events
from podlab.sim.kubelet.core import Core
from podlab.sim.kubelet.hooks import Hooks
from podlab.sim.kubelet.pod_workers import PodWorkers
from podlab.sim.kubelet.specs import container_named
from podlab.sim.kubelet.state import Kill, Worker
from podlab.sim.kubelet.termination import FLOOR_S, grace_seconds, sidecar_order


class Killer:
    """The kills of all kubelets; a sync that waits for them goes on when the last one of its Pod is done."""

    def __init__(self, core: Core, workers: PodWorkers, hooks: Hooks) -> None:
        self.core = core
        self.workers = workers
        self.hooks = hooks
        core.world.kernel.handle("kubelet.kill", self._time_is_up)
        core.containerd.on_exit(self._exited)
        hooks.on_done("preStop", self._hook_done)

    def kill_pod(self, worker: Worker, *, message: str = "", grace_s: int | None = None) -> None:
        """Kill all running containers: the regular ones at once, then the sidecars in reverse (TD-4)."""
        for container in self.core.containerd.containers(worker.uid):
            if container.state == "running":
                self.kill(worker, container, message, grace_s=grace_s, in_order=True)

    def kill(
        self, worker: Worker, container: Container, message: str, *, reason: str = "", grace_s: int | None = None, in_order: bool = False
    ) -> None:
        """Begin to end a container (TD-1, TD-2)."""
        if container.state != "running" or container.id in worker.kills:
            return
        pod = self.core.pod(worker)
        spec = container_named(pod["spec"], container.name)
        seconds = grace_seconds(pod, spec, reason) if grace_s is None else grace_s
        self.core.event(worker, events.killing(message or events.stopping(container.name)), container.name)
        kill = Kill(container.name, "turn", 1000 * seconds, self.core.now, in_order=in_order)
        worker.kills[container.id] = kill
        if seconds > 0 and spec is not None and (spec.get("lifecycle") or {}).get("preStop"):
            kill.stage = "hook"
            begun = self.hooks.begin(worker, container, spec, "preStop")
            kill.pid, kill.error = begun.pid, begun.error
            self._timer(container, kill.left_ms if begun.pid else min(begun.ms, kill.left_ms))
        else:
            self._next_turn(worker, container, kill)

    def _timer(self, container: Container, ms: int) -> None:
        self.core.world.kernel.after(ms, "kubelet.kill", container.id)

    def _spend(self, kill: Kill) -> None:
        kill.left_ms -= self.core.now - kill.since_ms
        kill.since_ms = self.core.now

    def _hook_done(self, worker: Worker, container: Container, error: str) -> None:
        kill = worker.kills.get(container.id)
        if kill is None or kill.stage != "hook":
            return
        if error:
            self.core.event(worker, events.PRE_STOP_FAILED, container.name)
        self._spend(kill)
        self._next_turn(worker, container, kill)

    def _next_turn(self, worker: Worker, container: Container, kill: Kill) -> None:
        """A sidecar waits until all that stop before it have ended; the grace is the limit."""
        kill.stage = "turn"
        if kill.in_order and self._stops_before(worker, container.name):
            self._timer(container, max(kill.left_ms, 0))
        else:
            self._stop(container, kill)

    def _stops_before(self, worker: Worker, name: str) -> bool:
        order = sidecar_order(self.core.pod(worker)["spec"])
        if name not in order:
            return False
        earlier = order[: order.index(name)]
        return any(kill.name not in order or kill.name in earlier for kill in worker.kills.values())

    def _stop(self, container: Container, kill: Kill) -> None:
        kill.stage = "stop"
        self.core.containerd.signal(container, container.stop_signal)
        self._timer(container, max(kill.left_ms, 1000 * FLOOR_S))

    def _time_is_up(self, identity: str) -> None:
        container = self.core.containerd.get(identity)
        worker = self.core.state.workers.get(container.pod) if container else None
        kill = worker.kills.get(identity) if worker else None
        if container is None or worker is None or kill is None:
            return
        if kill.stage == "stop":
            self.core.because(worker, "TD-2", container=container.name, signal="KILL")
            self.core.containerd.signal(container, "KILL")
            return
        if kill.stage == "hook":
            if kill.pid:
                self.core.linux.kill(kill.pid, "KILL")
            self._hook_done(worker, container, kill.error or ("timed out" if kill.pid else ""))
            return
        self._spend(kill)
        self._stop(container, kill)

    def _exited(self, container: Container) -> None:
        worker = self.core.state.workers.get(container.pod)
        if worker is None or worker.kills.pop(container.id, None) is None:
            return
        self.core.world.kernel.cancel("kubelet.kill", container.id)
        for identity, kill in list(worker.kills.items()):
            if kill.stage == "turn" and not self._stops_before(worker, kill.name):
                other = self.core.containerd.get(identity)
                if other is not None:
                    self._spend(kill)
                    self._stop(other, kill)
        if not worker.kills:
            self.workers.resume(worker)
