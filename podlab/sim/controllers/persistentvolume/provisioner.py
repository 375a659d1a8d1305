"""The provisioner of the class `standard`: a directory on the node that the scheduler has chosen, as kind's local-path does it.

Keys: `begin namespace/name`, `claim namespace/name`, `volume name`; `storage.provision` ms pass from the wish to the volume.

Upstream: sig-storage-lib-external-provisioner (controller.go), rancher/local-path-provisioner. Left out: its own Pod and helper Pods.
"""

from __future__ import annotations

from podlab.sim.changes import Obj, ObjectChange
from podlab.sim.controllers.base import Controller, ControllersState, key_of, split
from podlab.sim.controllers.persistentvolume.match import PROVISIONED_BY, PROVISIONERS, SELECTED_NODE, notes, reference_to
from podlab.sim.world import World

PROVISIONER = "rancher.io/local-path"
ROOT = "/opt/local-path-provisioner"
CLASS: Obj = {
    "apiVersion": "storage.k8s.io/v1",
    "kind": "StorageClass",
    "metadata": {"name": "standard", "annotations": {"storageclass.kubernetes.io/is-default-class": "true"}},
    "provisioner": PROVISIONER,
    "reclaimPolicy": "Delete",
    "volumeBindingMode": "WaitForFirstConsumer",
}


class Provisioner(Controller):
    """Rule PV-4."""

    name = "local-path-provisioner"
    component = PROVISIONER

    def __init__(self, world: World, state: ControllersState) -> None:
        super().__init__(world, state)
        world.subscribe("persistentvolumeclaims", self._on_claim)
        world.subscribe("persistentvolumes", self._on_volume)

    def _on_claim(self, change: ObjectChange) -> None:
        before = change.old is not None and self._wants(change.old)
        if change.type != "DELETED" and self._wants(change.new) and not before:
            claim = change.new
            self.enqueue(f"begin {key_of(claim)}", 0)
            self.enqueue(f"claim {key_of(claim)}", self.world.timings["storage.provision"])

    @staticmethod
    def _wants(claim: Obj) -> bool:
        return notes(claim).get(PROVISIONERS[1]) == PROVISIONER and not claim["spec"].get("volumeName") and SELECTED_NODE in notes(claim)

    def _on_volume(self, change: ObjectChange) -> None:
        if change.type == "MODIFIED" and self._is_left(change.new):
            self.enqueue(f"volume {change.name}", self.world.timings["storage.provision"])

    @staticmethod
    def _is_left(volume: Obj) -> bool:
        policy = volume["spec"].get("persistentVolumeReclaimPolicy")
        phase = (volume.get("status") or {}).get("phase")
        return notes(volume).get(PROVISIONED_BY) == PROVISIONER and policy == "Delete" and phase == "Released"

    def sync(self, key: str) -> None:
        """Tell that it begins, make a claim's volume, or delete a volume that nobody claims."""
        kind, _, rest = key.partition(" ")
        if kind == "volume":
            self._delete(rest)
            return
        namespace, name = split(rest)
        claim = self.api.find("persistentvolumeclaims", name, namespace)
        if claim is None or not self._wants(claim):
            return
        cause = self.cause("PV-4", claim=name, node=notes(claim)[SELECTED_NODE])
        if kind == "begin":
            text = f'External provisioner is provisioning volume for claim "{rest}"'
            self.recorder.event(claim, "Normal", "Provisioning", text, cause=cause)
            return
        volume = _volume_for(claim, self._policy(claim))
        if self.api.find("persistentvolumes", volume["metadata"]["name"]) is None:
            self.api.create("persistentvolumes", volume, by=self.by, cause=cause)
            text = f"Successfully provisioned volume {volume['metadata']['name']}"
            self.recorder.event(claim, "Normal", "ProvisioningSucceeded", text, cause=cause)

    def _policy(self, claim: Obj) -> str:
        class_ = self.api.find("storageclasses", claim["spec"].get("storageClassName") or "") or {}
        return str(class_.get("reclaimPolicy") or "Delete")

    def _delete(self, name: str) -> None:
        volume = self.api.find("persistentvolumes", name)
        if volume is not None and self._is_left(volume) and not volume["metadata"].get("deletionTimestamp"):
            cause = self.cause("PV-3", volume=name, phase="Released")
            self.api.delete("persistentvolumes", name, by=self.by, cause=cause)


def _volume_for(claim: Obj, policy: str) -> Obj:
    meta, spec = claim["metadata"], claim["spec"]
    name, node = f"pvc-{meta['uid']}", notes(claim)[SELECTED_NODE]
    term = {"matchExpressions": [{"key": "kubernetes.io/hostname", "operator": "In", "values": [node]}]}
    marks = {PROVISIONED_BY: PROVISIONER, "local.path.provisioner/selected-node": node}
    return {
        "apiVersion": "v1",
        "kind": "PersistentVolume",
        "metadata": {"name": name, "annotations": marks},
        "spec": {
            "accessModes": spec["accessModes"],
            "capacity": {"storage": spec["resources"]["requests"]["storage"]},
            "claimRef": reference_to(claim),
            "hostPath": {"path": f"{ROOT}/{name}_{meta['namespace']}_{meta['name']}", "type": "DirectoryOrCreate"},
            "nodeAffinity": {"required": {"nodeSelectorTerms": [term]}},
            "persistentVolumeReclaimPolicy": policy,
            "storageClassName": spec.get("storageClassName") or "",
            "volumeMode": spec.get("volumeMode") or "Filesystem",
        },
    }
