"""The kubelets of all nodes, wired: what they hear of the API server, and who does what.

Timers, by Pod uid: `kubelet.notice` (an API change has arrived), `kubelet.gone` (a Pod that the API server has no more is over).

Upstream: pkg/kubelet/kubelet.go (syncLoop, HandlePodAdditions, …Updates, …Removes). Left out: static Pods from files, the HTTP server.
"""

from __future__ import annotations

from podlab.sim.changes import Obj, ObjectChange
from podlab.sim.containerd.containerd import Containerd
from podlab.sim.kubelet.admission import Admission
from podlab.sim.kubelet.containers import Starter
from podlab.sim.kubelet.core import MIRROR, Core, ProbeNetwork
from podlab.sim.kubelet.eviction import EvictionManager
from podlab.sim.kubelet.faults import Faults
from podlab.sim.kubelet.hooks import Hooks
from podlab.sim.kubelet.killing import Killer
from podlab.sim.kubelet.messages import TerminationMessages
from podlab.sim.kubelet.node_status import NodeStatus
from podlab.sim.kubelet.oom_watcher import OomWatcher
from podlab.sim.kubelet.pod_workers import PodWorkers
from podlab.sim.kubelet.preemption import Preemption
from podlab.sim.kubelet.probe_worker import find_status
from podlab.sim.kubelet.prober import Prober
from podlab.sim.kubelet.shutdown import Shutdown
from podlab.sim.kubelet.state import Doom, KubeletState, Worker
from podlab.sim.kubelet.static_pods import StaticPods
from podlab.sim.kubelet.status_manager import StatusManager
from podlab.sim.kubelet.status_merge import is_terminal
from podlab.sim.kubelet.sync import PodSync
from podlab.sim.kubelet.volume_refresh import VolumeRefresh
from podlab.sim.linux.linux import Linux
from podlab.sim.world import World


