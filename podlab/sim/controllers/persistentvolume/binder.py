"""PersistentVolume binder: claims get volumes, volumes follow their claims; unbound claims are looked at every 15 s.

Keys: `claim namespace/name`, `volume name`.

Upstream: pkg/controller/volume/persistentvolume/pv_controller.go. Left out: Recycle, migration to CSI, retroactive default classes.
"""

from __future__ import annotations

from podlab.sim.changes import Obj, ObjectChange
from podlab.sim.controllers.base import Controller, ControllersState, key_of, split
from podlab.sim.controllers.persistentvolume.match import (
    BIND_COMPLETED,
    BY_CONTROLLER,
    PROVISIONED_BY,
    PROVISIONERS,
    SELECTED_NODE,
    annotated,
    best,
    is_for,
    notes,
    reference_to,
)
from podlab.sim.world import World

RESYNC_MS = 15_000
NO_CLASS = "no persistent volumes available for this claim and no storage class is set"
LOST = "Bound claim has lost its PersistentVolume. Data on the volume is lost!"
MISBOUND = "Two claims are bound to the same volume, this one is bound incorrectly"
EXTERNAL = (
    "Waiting for a volume to be created either by the external provisioner '{}' or manually by the system administrator. "
    "If volume creation is delayed, please verify that the provisioner is running and correctly registered."
)


