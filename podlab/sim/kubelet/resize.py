"""In-place resize: what the kubelet has admitted of a Pod's resources, and what is in force.

Upstream: pkg/kubelet/allocation/allocation_manager.go, pkg/kubelet/kuberuntime (doPodResizeAction). Left out: retries of deferred resizes
by time (nothing but other Pods makes room here), pod-level resources, swap.
"""

from __future__ import annotations

import json
from collections.abc import Callable

from podlab.sim.api.quantities import parse, render, whole
from podlab.sim.changes import Obj
from podlab.sim.kubelet import events
from podlab.sim.kubelet.conditions import condition
from podlab.sim.kubelet.core import Core
from podlab.sim.kubelet.specs import Spec, inits, is_sidecar, regular
from podlab.sim.kubelet.state import Resize, Worker

Unfit = Callable[[Obj, Obj, list[Obj]], tuple[str, str] | None]


def resources_of(container: Spec) -> Obj:
    """The cpu and memory that a container may be resized in."""
    held = container.get("resources") or {}
    kept = {
        key: {name: value for name, value in (held.get(key) or {}).items() if name in ("cpu", "memory")} for key in ("limits", "requests")
    }
    return {key: value for key, value in kept.items() if value}


def resizable(spec: Obj) -> list[Spec]:
    """The containers that may be resized."""
    return [*inits(spec), *regular(spec)]


class Resizes:
    """The allocations of all kubelets. `unfit` is the admission's own check, `beside` what else a node has taken."""

    def __init__(self, core: Core, unfit: Unfit, beside: Callable[[Worker], list[Obj]]) -> None:
        self.core = core
        self._unfit = unfit
        self._beside = beside

    def admit(self, worker: Worker) -> bool:
        """Take note of what the Pod asks for: at first as it is, later if it fits (CO-17). Whether what it holds has changed."""
        spec = self.core.pod(worker)["spec"]
        wanted = {each["name"]: resources_of(each) for each in resizable(spec)}
        if not worker.allocated:
            worker.allocated = wanted
            worker.actual = dict(wanted)
            return False
        if wanted == worker.allocated:
            worker.resize = worker.resize if worker.resize is not None and not worker.resize.pending else None
            return False
        refusal = self._refusal(worker)
        generation = self.core.pod(worker)["metadata"].get("generation", 1)
        if refusal is not None:
            self._defer(worker, generation, *refusal)
            return False
        worker.allocated = wanted
        worker.resize = Resize(generation)
        self.core.because(worker, "MU-2", generation=generation)
        self.core.event(worker, events.normal("ResizeStarted", f"Pod resize started: {_text(spec, generation)}"))
        return True

    def deferred(self, node: str) -> list[Worker]:
        """The Pods of a node whose resize waits, as they get their turn: by priority, by class, the longest wait first."""
        here = [each for each in self.core.state.workers.values() if each.node == node and each.stage == "syncing"]
        return sorted((each for each in here if each.resize is not None and each.resize.pending), key=self._turn)

    def _turn(self, worker: Worker) -> tuple[int, bool, int]:
        pod = self.core.pod(worker)
        guaranteed = (pod.get("status") or {}).get("qosClass") == "Guaranteed"
        return -pod["spec"].get("priority", 0), not guaranteed, worker.resize.since_ms if worker.resize else 0

    def _refusal(self, worker: Worker) -> tuple[str, str] | None:
        node = self.core.node_object(worker.node)
        return None if node is None else self._unfit({**self.core.pod(worker), "status": {}}, node, self._beside(worker))

    def _defer(self, worker: Worker, generation: int, reason: str, message: str) -> None:
        before = worker.resize if worker.resize is not None and worker.resize.pending else None
        worker.resize = Resize(generation, message, since_ms=before.since_ms if before else self.core.now)
        if before is None or (before.pending, before.generation) != (message, generation):
            text = _text(self.core.pod(worker)["spec"], generation, message)
            self.core.event(worker, events.warning("ResizeDeferred", f"Pod resize {reason}: {text}"))

    def restarts(self, worker: Worker) -> list[str]:
        """The containers that must be started anew for their resize."""
        return [
            each["name"]
            for each in resizable(self.core.pod(worker)["spec"])
            if self._changed(worker, each["name"])
            and _wants_restart(each, worker.actual.get(each["name"]) or {}, worker.allocated[each["name"]])
        ]

    def _changed(self, worker: Worker, name: str) -> bool:
        return worker.actual.get(name) != worker.allocated.get(name)

    def actuate(self, worker: Worker) -> bool:
        """Bring the running containers' limits to what was admitted; whether anything was done."""
        if worker.resize is None or worker.resize.pending:
            return False
        error, spec = self._too_small(worker), self.core.pod(worker)["spec"]
        if error:
            return self._failed(worker, worker.resize, error)
        for container in self.core.containerd.containers(worker.uid):
            if container.state == "running" and self._changed(worker, container.name):
                self.core.linux.state.hosts[f"container/{container.id}"].memory_limit = _limit(worker.allocated[container.name])
        worker.actual = dict(worker.allocated)
        generation, worker.resize = worker.resize.generation, None
        self.core.event(worker, events.normal("ResizeCompleted", f"Pod resize completed: {_text(spec, generation)}"))
        return True

    def _failed(self, worker: Worker, resize: Resize, error: str) -> bool:
        """It is tried again with the next syncs; the condition tells why, from the next one on."""
        worker.error = worker.error or "resize"
        if resize.error != error:
            text = _text(self.core.pod(worker)["spec"], resize.generation, error)
            self.core.event(worker, events.warning("ResizeError", f"Pod resize error: {text}"))
        resize.error = error
        return False

    def _too_small(self, worker: Worker) -> str:
        """Why memory limits cannot be set: more is in use. A container's line names what the whole Pod uses, as v1.36 does."""
        used = {
            each.name: self.core.linux.memory.of_host(f"container/{each.id}")
            for each in self.core.containerd.containers(worker.uid)
            if each.state == "running"
        }
        in_all = sum(used.values())
        whole_pod = self._pod_limit(worker, worker.allocated)
        wrong = []
        if 0 < whole_pod < self._pod_limit(worker, worker.actual) and in_all >= whole_pod:
            wrong.append(f"attempting to set pod memory limit ({whole_pod}) below current usage ({in_all})")
        for name, bytes_ in used.items():
            limit = _limit(worker.allocated.get(name) or {})
            if 0 < limit < _limit(worker.actual.get(name) or {}) and bytes_ >= limit:
                wrong.append(f'attempting to set container "{name}" memory limit ({limit}) below current usage ({in_all})')
        told = f"[{', '.join(wrong)}]" if len(wrong) > 1 else "".join(wrong)
        return f"cannot decrease memory limits: {told}" if told else ""

    def _pod_limit(self, worker: Worker, held: dict[str, Obj]) -> int:
        """The memory limit of the Pod's own cgroup: it has one if each of its containers has (0: none)."""
        spec = self.core.pod(worker)["spec"]
        limits = {each["name"]: _limit(held.get(each["name"]) or {}) for each in resizable(spec)}
        if not all(limits.values()):
            return 0
        staying = [each for each in inits(spec) if is_sidecar(each)] + list(regular(spec))
        return max([sum(limits[each["name"]] for each in staying), *limits.values()])

    def with_resources(self, worker: Worker, status: Obj) -> Obj:
        """The status with what is allocated and in force (CS-18)."""
        new = dict(status)
        for key in ("containerStatuses", "initContainerStatuses"):
            if key in status:
                new[key] = [self._container(worker, each) for each in status[key]]
        each = [worker.allocated.get(container["name"], {}) for container in regular(self.core.pod(worker)["spec"])]
        totals = {part: _total([one.get(part) or {} for one in each]) for part in ("limits", "requests")}
        new["resources"] = {part: total for part, total in totals.items() if total}
        return {**new, "allocatedResources": totals["requests"]} if totals["requests"] else new

    def _container(self, worker: Worker, status: Obj) -> Obj:
        if "resources" not in status:
            return status
        allocated, actual = worker.allocated.get(status["name"]) or {}, worker.actual.get(status["name"]) or {}
        new = {**status, "resources": {**status["resources"], **actual}}
        return (
            {**new, "allocatedResources": {**(status.get("allocatedResources") or {}), **allocated["requests"]}}
            if allocated.get("requests")
            else new
        )

    def conditions(self, worker: Worker) -> list[Obj]:
        """PodResizePending or PodResizeInProgress, while there is one."""
        if worker.resize is None:
            return []
        if worker.resize.pending:
            return [condition("PodResizePending", True, "Deferred", worker.resize.pending)]
        if worker.resize.error:
            return [condition("PodResizeInProgress", True, "Error", worker.resize.error)]
        return [condition("PodResizeInProgress", True)]


