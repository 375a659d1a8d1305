"""One sync of a Pod: first its status is written from what is known, then what is missing is done.

Steps (besides the Starter's): `mount`, `actions`, `killpod`, `kill NAME MESSAGE REASON`, `await` (kills), `stopped`, `remove NAME`, `removed`,
`sandbox N`, `up N`, `ended`, `unmount`, `unmounted`.

Upstream: pkg/kubelet/kubelet.go (SyncPod, SyncTerminatingPod, SyncTerminatedPod), pkg/kubelet/kuberuntime (SyncPod). Left out: in-place resize.
"""

from __future__ import annotations

from podlab.sim.changes import Obj
from podlab.sim.containerd.types import Sandbox
from podlab.sim.kubelet import events
from podlab.sim.kubelet.admission import Admission, unfit
from podlab.sim.kubelet.containers import Starter
from podlab.sim.kubelet.core import Core
from podlab.sim.kubelet.deadline import Deadlines, deadline_ms
from podlab.sim.kubelet.killing import Killer
from podlab.sim.kubelet.pod_actions import Actions, KillAction, compute
from podlab.sim.kubelet.pod_workers import PodWorkers
from podlab.sim.kubelet.prober import Prober
from podlab.sim.kubelet.resize import Resizes
from podlab.sim.kubelet.specs import ephemeral, inits, regular
from podlab.sim.kubelet.state import Doom, Worker
from podlab.sim.kubelet.status import Known, container_statuses, with_addresses, with_conditions, with_phase
from podlab.sim.kubelet.status_manager import StatusManager
from podlab.sim.kubelet.status_merge import is_terminal
from podlab.sim.kubelet.termination import is_initialised, terminated_status
from podlab.sim.kubelet.volumes import MountError, Volumes

FIRST_RETRY_MS = 500
LONGEST_RETRY_MS = 122_000
MOUNT_TIMEOUT_MS = 123_000


