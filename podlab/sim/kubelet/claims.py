"""The volume behind a claim, as the kubelet of a node sees it: a directory of the node.

Upstream: pkg/kubelet/volumemanager/populator (desired_state_of_world_populator.go). Left out: volumes of other machines, block devices.
"""

from __future__ import annotations

from podlab.sim.changes import Obj
from podlab.sim.controllers.persistentvolume.match import is_for
from podlab.sim.kubelet.sources import ConfigError
from podlab.sim.world import World


class ClaimError(ConfigError):
    """A claim whose volume cannot be used: why."""


def claim_of(pod: Obj, volume: Obj) -> str:
    """The name of the claim that a volume of a Pod stands for ("": it is no claim)."""
    if "persistentVolumeClaim" in volume:
        return str(volume["persistentVolumeClaim"]["claimName"])
    return f"{pod['metadata']['name']}-{volume['name']}" if "ephemeral" in volume else ""


def directory_of(world: World, pod: Obj, volume: Obj) -> Obj:
    """The hostPath of the claim's volume; ClaimError where there is none."""
    name, namespace = claim_of(pod, volume), pod["metadata"]["namespace"]
    where = f"error processing PVC {namespace}/{name}: "
    claim = world.api.find("persistentvolumeclaims", name, namespace)
    if claim is None:
        raise ClaimError(f'{where}failed to fetch PVC from API server: persistentvolumeclaim "{name}" not found')
    if "ephemeral" in volume and not _owned(claim, pod):
        raise ClaimError(f"{where}PVC {namespace}/{name} was not created for pod {namespace}/{pod['metadata']['name']} (pod is not owner)")
    if claim["metadata"].get("deletionTimestamp"):
        raise ClaimError(f"{where}can't start pod because PVC is being deleted")
    if (claim.get("status") or {}).get("phase") != "Bound" or not claim["spec"].get("volumeName"):
        raise ClaimError(f"{where}PVC is not bound")
    return _of_volume(world, claim, where)


def _owned(claim: Obj, pod: Obj) -> bool:
    return any(each["uid"] == pod["metadata"]["uid"] for each in claim["metadata"].get("ownerReferences") or ())


def _of_volume(world: World, claim: Obj, where: str) -> Obj:
    name = claim["spec"]["volumeName"]
    volume = world.api.find("persistentvolumes", name)
    if volume is None:
        raise ClaimError(f'{where}failed to fetch PV from API server: persistentvolume "{name}" not found')
    if not is_for(volume, claim):
        raise ClaimError(f"{where}found PV object {name} for PVC with a different claimRef")
    spec = volume["spec"]
    if "local" in spec:
        return {"path": spec["local"]["path"], "type": "Directory"}
    if "hostPath" not in spec:
        kind = next(
            (each for each in sorted(spec) if isinstance(spec[each], dict) and each not in ("capacity", "claimRef", "nodeAffinity")), ""
        )
        raise ClaimError(f"{where}not supported in this lab: volumes of type {kind}")
    found: Obj = spec["hostPath"]
    return found
