"""The status manager: holds the newest status of each Pod and writes it, a moment later, to the API server.

Timer: `kubelet.status <pod uid>`.

Upstream: pkg/kubelet/status/status_manager.go. Left out: the 10 s resync of statuses that did not change.
"""

from __future__ import annotations

from podlab.sim.changes import Obj
from podlab.sim.errors import StatusError
from podlab.sim.kubelet.conditions import containers_ready, find, initialized, pod_ready
from podlab.sim.kubelet.core import Core
from podlab.sim.kubelet.specs import sidecars
from podlab.sim.kubelet.state import Worker
from podlab.sim.kubelet.status_merge import merge, transition_allowed, with_times


class StatusManager:
    """The statuses of all Pods of all kubelets."""

    def __init__(self, core: Core) -> None:
        self.core = core
        core.world.kernel.handle("kubelet.status", self._write)

    def current(self, worker: Worker) -> Obj:
        """The newest status of a Pod, written or not."""
        if worker.status is not None:
            return worker.status
        shown = (self.core.stored(worker) if worker.static else None) or self.core.pod(worker)
        return shown.get("status") or {}

    def set(self, worker: Worker, status: Obj) -> None:
        """Take a new status; it is written after the manager's delay, with whatever came until then."""
        pod, old = self.core.pod(worker), self.current(worker)
        if not transition_allowed(pod["spec"], old, status):
            return
        generation = pod["metadata"].get("generation", 1)
        new: Obj = {"observedGeneration": generation, **status}
        new["conditions"] = with_times(status.get("conditions") or [], old.get("conditions"), self.core.world.stamp(), generation)
        new["startTime"] = old.get("startTime") or self.core.world.stamp()
        if new != old:
            worker.status = new
            self.flush(worker)

    def flush(self, worker: Worker) -> None:
        """Write the newest status even if it did not change: what may be written did."""
        worker.unsent = True
        kernel = self.core.world.kernel
        kernel.sooner(self.core.now + self.core.timing("status"), "kubelet.status", worker.uid)

    def set_readiness(self, worker: Worker, container_id: str, ready: bool) -> None:
        """Change `ready` of a container at once, between two syncs (PR-9)."""
        self._set_flag(worker, container_id, "ready", ready)

    def set_started(self, worker: Worker, container_id: str, started: bool) -> None:
        """Change `started` of a container at once, between two syncs."""
        self._set_flag(worker, container_id, "started", started)

    def _set_flag(self, worker: Worker, container_id: str, flag: str, value: bool) -> None:
        status = self.current(worker)
        new, changed = dict(status), False
        for key in ("containerStatuses", "initContainerStatuses"):
            statuses = list(status.get(key) or ())
            for n, each in enumerate(statuses):
                if each.get("containerID") == f"containerd://{container_id}" and each.get(flag) != value:
                    statuses[n], changed = {**each, flag: value}, True
            if key in status:
                new[key] = statuses
        if changed:
            self.set(worker, {**new, "conditions": self._ready_conditions(worker, new)})

    def _ready_conditions(self, worker: Worker, status: Obj) -> list[Obj]:
        """Ready and ContainersReady anew (the shortcut between two syncs looks at the old list of conditions, CO-16)."""
        spec = self.core.pod(worker)["spec"]
        old = status.get("conditions") or []
        fresh = {"Ready": pod_ready(spec, status, old), "ContainersReady": containers_ready(spec, status)}
        if sidecars(spec) and find(old, "Initialized") is not None:
            fresh["Initialized"] = initialized(spec, status)
        return [fresh.get(each["type"], each) for each in old]

    def _write(self, uid: str) -> None:
        worker = self.core.state.workers.get(uid)
        if worker is None or not worker.unsent or self.core.node(worker.node).cut or self.core.node(worker.node).down:
            return
        pod = self.core.stored(worker)
        if pod is None:
            return
        worker.unsent = False
        new = self.current(worker)
        merged = merge(pod.get("status") or {}, new, could_run=worker.stage in ("syncing", "terminating"), now=self.core.world.stamp())
        try:
            if merged != pod.get("status"):
                cause = self.core.cause(worker, "SM-3")
                self.core.world.api.update(
                    "pods", {**pod, "status": merged}, by=f"kubelet/{worker.node}", subresource="status", cause=cause
                )
            if merged.get("phase") == new.get("phase"):
                worker.status = None
            self._delete_if_done(worker)
        except StatusError as error:
            if error.reason not in ("NotFound", "Conflict"):
                raise

    def _delete_if_done(self, worker: Worker) -> None:
        """TD-8: the object goes once all has stopped and its last status is written."""
        pod = self.core.stored(worker)
        if pod is None or worker.stage != "finished" or not (worker.static or "deletionTimestamp" in pod["metadata"]):
            return
        if pod["metadata"].get("deletionGracePeriodSeconds") == 0 and pod["metadata"].get("finalizers"):
            return
        cause = self.core.cause(worker, "TD-8")
        self.core.world.api.delete(
            "pods", worker.name, worker.namespace, by=f"kubelet/{worker.node}", cause=cause, grace=0, uid=pod["metadata"]["uid"]
        )