class PodSync:
    """What the workers run."""

    def __init__(self, core: Core, workers: PodWorkers, statuses: StatusManager, prober: Prober, killer: Killer, starter: Starter) -> None:
        self.core = core
        self.workers = workers
        self.statuses = statuses
        self.prober = prober
        self.killer = killer
        self.starter = starter
        self.volumes = Volumes(core)
        self.deadlines = Deadlines(core, workers)
        self.resizes = Resizes(core, unfit, Admission(core).beside)

    # Stages.

    def begin(self, worker: Worker) -> None:
        """Write the status, then note what to do."""
        {"syncing": self._sync, "terminating": self._terminate, "terminated": self._clean_up}[worker.stage](worker)

    def _sync(self, worker: Worker) -> None:
        if self.resizes.admit(worker):
            self._retry_resizes(worker.node)
        if worker.seen:
            self.prober.add_pod(worker)
        status = self.generate(worker)
        self.statuses.set(worker, status)
        self.deadlines.arm(worker, self.statuses.current(worker))
        if is_terminal(status):
            by_itself = status.get("reason") != events.DEADLINE[1]
            self.workers.transition(worker, "terminating", within_ms=1 if by_itself else 0)
        else:
            worker.steps = [["mount"], ["actions"]]

    def _retry_resizes(self, node: str) -> None:
        """There may be room now for what waits (CO-17)."""
        for each in self.resizes.deferred(node):
            if self.resizes.admit(each):
                self.workers.sync(each)

    def _terminate(self, worker: Worker) -> None:
        pod = self.core.pod(worker)
        worker.initialised = is_initialised(pod["spec"], pod.get("status") or {})
        self.statuses.set(worker, self.generate(worker))
        self.prober.stop(worker, ("liveness", "startup"))
        self.killer.kill_pod(worker, grace_s=worker.grace_s if worker.grace_s >= 0 else None)
        worker.steps = [["await"], ["stopped"], ["ended"]]

    def _clean_up(self, worker: Worker) -> None:
        self.statuses.set(worker, self.generate(worker, terminal=True))
        worker.steps = [["unmount"], ["unmounted"]]

    def generate(self, worker: Worker, *, terminal: bool = False) -> Obj:
        """The status as of the last look at the runtime (SM-3)."""
        pod, runtime = self.core.pod(worker), self.core.seen(worker)
        doom, keep = worker.doom, False
        limit = deadline_ms(self.core.world, pod, self.statuses.current(worker))
        if limit is not None and self.core.now >= limit:
            doom, keep = Doom(*events.DEADLINE[1:]), True
            self.core.event(worker, events.DEADLINE)
            self.core.because(worker, "PH-16", deadline=pod["spec"]["activeDeadlineSeconds"])
        worker.address = next((each.address for each in runtime.sandboxes if each.ready), worker.address)
        known = Known(
            self.statuses.current(worker),
            worker.reasons,
            terminal,
            worker.restarting_all,
            doom,
            keep,
            self.core.host_ip(worker.node),
            worker.address,
            bool(worker.static),
        )
        status = container_statuses(self.core.world, pod, runtime, known)
        status = with_phase(pod, status, runtime, known)
        self.prober.set_flags(worker, status)
        status = self.resizes.with_resources(worker, with_conditions(pod, status, runtime, known))
        status["conditions"] = self.resizes.conditions(worker) + status["conditions"]
        return with_addresses(pod, status, runtime, known)

    def unsettled(self, worker: Worker) -> bool:
        """Whether a sync in a minute may find something to do: a readiness probe to poke, a container to start."""
        if worker.stage != "syncing":
            return False
        statuses = [each for key in ("containerStatuses", "initContainerStatuses") for each in self.statuses.current(worker).get(key) or ()]
        return any(
            "running" in (each.get("state") or {}) and not each.get("ready") and f"readiness {each['name']}" in worker.probes
            for each in statuses
        )

    # Steps.

    def step(self, worker: Worker, step: list[str]) -> bool:
        """Carry out one step; False: it waits."""
        own = getattr(self, f"_{step[0]}_step", None)
        return bool(own(worker, step)) if own is not None else self.starter.step(worker, step)

    def _mount_step(self, worker: Worker, _: list[str]) -> bool:
        if worker.mounted:
            return True
        worker.mount_since = self.core.now if worker.mount_since < 0 else worker.mount_since
        try:
            self.volumes.mount(worker)
        except MountError as error:
            return self._not_mounted(worker, error)
        worker.mounted, worker.mount_since = True, -1
        return True

    def _not_mounted(self, worker: Worker, error: MountError) -> bool:
        if self.core.now - worker.mount_since >= MOUNT_TIMEOUT_MS:
            text = f"Unable to attach or mount volumes: unmounted volumes=[{error.volume}], unattached volumes=[], failed to process volumes=[]: context deadline exceeded"
            self.core.event(worker, events.failed_mount(text))
            worker.steps, worker.error, worker.mount_since = [], "mount", -1
            return True
        self.core.event(worker, events.failed_mount(str(error)))
        delay = min(FIRST_RETRY_MS << min(worker.mount_tries, 8), LONGEST_RETRY_MS)
        worker.mount_tries += 1
        worker.steps.insert(0, ["mount"])
        self.workers.wait(worker, delay)
        return False

    def _pull_secrets(self, worker: Worker, pod: Obj) -> None:
        """Tell which pull secrets are not there; the pull is tried all the same."""
        wanted = [each["name"] for each in pod["spec"].get("imagePullSecrets") or () if each.get("name")]
        missing = [name for name in wanted if self.core.world.api.find("secrets", name, pod["metadata"]["namespace"]) is None]
        if missing:
            self.core.event(worker, events.no_pull_secrets(missing))

    def _actions_step(self, worker: Worker, _: list[str]) -> bool:
        self.prober.add_pod(worker)
        pod, runtime = self.core.pod(worker), self.core.seen(worker)
        self._pull_secrets(worker, pod)
        actions = compute(pod, runtime, self.prober.results(worker))
        worker.restarting_all = worker.restarting_all and bool(actions.remove_all)
        restarts = self.resizes.restarts(worker)
        actions.kills += [KillAction(name, events.resize_needs_restart(name)) for name in restarts]
        worker.steps = self._kills(worker, actions) + [["resize"]] + self._starts(pod, actions) + [["start", name] for name in restarts]
        return True

    def _kills(self, worker: Worker, actions: Actions) -> list[list[str]]:
        if actions.remove_all:
            return [["remove", actions.remove_all]]
        if actions.kill_pod:
            existing = [["killpod"], ["await"], ["stopped"]] if self.core.containerd.sandboxes(worker.uid) else []
            return [*existing, ["sandbox", str(actions.attempt)]] if actions.create_sandbox else existing
        return [["kill", each.name, each.message, each.reason] for each in actions.kills] + [["await"]]

    def _starts(self, pod: Obj, actions: Actions) -> list[list[str]]:
        if actions.kill_pod and not actions.create_sandbox:
            return []
        spec = pod["spec"]
        names = (
            [ephemeral(spec)[n]["name"] for n in actions.ephemerals]
            + [inits(spec)[n]["name"] for n in actions.inits]
            + [regular(spec)[n]["name"] for n in actions.containers]
        )
        return [["start", name] for name in names]

    def _resize_step(self, worker: Worker, _: list[str]) -> bool:
        if self.resizes.actuate(worker):
            worker.acted = worker.again = True
        return True

    def _killpod_step(self, worker: Worker, _: list[str]) -> bool:
        if any(each.ready is False for each in self.core.containerd.sandboxes(worker.uid)[:1]):
            self.core.event(worker, events.SANDBOX_CHANGED)
        self.killer.kill_pod(worker)
        worker.acted = True
        return True

    def _remove_step(self, worker: Worker, step: list[str]) -> bool:
        """RestartAllContainers: all others are killed at once (RB-23)."""
        worker.restarting_all = worker.acted = True
        self.core.because(worker, "RB-23", container=step[1])
        self.killer.kill_pod(worker, message="killing", grace_s=0)
        worker.steps = [["await"], ["removed"]]
        return True

    def _removed_step(self, worker: Worker, _: list[str]) -> bool:
        for container in self.core.containerd.containers(worker.uid):
            self.core.containerd.remove(container)
        return True

    def _kill_step(self, worker: Worker, step: list[str]) -> bool:
        container = next((each for each in self.core.containerd.containers(worker.uid) if each.name == step[1]), None)
        if container is not None and container.state == "running":
            self.core.because(worker, "RB-5", container=step[1], why=step[2])
            self.killer.kill(worker, container, step[2], reason=step[3])
            worker.acted = True
        return True

    def _await_step(self, worker: Worker, _: list[str]) -> bool:
        if not worker.kills:
            return True
        worker.steps.insert(0, ["await"])
        return False

    def _stopped_step(self, worker: Worker, _: list[str]) -> bool:
        """The sandbox is stopped."""
        ready = [each for each in self.core.containerd.sandboxes(worker.uid) if each.ready]
        for sandbox in ready:
            self.core.containerd.stop_sandbox(sandbox)
        if not ready:
            return True
        self.workers.wait(worker, self.core.timing("stop"))
        return False

    def _sandbox_step(self, worker: Worker, step: list[str]) -> bool:
        worker.steps.insert(0, ["up", step[1]])
        self.workers.wait(worker, self.core.timing("sandbox"))
        return False

    def _up_step(self, worker: Worker, step: list[str]) -> bool:
        """The sandbox is up: told at once, before images are pulled (CO-5)."""
        pod = self.core.pod(worker)
        hostname = worker.node if pod["spec"].get("hostNetwork") else pod["spec"].get("hostname") or pod["metadata"]["name"]
        wanted = Sandbox("", worker.uid, worker.node, int(step[1]), host_network=bool(pod["spec"].get("hostNetwork")), hostname=hostname)
        wanted.namespace, wanted.name = worker.namespace, worker.name
        self.core.containerd.run_sandbox(wanted)
        worker.acted = True
        status = dict(self.statuses.current(worker))
        status["conditions"] = [
            {**each, "status": "True"} if each["type"] == "PodReadyToStartContainers" else each for each in status.get("conditions") or ()
        ]
        self.core.because(worker, "CO-5", attempt=int(step[1]))
        self.statuses.set(worker, status)
        return True

    def _ended_step(self, worker: Worker, _: list[str]) -> bool:
        """Nothing runs any more."""
        self.prober.stop(worker)
        self.workers.pleg.refresh(worker)
        self.workers.transition(worker, "terminated")
        self._retry_resizes(worker.node)
        self.core.because(worker, "TD-7")
        self.statuses.set(worker, self.generate(worker, terminal=True))
        self.statuses.flush(worker)
        return True

    def _unmount_step(self, worker: Worker, _: list[str]) -> bool:
        self.workers.wait(worker, self.core.timing("unmount"))
        return False

    def _unmounted_step(self, worker: Worker, _: list[str]) -> bool:
        self.volumes.drop(worker, self.core.pod(worker))
        worker.stage = "finished"
        self.statuses.set(
            worker, terminated_status(self.statuses.current(worker), initialised=worker.initialised, static=bool(worker.static))
        )
        self.statuses.flush(worker)
        self.workers.on_finished(worker)
        return True
