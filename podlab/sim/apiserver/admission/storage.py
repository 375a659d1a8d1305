"""Storage: claims and volumes in use are protected by a finalizer; a claim without a class gets the default one; only some may grow.

Upstream: plugin/pkg/admission/storage (storageobjectinuseprotection, storageclass/setdefault, persistentvolume/resize). Left out: nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from podlab.sim.api import quantities
from podlab.sim.apiserver import answers
from podlab.sim.changes import Obj

if TYPE_CHECKING:
    from podlab.sim.apiserver.server import ApiServer

CLAIM_IN_USE = "kubernetes.io/pvc-protection"
VOLUME_IN_USE = "kubernetes.io/pv-protection"
DEFAULT_CLASS = "storageclass.kubernetes.io/is-default-class"


def protect(new: Obj, finalizer: str) -> None:
    """Add the finalizer, unless it is there."""
    held = new["metadata"].setdefault("finalizers", [])
    if finalizer not in held:
        held.append(finalizer)


def set_class(api: ApiServer, claim: Obj) -> None:
    """The newest class that is marked as default; of one age the first by name."""
    if claim["spec"].get("storageClassName") is not None:
        return
    found = [each for each in api.store.all("storageclasses") if (each["metadata"].get("annotations") or {}).get(DEFAULT_CLASS) == "true"]
    if found:
        newest = max(each["metadata"]["creationTimestamp"] for each in found)
        claim["spec"]["storageClassName"] = min(
            each["metadata"]["name"] for each in found if each["metadata"]["creationTimestamp"] == newest
        )


def check_resize(api: ApiServer, new: Obj, old: Obj) -> None:
    """Growth needs a class that supports it."""
    size, held = (quantities.parse(each["spec"]["resources"]["requests"]["storage"]) for each in (new, old))
    if size <= held:
        return
    class_ = api.find("storageclasses", old["spec"].get("storageClassName") or "")
    if class_ is None or not class_.get("allowVolumeExpansion"):
        why = "only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize"
        raise answers.forbidden("persistentvolumeclaims", old["metadata"]["name"], why)
