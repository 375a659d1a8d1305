"""What can happen to a node: its kubelet stops and starts, its network goes and comes, its power goes and comes.

Timers: `kubelet.heal <node>` (statuses go out again), `kubelet.catch-up <node>` (what the API server had to say is heard).

Upstream: none (systemd, the network, the socket). Left out: half a failure (packets lost).
"""

from __future__ import annotations

from collections.abc import Callable

from podlab.sim.changes import Obj
from podlab.sim.errors import StatusError
from podlab.sim.kubelet import config
from podlab.sim.kubelet.core import MIRROR, Core
from podlab.sim.kubelet.eviction_policy import Pressure, next_look
from podlab.sim.kubelet.node_status import NodeStatus
from podlab.sim.kubelet.pleg import Pleg
from podlab.sim.kubelet.specs import Spec
from podlab.sim.kubelet.state import Worker
from podlab.sim.kubelet.status_manager import StatusManager
from podlab.sim.kubelet.status_merge import is_terminal

TIMERS = ("sync", "step", "queue", "relist", "status", "deadline", "notice", "refresh", "gone")


class Faults:
    """The faults of the fault menu, by their names."""

    def __init__(self, core: Core, statuses: StatusManager, nodes: NodeStatus, pleg: Pleg, stop_probes: Callable[[Worker], None]) -> None:
        self.core = core
        self.statuses = statuses
        self.nodes = nodes
        self.pleg = pleg
        self._stop_probes = stop_probes
        core.world.kernel.handle("kubelet.heal", self._send)
        core.world.kernel.handle("kubelet.catch-up", self._catch_up)

    def apply(self, name: str, node: str) -> None:
        """Let a fault happen, or heal it; StatusError when there is no such fault or node."""
        verbs: dict[str, Callable[[str], None]] = {
            "stop-kubelet": self.stop,
            "start-kubelet": self._start,
            "isolate": self.isolate,
            "heal": self.heal,
            "poweroff": self.power_off,
            "poweron": self.power_on,
        }
        if name not in verbs:
            raise StatusError("BadRequest", f"not supported in this lab: the fault {name!r}; there are {', '.join(verbs)}")
        if self.core.node_object(node) is None and self.core.node(node).registration is None:
            raise StatusError("NotFound", f'nodes "{node}" not found')
        verbs[name](node)

    def workers(self, node: str) -> list[Worker]:
        """The workers of a node."""
        return [each for each in self.core.state.workers.values() if each.node == node]

    def stop(self, node: str) -> None:
        """The kubelet's process ends, and with it all that it remembers; containers go on."""
        if self.core.node(node).down:
            return
        for worker in self.workers(node):
            if worker.static:
                continue
            self._stop_probes(worker)
            for kind in TIMERS:
                self.core.world.kernel.cancel(f"kubelet.{kind}", worker.uid)
            for identity in worker.kills:
                self.core.world.kernel.cancel("kubelet.kill", identity)
            del self.core.state.workers[worker.uid]
        self.core.node(node).down = True
        self.core.forget_events(node)
        self.nodes.fall_silent(node)

    def _start(self, node: str) -> None:
        self.start(node)
        if self.core.node(node).down:
            raise StatusError("BadRequest", f"the kubelet of {node} ends as soon as it starts: {self._configure(node)}")

    def configure(self, node: str, text: str) -> None:
        """The kubelet's file is written, and the kubelet starts anew; StatusError when it would not start with it."""
        try:
            config.read(text)
        except ValueError as error:
            raise StatusError("BadRequest", f"the kubelet would not start: {error}") from None
        self.core.linux.write_file(f"node/{node}", config.PATH, text)
        self.stop(node)
        self.start(node)

    def _configure(self, node: str) -> str:
        """Read the machine's file; what is wrong with it ("": nothing)."""
        text = self.core.linux.read_file(f"node/{node}", config.PATH)
        try:
            found = config.read(text) if text is not None else None
        except ValueError as error:
            return str(error)
        self.core.node(node).config = None if found == config.Config() else found
        return "" if found is not None else f"failed to load kubelet config file: open {config.PATH}: no such file or directory"

    def start(self, node: str, *, rebooted: bool = False) -> None:
        """The kubelet starts, unless its configuration is wrong: it looks at the runtime and at the API server, and goes on from there."""
        state = self.core.node(node)
        if not state.down or self._configure(node):
            return
        state.down, state.shutting, state.started_ms = False, [], self.core.now
        state.pressures, state.pressure, state.evicting_until = [], Pressure(), self.core.now
        self.core.world.kernel.sooner(next_look(self.core.now), "kubelet.eviction", node)
        self.nodes.started(node, rebooted=rebooted)
        known = set()
        for pod in self._bound(node):
            known.add(pod["metadata"]["uid"])
            if not is_terminal(pod.get("status") or {}) or "deletionTimestamp" in pod["metadata"]:
                self._take(node, pod)
        for uid in self.core.containerd.pods(node):
            if uid not in known and uid not in self.core.state.workers:
                self._take_orphan(node, uid)

    def _bound(self, node: str) -> list[Obj]:
        """The node's Pods, as the API server has them; mirrors are but images."""
        return self.core.world.api.list(
            "pods", matching=lambda each: each["spec"].get("nodeName") == node and MIRROR not in (each["metadata"].get("annotations") or {})
        )

    def _take(self, node: str, pod: Obj) -> Worker:
        meta = pod["metadata"]
        worker = Worker(meta["uid"], node, meta["namespace"], meta["name"])
        self.core.state.workers[worker.uid] = worker
        self.pleg.refresh(worker)
        self.core.world.kernel.after(self.core.timing("boot"), "kubelet.notice", worker.uid)
        return worker

    def _take_orphan(self, node: str, uid: str) -> None:
        """Something runs of a Pod that is no more: enough is known of it to stop it."""
        sandbox = self.core.containerd.sandboxes(uid)[0]
        containers: list[Spec] = [{"name": each} for each in dict.fromkeys(each.name for each in self.core.containerd.containers(uid))]
        meta = {"name": sandbox.name, "namespace": sandbox.namespace, "uid": uid, "deletionTimestamp": self.core.world.stamp()}
        pod: Obj = {
            "metadata": meta,
            "spec": {"nodeName": node, "containers": containers, "terminationGracePeriodSeconds": 2},
            "status": {},
        }
        worker = self._take(node, pod)
        worker.pod, worker.admitted = pod, True

    def isolate(self, node: str) -> None:
        """The network link goes down: the kubelet goes on with what it knows."""
        state = self.core.node(node)
        if state.cut or state.down:
            return
        for worker in self.workers(node):
            worker.pod, worker.status = self.core.pod(worker), self.statuses.current(worker)
        state.cut = True
        self.core.network.isolate(node, cut=True)
        self.nodes.fall_silent(node)

    def heal(self, node: str) -> None:
        """The link is up again."""
        if self.core.node(node).cut:
            self.core.network.isolate(node, cut=False)
            self.core.world.kernel.after(self.core.timing("reconnect"), "kubelet.heal", node)

    def _send(self, node: str) -> None:
        """What could not be written is written; a second later the kubelet hears what it missed."""
        state = self.core.node(node)
        state.cut = False
        for worker in self.workers(node):
            if self.core.stored(worker) is not None:
                worker.pod = None
            self.statuses.flush(worker)
        waiting, state.unsent = state.unsent, []
        for about, event, path in waiting:
            self.core.tell(node, about, event, path)
        self.nodes.soon(node)
        self.core.world.kernel.after(self.core.timing("relist"), "kubelet.catch-up", node)

    def _catch_up(self, node: str) -> None:
        bound = self._bound(node)
        known = {each["metadata"]["uid"] for each in bound}
        for uid in self.core.containerd.pods(node):
            if uid not in known and uid not in self.core.state.workers:
                self.core.containerd.remove_pod(uid)
        for pod in bound:
            if pod["metadata"]["uid"] not in self.core.state.workers and not is_terminal(pod.get("status") or {}):
                self._take(node, pod)
        for worker in self.workers(node):
            self.core.world.kernel.after(0, "kubelet.notice", worker.uid)

    def power_off(self, node: str) -> None:
        """All processes of the node end at once."""
        self.stop(node)
        self.core.containerd.cut_power(node)
        self.core.network.power(node, off=True)
        for process in self.core.linux.processes.visible(f"node/{node}"):
            self.core.linux.kill(process.pid, "KILL")

    def power_on(self, node: str) -> None:
        """The machine boots; containerd and kubelet start. One that is shutting down does so once it is off."""
        state = self.core.node(node)
        state.reboots = bool(state.shutting) and not state.down
        if state.down:
            self.core.network.power(node, off=False)
            self.core.containerd.boot(node)
            self.start(node, rebooted=True)