class Kubelet:
    """One component for all nodes; what it knows is keyed by node and Pod uid."""

    def __init__(
        self, world: World, state: KubeletState, containerd: Containerd, linux: Linux, network: ProbeNetwork, *, eager: bool = False
    ) -> None:
        self.core = Core(world, state, containerd, linux, network)
        TerminationMessages(self.core)
        VolumeRefresh(self.core)
        OomWatcher(self.core)
        self.statuses = StatusManager(self.core)
        self.workers = PodWorkers(self.core)
        self.prober = Prober(self.core, self.statuses, self.workers.sync, eager=eager)
        hooks = Hooks(self.core)
        self.killer = Killer(self.core, self.workers, hooks)
        self.starter = Starter(self.core, self.workers, hooks, self.killer, self._restarts)
        self.syncer = PodSync(self.core, self.workers, self.statuses, self.prober, self.killer, self.starter)
        self.admission = Admission(self.core)
        self.nodes = NodeStatus(self.core)
        self.faults = Faults(self.core, self.statuses, self.nodes, self.workers.pleg, self.prober.stop)
        self.shutdown = Shutdown(self.core, self.nodes, self.faults, self.terminate)
        self.preemption = Preemption(self.core, self.terminate)
        self.eviction = EvictionManager(self.core, self.nodes, self.terminate)
        self.static = StaticPods(self.core, self.statuses, self.terminate)
        self.workers.syncer, self.workers.on_finished = self.syncer, self._finished
        world.kernel.handle("kubelet.notice", self._notice)
        world.kernel.handle("kubelet.gone", self._gone)
        world.subscribe("pods", self._pod_changed)

    # What is heard.

    def _pod_changed(self, change: ObjectChange) -> None:
        node = (change.new.get("spec") or {}).get("nodeName")
        if not node or not self.core.has_machine(node) or self.core.node(node).cut or self.core.node(node).down:
            return
        if MIRROR in (change.new["metadata"].get("annotations") or {}):
            self.static.mirror_changed(change, node)
            return
        worker = self.core.state.workers.get(change.uid)
        if change.type == "DELETED" and worker is not None:
            worker.pod = change.new
        if worker is None and change.type == "DELETED":
            self.core.world.kernel.after(self.core.timing("admit"), "kubelet.gone", change.uid)
            return
        if worker is None and is_terminal(change.new.get("status") or {}):
            return
        if change.type == "MODIFIED" and worker is not None and not self._matters(change.old or {}, change.new):
            return
        if worker is None and change.uid not in self.core.state.workers:
            meta = change.new["metadata"]
            self.core.state.workers[change.uid] = Worker(change.uid, node, meta["namespace"], meta["name"])
        self.core.world.kernel.sooner(self.core.now + self.core.timing("admit"), "kubelet.notice", change.uid)

    def _matters(self, old: Obj, new: Obj) -> bool:
        """Whether a change asks for a sync (SM-1): of anything but the status; of a readiness gate's condition."""
        if old.get("spec") != new.get("spec"):
            return True
        keys = ("labels", "annotations", "deletionTimestamp", "deletionGracePeriodSeconds", "finalizers")
        if any(old["metadata"].get(key) != new["metadata"].get(key) for key in keys):
            return True
        gates = [each["conditionType"] for each in new["spec"].get("readinessGates") or ()]
        return bool(gates) and self._gate_states(old, gates) != self._gate_states(new, gates)

    def _gate_states(self, pod: Obj, gates: list[str]) -> list[str]:
        return [each["status"] for each in (pod.get("status") or {}).get("conditions") or () if each["type"] in gates]

    def _notice(self, uid: str) -> None:
        worker = self.core.state.workers.get(uid)
        if worker is None or self.core.node(worker.node).down:
            return
        pod = worker.pod if worker.static else self.core.stored(worker)
        if pod is None:
            self._removed(worker)
        elif not worker.admitted:
            self._add(worker, pod)
        elif "deletionTimestamp" in pod["metadata"]:
            self.terminate(worker, pod["metadata"].get("deletionGracePeriodSeconds"))
        else:
            self.workers.sync(worker)

    def _add(self, worker: Worker, pod: Obj) -> None:
        """A new Pod: admit it or refuse it (PH-15)."""
        worker.admitted = True
        if "deletionTimestamp" in pod["metadata"]:
            self.terminate(worker, pod["metadata"].get("deletionGracePeriodSeconds"))
            return
        refusal = self.admission.refusal(worker, pod)
        if refusal is None:
            self.workers.sync(worker)
            return
        if refusal[0].startswith("OutOf") and self.preemption.makes_room(worker, pod, self.admission.lacking(worker, pod)):
            worker.admitted = False
            return
        reason, message = refusal
        self.core.event(worker, ("Warning", reason, message))
        self.core.because(worker, "PH-15", reason=reason)
        worker.stage = "finished"
        self.statuses.set(worker, {"phase": "Failed", "reason": reason, "message": f"Pod was rejected: {message}"})

    def _removed(self, worker: Worker) -> None:
        """The object is gone: forget the Pod, or stop what still runs of it (TD-10)."""
        if worker.stage == "finished":
            self.forget(worker)
        elif worker.stage == "syncing":
            self.terminate(worker, None)

    def terminate(self, worker: Worker, grace_s: int | None, doom: Doom | None = None) -> None:
        """Let a Pod end: because it is deleted, gone, evicted. A second call can only shorten what has not begun."""
        if worker.stage == "finished":
            self.statuses.flush(worker)
            return
        if worker.stage != "syncing":
            return
        seconds = grace_s if grace_s else self.core.pod(worker)["spec"].get("terminationGracePeriodSeconds", 30)
        worker.grace_s = max(int(seconds), 1)
        worker.doom, worker.stage = doom, "terminating"
        if doom is None:
            self.core.because(worker, "TD-7")
        self.workers.interrupt(worker)
        self.workers.sync(worker)

    # Ends.

    def _restarts(self, worker: Worker, name: str) -> int:
        """The count that the next instance of a container starts with (CS-7)."""
        newest = next((each for each in self.core.containerd.containers(worker.uid) if each.name == name), None)
        status = find_status(self.statuses.current(worker), name) or {}
        return newest.restarts + 1 if newest is not None else int(status.get("restartCount", 0))

    def _finished(self, worker: Worker) -> None:
        self.shutdown.finished(worker)
        self.preemption.finished(worker)
        if worker.static or self.core.stored(worker) is None:
            self.core.world.kernel.after(self.core.timing("status"), "kubelet.gone", worker.uid)

    def _gone(self, uid: str) -> None:
        worker = self.core.state.workers.get(uid)
        if worker is None:  # it was over before this kubelet started
            self.core.containerd.remove_pod(uid)
        elif worker.stage == "finished":
            self.forget(worker)

    def forget(self, worker: Worker) -> None:
        """Nothing of a Pod is left on its node."""
        self.core.containerd.remove_pod(worker.uid)
        for kind in ("sync", "step", "queue", "relist", "status", "deadline", "refresh"):
            self.core.world.kernel.cancel(f"kubelet.{kind}", worker.uid)
        self.core.state.workers.pop(worker.uid, None)