def _limit(held: Obj) -> int:
    return whole((held.get("limits") or {}).get("memory", 0))


def _text(spec: Obj, generation: int, error: str = "") -> str:
    """What an Event tells: every container with all that it asks for."""
    told: Obj = {}
    for key, containers in (("initContainers", inits(spec)), ("containers", regular(spec))):
        if containers:
            told[key] = [{"name": each["name"], "resources": _sorted(each.get("resources") or {})} for each in containers]
    return json.dumps({**told, "generation": generation} | ({"error": error} if error else {}), separators=(",", ":"))


def _sorted(resources: Obj) -> Obj:
    return {key: dict(sorted(resources[key].items())) for key in ("limits", "requests") if resources.get(key)}


def _wants_restart(container: Spec, old: Obj, new: Obj) -> bool:
    policies = {each["resourceName"]: each["restartPolicy"] for each in container.get("resizePolicy") or ()}
    changed = [
        name
        for name in ("cpu", "memory")
        if any((old.get(key) or {}).get(name) != (new.get(key) or {}).get(name) for key in ("limits", "requests"))
    ]
    return any(policies.get(name) == "RestartContainer" for name in changed)


def _total(listed: list[Obj]) -> Obj:
    out: Obj = {}
    for name in ("cpu", "memory"):
        values = [each[name] for each in listed if name in each]
        if values:
            out[name] = (
                values[0]
                if len(values) == 1
                else render(sum((parse(each) for each in values), start=parse("0")), "binary" if name == "memory" else "decimal")
            )
    return out
