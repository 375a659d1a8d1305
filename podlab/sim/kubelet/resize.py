"""In-place resize: what the kubelet has admitted of a Pod's resources, and what is in force.

Upstream: pkg/kubelet/allocation/allocation_manager.go, pkg/kubelet/kuberuntime (doPodResizeAction). Left out: retries of deferred resizes
by time (they are tried again whenever the Pod is synced), pod-level resources, swap.
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
    """The allocations of all kubelets. `unfit` is the admission's own check."""

    def __init__(self, core: Core, unfit: Unfit) -> None:
        self.core = core
        self._unfit = unfit

    def admit(self, worker: Worker) -> None:
        """Take note of what the Pod asks for: at first as it is, later if it fits (CO-17)."""
        spec = self.core.pod(worker)["spec"]
        wanted = {each["name"]: resources_of(each) for each in resizable(spec)}
        if not worker.allocated:
            worker.allocated = wanted
            worker.actual = dict(wanted)
            return
        if wanted == worker.allocated:
            worker.resize = worker.resize if worker.resize is not None and not worker.resize.pending else None
            return
        refusal = self._refusal(worker)
        generation = self.core.pod(worker)["metadata"].get("generation", 1)
        if refusal is not None:
            self._defer(worker, wanted, generation, *refusal)
            return
        worker.allocated = wanted
        worker.resize = Resize(generation)
        self.core.because(worker, "MU-2", generation=generation)
        self.core.event(worker, events.normal("ResizeStarted", f"Pod resize started: {self._text(spec, wanted, generation)}"))

    def _refusal(self, worker: Worker) -> tuple[str, str] | None:
        node = self.core.node_object(worker.node)
        others = [
            self.core.pod(each)
            for each in self.core.state.workers.values()
            if each.node == worker.node and each.admitted and each.uid != worker.uid and each.stage in ("syncing", "terminating")
        ]
        return None if node is None else self._unfit({**self.core.pod(worker), "status": {}}, node, others)

    def _defer(self, worker: Worker, wanted: dict[str, Obj], generation: int, reason: str, message: str) -> None:
        known = worker.resize is not None and worker.resize.pending == message and worker.resize.generation == generation
        worker.resize = Resize(generation, message)
        if not known:
            text = json.loads(self._text(self.core.pod(worker)["spec"], wanted, generation)) | {"error": message}
            self.core.event(worker, events.warning("ResizeDeferred", f"Pod resize {reason}: {_compact(text)}"))

    def _text(self, spec: Obj, wanted: dict[str, Obj], generation: int) -> str:
        told: Obj = {}
        for key, containers in (("initContainers", [each for each in inits(spec) if is_sidecar(each)]), ("containers", regular(spec))):
            listed = [{"name": each["name"], "resources": wanted[each["name"]]} for each in containers if wanted[each["name"]]]
            if listed:
                told[key] = listed
        return _compact({**told, "generation": generation})

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
        for container in self.core.containerd.containers(worker.uid):
            if container.state == "running" and self._changed(worker, container.name):
                limit = ((worker.allocated[container.name].get("limits")) or {}).get("memory", 0)
                self.core.linux.state.hosts[f"container/{container.id}"].memory_limit = whole(limit)
        worker.actual = dict(worker.allocated)
        generation, worker.resize = worker.resize.generation, None
        text = self._text(self.core.pod(worker)["spec"], worker.allocated, generation)
        self.core.event(worker, events.normal("ResizeCompleted", f"Pod resize completed: {text}"))
        return True

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
        return [condition("PodResizeInProgress", True)]


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


def _compact(value: Obj) -> str:
    return json.dumps(value, separators=(",", ":"))
