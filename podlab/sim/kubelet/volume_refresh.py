"""ConfigMaps and Secrets that change while a Pod mounts them: its files follow at the Pod's next resync, a minute after its last sync.

Timer: `kubelet.refresh <pod uid>`. Environment variables and `subPath` mounts never follow.

Upstream: pkg/kubelet/volumemanager (remounts at each sync), pkg/kubelet/util/manager (watch based). Left out: immutable ones being unwatched.
"""

from __future__ import annotations

from collections.abc import Iterator

from podlab.sim.changes import Obj, ObjectChange
from podlab.sim.kubelet.core import Core
from podlab.sim.kubelet.pod_workers import RESYNC_MS
from podlab.sim.kubelet.volumes import Volumes


class VolumeRefresh:
    """Keeps mounted configuration up to date."""

    def __init__(self, core: Core) -> None:
        self.core = core
        self.volumes = Volumes(core)
        core.world.kernel.handle("kubelet.refresh", self._refresh)
        for resource in ("configmaps", "secrets"):
            core.world.subscribe(resource, self._changed)

    def _changed(self, change: ObjectChange) -> None:
        for worker in self.core.state.workers.values():
            if worker.namespace != change.namespace or not worker.mounted or self.core.node(worker.node).cut:
                continue
            if (change.resource, change.name) in _mounted(self.core.pod(worker)["spec"]):
                rounds = max(0, self.core.now - worker.synced_ms) // RESYNC_MS + 1
                self.core.world.kernel.sooner(worker.synced_ms + rounds * RESYNC_MS, "kubelet.refresh", worker.uid)

    def _refresh(self, uid: str) -> None:
        worker = self.core.state.workers.get(uid)
        if worker is not None and worker.stage == "syncing" and not self.core.node(worker.node).down:
            self.volumes.refresh(worker)


def _mounted(spec: Obj) -> set[tuple[str, str]]:
    """The ConfigMaps and Secrets that a Pod's volumes show."""
    return {
        each
        for volume in spec.get("volumes") or ()
        for source in (volume, *((volume.get("projected") or {}).get("sources") or ()))
        for each in _names(source)
    }


def _names(source: Obj) -> Iterator[tuple[str, str]]:
    if "configMap" in source:
        yield "configmaps", source["configMap"].get("name", "")
    if "secret" in source:
        yield "secrets", source["secret"].get("secretName") or source["secret"].get("name", "")
