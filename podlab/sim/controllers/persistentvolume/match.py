"""Which volume suits a claim, and the marks that binding leaves on both.

Upstream: pkg/volume/util (FindMatchingVolume), pkg/controller/volume/persistentvolume/index.go. Left out: volume attributes classes.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from podlab.sim.api import labels, quantities
from podlab.sim.changes import Obj

BIND_COMPLETED = "pv.kubernetes.io/bind-completed"
BY_CONTROLLER = "pv.kubernetes.io/bound-by-controller"
PROVISIONED_BY = "pv.kubernetes.io/provisioned-by"
SELECTED_NODE = "volume.kubernetes.io/selected-node"
PROVISIONERS = ("volume.beta.kubernetes.io/storage-provisioner", "volume.kubernetes.io/storage-provisioner")


def notes(obj: Obj) -> dict[str, str]:
    """The annotations."""
    return obj["metadata"].get("annotations") or {}


def is_for(volume: Obj, claim: Obj) -> bool:
    """Whether the volume is reserved for this very claim (or for one of its name, whose uid is not said)."""
    reference, meta = volume["spec"].get("claimRef"), claim["metadata"]
    if not reference:
        return False
    same = (reference.get("namespace"), reference.get("name")) == (meta.get("namespace"), meta["name"])
    return same and reference.get("uid", meta["uid"]) in ("", meta["uid"])


def size(claim: Obj) -> Fraction:
    """What the claim asks for, in bytes."""
    return quantities.parse(((claim["spec"].get("resources") or {}).get("requests") or {}).get("storage", "0"))


def capacity(volume: Obj) -> Fraction:
    """What the volume holds, in bytes."""
    return quantities.parse((volume["spec"].get("capacity") or {}).get("storage", "0"))


def suits(volume: Obj, claim: Obj) -> bool:
    """Whether the volume could serve the claim: size, modes, class, labels."""
    spec, wanted = volume["spec"], claim["spec"]
    if volume["metadata"].get("deletionTimestamp") or spec.get("volumeMode") != wanted.get("volumeMode"):
        return False
    if not set(wanted.get("accessModes") or ()) <= set(spec.get("accessModes") or ()) or capacity(volume) < size(claim):
        return False
    if is_for(volume, claim):
        return True
    selected = wanted.get("selector") is None or labels.matches(wanted["selector"], volume["metadata"].get("labels") or {})
    return selected and (spec.get("storageClassName") or "") == (wanted.get("storageClassName") or "")


def best(volumes: Iterable[Obj], claim: Obj, *, delayed: bool) -> Obj | None:
    """The volume reserved for the claim, else the smallest free one that suits; with `delayed` only a reserved one."""
    fitting = [each for each in volumes if suits(each, claim)]
    reserved = [each for each in fitting if is_for(each, claim)]
    if reserved or delayed:
        return reserved[0] if reserved else None
    free = [each for each in fitting if not each["spec"].get("claimRef") and (each.get("status") or {}).get("phase") == "Available"]
    return min(free, key=lambda each: (capacity(each), each["metadata"]["name"]), default=None)


def reference_to(claim: Obj) -> Obj:
    """The claim as a volume names it."""
    meta = claim["metadata"]
    return {
        "kind": "PersistentVolumeClaim",
        "namespace": meta["namespace"],
        "name": meta["name"],
        "uid": meta["uid"],
        "apiVersion": "v1",
        "resourceVersion": meta["resourceVersion"],
    }


def annotated(obj: Obj, **marks: str) -> Obj:
    """The object with more annotations; dots and slashes of the names come as they are."""
    return {**obj, "metadata": {**obj["metadata"], "annotations": {**notes(obj), **marks}}}
