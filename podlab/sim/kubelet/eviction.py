"""The eviction manager: looks every ten seconds, while there is something to look at, whether a node runs short.

Timer: `kubelet.eviction <node>`. Memory in use and files written wake it; a quiet node costs nothing.

What is looked for is what the kubelet's configuration says (`config.py`): hard and soft thresholds of memory, disk and process numbers.

Upstream: pkg/kubelet/eviction/eviction_manager.go. Left out: inodes, the image collection
of every five minutes (disks are large), memory notifications between two looks.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from podlab.sim.api.quantities import whole
from podlab.sim.changes import NodeSeen, Obj
from podlab.sim.kubelet import events
from podlab.sim.kubelet import eviction_policy as policy
from podlab.sim.kubelet.core import Core
from podlab.sim.kubelet.eviction_policy import PERIOD_MS, Candidate, Observation, Threshold
from podlab.sim.kubelet.node_status import NodeStatus
from podlab.sim.kubelet.specs import Spec, inits, regular
from podlab.sim.kubelet.state import Doom, Worker
from podlab.sim.kubelet.volumes import Volumes
from podlab.sim.linux.pids import PID_MAX

HARD_GRACE_S = 1
WORTH_TELLING = Fraction(3, 4)
"""With fewer process numbers left than this part of all, whoever looks at the node is told of more processes as they come."""
Terminate = Callable[[Worker, int, Doom], None]


class EvictionManager:
    """The eviction managers of all kubelets. `terminate(worker, grace, doom)` ends a Pod."""

    def __init__(self, core: Core, nodes: NodeStatus, terminate: Terminate) -> None:
        self.core = core
        self.nodes = nodes
        self.volumes = Volumes(core)
        self._terminate = terminate
        core.world.kernel.handle("kubelet.eviction", self._look)
        core.linux.on_touch(self._touched)
        core.linux.pids.on_made(self._made)

    def _touched(self, host: str) -> None:
        container = self.core.containerd.get(host.removeprefix("container/")) if host.startswith("container/") else None
        if container is not None:
            self._arm(container.node)
        elif host.startswith("node/"):
            self._arm(host.removeprefix("node/"))

    def _made(self, node: str) -> None:
        """A process more: that matters where there is a threshold, and from there on."""
        config, left = self.core.node(node).config, self._pids_left(node)
        limits = [each for each in config.thresholds if each.signal == "pid.available"] if config is not None else []
        met = limits and policy.met(limits, {"pid.available": left}, enforce_reclaim=False)
        if met or left.available < WORTH_TELLING * left.capacity:
            self._arm(node)

    def _pids_left(self, node: str) -> Observation:
        return Observation(Fraction(PID_MAX - self.core.linux.pids.of_node(node)), Fraction(PID_MAX))

    def _arm(self, node: str) -> None:
        self.core.world.kernel.sooner(policy.next_look(self.core.now), "kubelet.eviction", node)

    def _look(self, node: str) -> None:
        state, now = self.core.node(node), self.core.now
        if state.down:
            return
        self._tell(node)
        if self._over_local_limits(node) or now < state.evicting_until:
            self._arm(node)
            return
        observations = self._observe(node)
        thresholds = [each for each in self.core.config(node).thresholds if each.signal in observations]
        threshold = policy.look(state.pressure, thresholds, observations, now)
        self._set_conditions(node)
        if threshold is not None:
            self._reclaim(node, threshold, observations[threshold.signal])
        if state.pressure.last_met:
            self._arm(node)
        else:
            self._arm_for_memory(node)

    def _arm_for_memory(self, node: str) -> None:
        """Look again when growing programs will have used up so much memory that it matters."""
        capacity = Fraction(self._capacity(node, "memory"))
        kept = [policy.amount(each.value, capacity) for each in self.core.config(node).thresholds if each.signal == "memory.available"]
        if not kept:
            return
        memory = self.core.linux.memory
        at = memory.crosses(memory.on_node(node), int(capacity - max(kept)))
        if at is not None:
            self.core.world.kernel.sooner((max(at, self.core.now + 1) + PERIOD_MS - 1) // PERIOD_MS * PERIOD_MS, "kubelet.eviction", node)

    def _capacity(self, node: str, resource: str) -> int:
        return whole((((self.core.node_object(node) or {}).get("status") or {}).get("capacity") or {}).get(resource, 0))

    def _set_conditions(self, node: str) -> None:
        state = self.core.node(node)
        held = policy.still_held(state.pressure.last_met, self.core.config(node).transition_ms, self.core.now)
        state.pressure.last_met = {each: state.pressure.last_met[each] for each in held}
        if held != state.pressures:
            state.pressures = held
            self.nodes.soon(node)

    # What is told.

    def _tell(self, node: str) -> None:
        """Say what is on the disk and how many processes there are, if that has changed."""
        state, seen = self.core.node(node), self._seen(node)
        figures = [seen.disk, seen.disk_kept, seen.pids, seen.pids_kept]
        if figures != state.figures:
            state.figures, seen.n = figures, self.core.world.number()
            self.core.world.tell(seen)

    def seen(self) -> list[NodeSeen]:
        """What is on the disks of all machines that are up, and how many processes they have."""
        return [self._seen(each) for each, state in self.core.state.nodes.items() if not state.down and self.core.node_object(each)]

    def _seen(self, node: str) -> NodeSeen:
        found = self._observe(node)
        kept = dict.fromkeys(found, 0)
        for each in self.core.config(node).thresholds:
            if each.signal in found:
                kept[each.signal] = max(kept[each.signal], int(policy.amount(each.value, found[each.signal].capacity)))
        disk, pids = found.get("nodefs.available", Observation(Fraction(0), Fraction(0))), found["pid.available"]
        disk_kept = kept.get("nodefs.available", 0)
        return NodeSeen(
            self.core.now,
            0,
            node,
            int(disk.capacity - disk.available),
            disk_kept,
            int(pids.capacity - pids.available),
            int(pids.capacity),
            kept["pid.available"],
        )

    # What is used.

    def _pods(self, node: str) -> list[Worker]:
        return [each for each in self.core.state.workers.values() if each.node == node and each.stage == "syncing" and each.admitted]

    def _observe(self, node: str) -> dict[str, Observation]:
        memory, disk = self._capacity(node, "memory"), self._capacity(node, "ephemeral-storage")
        used = sum(sum(self.memory(each).values()) for each in self._pods(node)) + self.core.linux.memory.of_node(node)
        written = sum(sum(self.storage(each).values()) for each in self._pods(node)) + self.core.linux.disk_of_node(node)
        written += sum(self.core.containerd.images(node).values())
        seen = {"memory.available": Observation(Fraction(memory - used), Fraction(memory)), "pid.available": self._pids_left(node)}
        if disk:  # one file system holds images, containers and logs
            left = Observation(Fraction(disk - written), Fraction(disk))
            seen |= {"nodefs.available": left, "imagefs.available": left}
        return seen

    def _containers(self, worker: Worker) -> list[tuple[str, str]]:
        return [(each.name, f"container/{each.id}") for each in self.core.containerd.containers(worker.uid) if each.state == "running"]

    def memory(self, worker: Worker) -> dict[str, int]:
        """Container → bytes of memory in use."""
        return {name: self.core.linux.memory.of_host(host) for name, host in self._containers(worker)}

    def pids(self, worker: Worker) -> dict[str, int]:
        """Container → processes."""
        return {name: self.core.linux.pids.of_host(host) for name, host in self._containers(worker)}

    def storage(self, worker: Worker) -> dict[str, int]:
        """Container → bytes written over its image; the Pod's own volumes count under `""`."""
        used = {name: self.core.linux.usage(host) for name, host in self._containers(worker)}
        volumes = (self.core.pod(worker)["spec"].get("volumes")) or ()
        used[""] = sum(
            self.core.linux.volume_usage(self.volumes.name_of(worker, each))
            for each in volumes
            if "emptyDir" in each and each["emptyDir"].get("medium") != "Memory"
        )
        return used

    # Who goes.

    def _reclaim(self, node: str, threshold: Threshold, seen: Observation) -> None:
        """Unused images go first (E6); if that does not suffice, the first of the ranking; one a look (E8)."""
        resource = policy.SIGNALS[threshold.signal][1]
        self.core.node_event(node, events.warning("EvictionThresholdMet", f"Attempting to reclaim {resource}"))
        if resource == "ephemeral-storage":
            self.core.containerd.drop_unused_images(node)
            if not policy.met([threshold], self._observe(node), enforce_reclaim=True):
                return
        usage = {"memory": self.memory, "pids": self.pids}.get(resource, self.storage)
        workers = {each.uid: each for each in self._pods(node)}
        candidates = [Candidate(uid, self.core.allocated(each), usage(each)) for uid, each in workers.items()]
        ranking = policy.rank(candidates, resource)
        for candidate in ranking:
            if not policy.is_critical(candidate.pod):
                self._evict_first(workers[candidate.name], candidate, ranking, threshold, seen)
                return

    def _evict_first(self, worker: Worker, candidate: Candidate, ranking: list[Candidate], threshold: Threshold, seen: Observation) -> None:
        """The first of the ranking that may go goes: at once, or (a soft threshold) within the grace that the configuration allows."""
        resource = policy.SIGNALS[threshold.signal][1]
        own = int(self.core.pod(worker)["spec"].get("terminationGracePeriodSeconds", 30))
        grace_s = max(HARD_GRACE_S, policy.grace_seconds(threshold, self.core.config(worker.node).longest_s, own))
        self.evict(
            worker,
            policy.verdict(threshold, seen, candidate),
            grace_s,
            rule="E7",
            used=candidate.used(),
            requested=candidate.requested(resource),
            resource=resource,
            signal=threshold.signal,
            soft_s=threshold.grace_ms // 1000,
            granted_s=grace_s,
            threshold=policy.said(threshold.value, seen.capacity),
            available=policy.left(seen.available, resource),
            ranking=policy.arithmetic(ranking, resource),
        )

    def evict(self, worker: Worker, text: str, grace_s: int = HARD_GRACE_S, *, rule: str, **args: str | int) -> None:
        """End a Pod for good, with what is said of it."""
        self.core.event(worker, events.evicted(text))
        self.core.because(worker, rule, **args)
        self.core.node(worker.node).evicting_until = self.core.now + PERIOD_MS
        self._terminate(worker, grace_s, Doom("Evicted", text, "" if rule == "E12" else text))

    # Limits of local storage (E12).

    def _over_local_limits(self, node: str) -> bool:
        found = False
        for worker in self._pods(node):
            text = self._over_limit(worker)
            if text:
                self.evict(worker, text, rule="E12")
                found = True
        return found

    def _over_limit(self, worker: Worker) -> str:
        pod = self.core.pod(worker)
        for volume in pod["spec"].get("volumes") or ():
            empty = volume.get("emptyDir") or {}
            limit = empty.get("sizeLimit") if empty.get("medium") != "Memory" else None
            if limit and self.core.linux.volume_usage(self.volumes.name_of(worker, volume)) > whole(limit):
                return f'Usage of EmptyDir volume "{volume["name"]}" exceeds the limit "{limit}". '
        used = self.storage(worker)
        containers = [*regular(pod["spec"]), *inits(pod["spec"])]
        limits = {each["name"]: _storage_limit(each) for each in containers}
        total = sum(whole(limit) for limit in limits.values() if limit)
        if total and all(limits[each["name"]] for each in regular(pod["spec"])) and sum(used.values()) > total:
            return f"Pod ephemeral local storage usage exceeds the total limit of containers {policy.quantity(total)}. "
        for name, limit in limits.items():
            if limit and used.get(name, 0) > whole(limit):
                return f'Container {name} exceeded its local ephemeral storage limit "{limit}". '
        return ""


def _storage_limit(container: Spec) -> str:
    limits: Obj = (container.get("resources") or {}).get("limits") or {}
    return str(limits.get("ephemeral-storage") or "")