class Binder(Controller):
    """Rules PV-1 to PV-3."""

    name = "persistentvolume-binder"
    component = "persistentvolume-controller"

    def __init__(self, world: World, state: ControllersState) -> None:
        super().__init__(world, state)
        world.subscribe("persistentvolumeclaims", self._on_claim)
        world.subscribe("persistentvolumes", self._on_volume)

    def _on_claim(self, change: ObjectChange) -> None:
        if change.type != "DELETED":
            self.enqueue(f"claim {key_of(change.new)}")
        elif change.new["spec"].get("volumeName"):
            self.enqueue(f"volume {change.new['spec']['volumeName']}")

    def _on_volume(self, change: ObjectChange) -> None:
        self.enqueue(f"volume {change.name}")
        reference = change.new["spec"].get("claimRef")
        if change.type == "DELETED" and reference:
            self.enqueue(f"claim {reference['namespace']}/{reference['name']}")

    def sync(self, key: str) -> None:
        """One claim or one volume."""
        kind, _, name = key.partition(" ")
        if kind == "volume":
            volume = self.api.find("persistentvolumes", name)
            if volume is not None:
                self._volume(volume)
            return
        namespace, own = split(name)
        claim = self.api.find("persistentvolumeclaims", own, namespace)
        if claim is None:
            return
        done = self._bound(claim) if BIND_COMPLETED in notes(claim) else self._unbound(claim)
        if not done:
            self.enqueue(key, (self.world.now // RESYNC_MS + 1) * RESYNC_MS - self.world.now)

    # Claims.

    def _unbound(self, claim: Obj) -> bool:
        """False: it stays so for now."""
        named = claim["spec"].get("volumeName")
        if named:
            volume = self.api.find("persistentvolumes", named)
            if volume is None:
                return False
            if volume["spec"].get("claimRef") and not is_for(volume, claim):
                self._say(claim, "Warning", "FailedBinding", f'volume "{named}" already bound to a different claim.')
                return False
            return self._bind(volume, claim)
        class_ = self._class(claim)
        delayed = class_ is not None and class_.get("volumeBindingMode") == "WaitForFirstConsumer"
        found = best(self.api.list("persistentvolumes"), claim, delayed=delayed)
        if found is not None:
            return self._bind(found, claim)
        if delayed and SELECTED_NODE not in notes(claim):
            self._wait(claim)
        elif claim["spec"].get("storageClassName"):
            self._provision(claim, class_)
        else:
            self._say(claim, "Normal", "FailedBinding", NO_CLASS)
        return False

    def _class(self, claim: Obj) -> Obj | None:
        return self.api.find("storageclasses", claim["spec"].get("storageClassName") or "")

    def _say(self, claim: Obj, type_: str, reason: str, text: str) -> None:
        self.recorder.event(claim, type_, reason, text, cause=self.cause("PV-2", claim=claim["metadata"]["name"]))

    def _wait(self, claim: Obj) -> None:
        meta = claim["metadata"]
        users = [each["metadata"]["name"] for each in self.api.list("pods", meta["namespace"]) if uses(each, meta["name"])]
        if users:
            self._say(claim, "Normal", "WaitForPodScheduled", f"waiting for pod {users[0]} to be scheduled")
        else:
            self._say(claim, "Normal", "WaitForFirstConsumer", "waiting for first consumer to be created before binding")

    def _provision(self, claim: Obj, class_: Obj | None) -> None:
        if class_ is None:
            text = f'storageclass.storage.k8s.io "{claim["spec"]["storageClassName"]}" not found'
            self._say(claim, "Warning", "ProvisioningFailed", text)
            return
        by = str(class_["provisioner"])
        if by.startswith("kubernetes.io/"):
            self._say(claim, "Warning", "ProvisioningFailed", f"no volume plugin matched name: {by}")
            return
        if notes(claim).get(PROVISIONERS[1]) != by:
            marked = annotated(claim, **dict.fromkeys(PROVISIONERS, by))
            claim = self.api.update("persistentvolumeclaims", marked, by=self.by, cause=self.cause("PV-2", claim=claim["metadata"]["name"]))
        self._say(claim, "Normal", "ExternalProvisioning", EXTERNAL.format(by))

    def _bind(self, volume: Obj, claim: Obj) -> bool:
        """Both sides, one after the other: the volume's reference and phase, the claim's volume and phase."""
        name, cause = volume["metadata"]["name"], self.cause("PV-1", claim=claim["metadata"]["name"], volume=volume["metadata"]["name"])
        if (volume["spec"].get("claimRef") or {}).get("uid") != claim["metadata"]["uid"]:
            if not is_for(volume, claim):
                volume = annotated(volume, **{BY_CONTROLLER: "yes"})
            volume = {**volume, "spec": {**volume["spec"], "claimRef": reference_to(claim)}}
            volume = self.api.update("persistentvolumes", volume, by=self.by, cause=cause)
        self._phase(volume, "Bound")
        marks = {BIND_COMPLETED: "yes"} | ({} if claim["spec"].get("volumeName") else {BY_CONTROLLER: "yes"})
        if claim["spec"].get("volumeName") != name or BIND_COMPLETED not in notes(claim):
            claim = annotated({**claim, "spec": {**claim["spec"], "volumeName": name}}, **marks)
            claim = self.api.update("persistentvolumeclaims", claim, by=self.by, cause=cause)
        status = {"accessModes": volume["spec"]["accessModes"], "capacity": volume["spec"]["capacity"], "phase": "Bound"}
        self._claim_status(claim, status)
        return True

    def _claim_status(self, claim: Obj, status: Obj) -> None:
        if claim.get("status") != status:
            cause = self.cause("PV-1", claim=claim["metadata"]["name"], volume=claim["spec"].get("volumeName", ""))
            self.api.update("persistentvolumeclaims", {**claim, "status": status}, by=self.by, subresource="status", cause=cause)

    def _bound(self, claim: Obj) -> bool:
        volume = self.api.find("persistentvolumes", claim["spec"].get("volumeName") or "")
        if volume is not None and (volume["spec"].get("claimRef") is None or is_for(volume, claim)):
            return self._bind(volume, claim)
        if (claim.get("status") or {}).get("phase") != "Lost":
            self._claim_status(claim, {"phase": "Lost"})
            reason, text = ("ClaimLost", LOST) if volume is None else ("ClaimMisbound", MISBOUND)
            self._say(claim, "Warning", reason, text)
        return True

    # Volumes.

    def _phase(self, volume: Obj, phase: str, message: str = "") -> None:
        status = volume.get("status") or {}
        if status.get("phase") == phase and status.get("message", "") == message:
            return
        new = {"phase": phase, "lastPhaseTransitionTime": self.world.stamp()} | ({"message": message} if message else {})
        cause = self.cause("PV-3", volume=volume["metadata"]["name"], phase=phase)
        self.api.update("persistentvolumes", {**volume, "status": new}, by=self.by, subresource="status", cause=cause)

    def _volume(self, volume: Obj) -> None:
        reference, name = volume["spec"].get("claimRef"), volume["metadata"]["name"]
        if not reference or not reference.get("uid"):
            self._phase(volume, "Available")
            return
        claim = self.api.find("persistentvolumeclaims", reference["name"], reference["namespace"])
        if claim is None or claim["metadata"]["uid"] != reference["uid"]:
            self._released(volume)
        elif not claim["spec"].get("volumeName"):
            self.enqueue(f"claim {key_of(claim)}")
        elif claim["spec"]["volumeName"] == name:
            self._phase(volume, "Bound")
        elif PROVISIONED_BY in notes(volume) and volume["spec"].get("persistentVolumeReclaimPolicy") == "Delete":
            self._released(volume)
        else:
            self._unbind(volume)

    def _unbind(self, volume: Obj) -> None:
        """Its claim went to another volume: it is free again, or still reserved for the name."""
        spec = {key: value for key, value in volume["spec"].items() if key != "claimRef"}
        if BY_CONTROLLER not in notes(volume):
            kept = {key: value for key, value in volume["spec"]["claimRef"].items() if key not in ("uid", "resourceVersion")}
            spec["claimRef"] = kept
        cause = self.cause("PV-3", volume=volume["metadata"]["name"], phase="Available")
        self.api.update("persistentvolumes", {**volume, "spec": spec}, by=self.by, cause=cause)

    def _released(self, volume: Obj) -> None:
        """What becomes of a volume without its claim, by its policy; what a provisioner made is the provisioner's to delete."""
        if (volume.get("status") or {}).get("phase") not in ("Released", "Failed"):
            self._phase(volume, "Released")
            return
        policy = volume["spec"].get("persistentVolumeReclaimPolicy")
        if policy == "Retain" or PROVISIONED_BY in notes(volume) or volume["status"]["phase"] == "Failed":
            return
        if policy == "Recycle":
            reason, text = "VolumeFailedRecycle", "not supported in this lab: the reclaim policy Recycle"
        else:
            reason, text = "VolumeFailedDelete", self._not_deletable(volume)
        self._phase(volume, "Failed", text)
        self.recorder.event(volume, "Warning", reason, text, cause=self.cause("PV-3", volume=volume["metadata"]["name"], phase="Failed"))

    @staticmethod
    def _not_deletable(volume: Obj) -> str:
        if "hostPath" in volume["spec"]:
            return f"host_path deleter only supports /tmp/.+ but received provided {volume['spec']['hostPath']['path']}"
        name = volume["metadata"]["name"]
        return f'error getting deleter volume plugin for volume "{name}": no deletable volume plugin matched'


def uses(pod: Obj, claim: str) -> bool:
    """Whether a Pod's volumes name the claim; a generic ephemeral volume's is `<pod>-<volume>`."""
    for each in pod["spec"].get("volumes") or ():
        if (each.get("persistentVolumeClaim") or {}).get("claimName") == claim:
            return True
        if "ephemeral" in each and f"{pod['metadata']['name']}-{each['name']}" == claim:
            return True
    return False
