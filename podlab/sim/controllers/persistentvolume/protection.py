"""Protection of claims in use and of volumes that are bound: a finalizer goes when nobody needs the object any more.

Upstream: pkg/controller/volume/pvcprotection, pkg/controller/volume/pvprotection. Left out: the time of the last use.
"""

from __future__ import annotations

from podlab.sim.apiserver.admission.storage import CLAIM_IN_USE, VOLUME_IN_USE
from podlab.sim.changes import Obj, ObjectChange
from podlab.sim.controllers.base import Controller, ControllersState, key_of, split, with_meta
from podlab.sim.controllers.persistentvolume.binder import uses
from podlab.sim.world import World


class ClaimProtection(Controller):
    """Rule PV-5: a claim that is being deleted stays while a Pod on some node names it."""

    name = "persistentvolumeclaim-protection"

    def __init__(self, world: World, state: ControllersState) -> None:
        super().__init__(world, state)
        world.subscribe("persistentvolumeclaims", self._on_claim)
        world.subscribe("pods", self._on_pod)

    def _on_claim(self, change: ObjectChange) -> None:
        if change.type != "DELETED" and change.new["metadata"].get("deletionTimestamp"):
            self.enqueue(key_of(change.new))

    def _on_pod(self, change: ObjectChange) -> None:
        if change.type == "DELETED":
            for each in change.new["spec"].get("volumes") or ():
                if "persistentVolumeClaim" in each or "ephemeral" in each:
                    source = each.get("persistentVolumeClaim") or {}
                    self.enqueue(f"{change.namespace}/{source.get('claimName') or change.name + '-' + each['name']}")

    def sync(self, key: str) -> None:
        """Take the finalizer away, where nothing holds the claim."""
        namespace, name = split(key)
        claim = self.api.find("persistentvolumeclaims", name, namespace)
        if claim is None or "deletionTimestamp" not in claim["metadata"]:
            return
        if not any(each["spec"].get("nodeName") and uses(each, name) for each in self.api.list("pods", namespace)):
            _let_go(self, "persistentvolumeclaims", claim, CLAIM_IN_USE)


class VolumeProtection(Controller):
    """Rule PV-5: a volume that is being deleted stays while it is bound."""

    name = "persistentvolume-protection"

    def __init__(self, world: World, state: ControllersState) -> None:
        super().__init__(world, state)
        world.subscribe("persistentvolumes", self._on_volume)

    def _on_volume(self, change: ObjectChange) -> None:
        if change.type != "DELETED" and change.new["metadata"].get("deletionTimestamp"):
            self.enqueue(change.name)

    def sync(self, key: str) -> None:
        """Take the finalizer away, where it is not bound."""
        volume = self.api.find("persistentvolumes", key)
        if volume is None or "deletionTimestamp" not in volume["metadata"]:
            return
        if (volume.get("status") or {}).get("phase") != "Bound":
            _let_go(self, "persistentvolumes", volume, VOLUME_IN_USE)


def _let_go(controller: Controller, resource: str, obj: Obj, finalizer: str) -> None:
    held = [each for each in obj["metadata"].get("finalizers") or () if each != finalizer]
    if held != (obj["metadata"].get("finalizers") or []):
        cause = controller.cause("PV-5", name=obj["metadata"]["name"])
        controller.api.update(resource, with_meta(obj, finalizers=held or None), by=controller.by, cause=cause)
