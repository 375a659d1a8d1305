"""Generic ephemeral volumes: a claim for each, named after Pod and volume, that goes with the Pod.

Upstream: pkg/controller/volume/ephemeral/controller.go. Left out: nothing.
"""

from __future__ import annotations

from podlab.sim.changes import Obj, ObjectChange
from podlab.sim.controllers.base import Controller, ControllersState, key_of, reference_to, split
from podlab.sim.controllers.pods import is_terminating
from podlab.sim.errors import StatusError
from podlab.sim.world import World


class EphemeralVolume(Controller):
    """Rule PV-6."""

    name = "ephemeral-volume"
    component = "ephemeral_volume"

    def __init__(self, world: World, state: ControllersState) -> None:
        super().__init__(world, state)
        world.subscribe("pods", self._on_pod)

    def _on_pod(self, change: ObjectChange) -> None:
        if change.type == "ADDED" and any("ephemeral" in each for each in change.new["spec"].get("volumes") or ()):
            self.enqueue(key_of(change.new))

    def sync(self, key: str) -> None:
        """Make the claims that are not there."""
        namespace, name = split(key)
        pod = self.api.find("pods", name, namespace)
        if pod is None or is_terminating(pod):
            return
        for volume in pod["spec"].get("volumes") or ():
            if "ephemeral" in volume:
                self._claim(pod, volume)

    def _claim(self, pod: Obj, volume: Obj) -> None:
        namespace, name = pod["metadata"]["namespace"], f"{pod['metadata']['name']}-{volume['name']}"
        cause = self.cause("PV-6", pod=pod["metadata"]["name"], claim=name)
        held = self.api.find("persistentvolumeclaims", name, namespace)
        if held is not None:
            if not any(each["uid"] == pod["metadata"]["uid"] for each in held["metadata"].get("ownerReferences") or ()):
                text = f'PVC "{namespace}/{name}" was not created for pod "{key_of(pod)}" (pod is not owner)'
                self.recorder.event(pod, "Warning", "ClaimNotOwned", text, cause=cause)
                raise StatusError("Conflict", text)
            return
        template = volume["ephemeral"]["volumeClaimTemplate"]
        meta = {
            **(template.get("metadata") or {}),
            "name": name,
            "namespace": namespace,
            "ownerReferences": [reference_to(pod, "Pod", "v1")],
        }
        claim = {"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": meta, "spec": template["spec"]}
        self.api.create("persistentvolumeclaims", claim, by=self.by, cause=cause)
