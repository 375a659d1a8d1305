"""Validation of PersistentVolumeClaims, PersistentVolumes and StorageClasses.

Upstream: pkg/apis/core/validation/validation.go (ValidatePersistentVolumeClaim, ValidatePersistentVolume), pkg/apis/storage/validation.
Left out: the sources of volumes that this lab cannot serve (each is accepted as it is), volume attributes classes.
"""

from __future__ import annotations

from fractions import Fraction

from podlab.sim.api import names, quantities
from podlab.sim.api.internal import internal, text
from podlab.sim.api.text_diff import hunks
from podlab.sim.api.validation.affinity import validate_node_selector, validate_selector
from podlab.sim.api.validation.errors import FieldError, forbidden, invalid, required, unsupported
from podlab.sim.changes import Obj

ACCESS_MODES = ("ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod")
VOLUME_MODES = ("Block", "Filesystem")
RECLAIM = ("Delete", "Recycle", "Retain")
BINDING = ("Immediate", "WaitForFirstConsumer")
SOURCES = (
    "awsElasticBlockStore", "azureDisk", "azureFile", "cephfs", "cinder", "csi", "fc", "flexVolume", "flocker", "gcePersistentDisk", "glusterfs",
    "hostPath", "iscsi", "local", "nfs", "photonPersistentDisk", "portworxVolume", "quobyte", "rbd", "scaleIO", "storageos", "vsphereVolume",
)  # fmt: skip
IMMUTABLE = "spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims"


def validate_claim(claim: Obj) -> list[FieldError]:
    """A new PersistentVolumeClaim."""
    return claim_spec(claim["spec"], "spec")


def claim_spec(spec: Obj, path: str) -> list[FieldError]:
    """The spec of a claim, also of a claim's template."""
    errors = _modes(spec.get("accessModes") or [], path, "at least 1 access mode is required")
    if spec.get("selector") is not None:
        errors += validate_selector(spec["selector"], f"{path}.selector")
    size = ((spec.get("resources") or {}).get("requests") or {}).get("storage")
    if size is None:
        errors.append(required(f"{path}.resources[storage]"))
    elif quantities.parse(size) <= 0:
        errors.append(invalid(f"{path}.resources[storage]", size, "must be greater than zero"))
    errors += _class_name(spec, path) + _volume_mode(spec, path)
    for name in ("dataSource", "dataSourceRef"):
        errors += _data_source(spec.get(name), f"{path}.{name}")
    return errors


def _modes(modes: list[str], path: str, missing: str) -> list[FieldError]:
    errors = [] if modes else [required(f"{path}.accessModes", missing)]
    errors += [unsupported(f"{path}.accessModes", each, ACCESS_MODES) for each in modes if each not in ACCESS_MODES]
    if "ReadWriteOncePod" in modes and len(modes) > 1:
        errors.append(forbidden(f"{path}.accessModes", "may not use ReadWriteOncePod with other access modes"))
    return errors


def _class_name(spec: Obj, path: str) -> list[FieldError]:
    name = spec.get("storageClassName")
    return [invalid(f"{path}.storageClassName", name, each) for each in names.subdomain(name)] if name else []


def _volume_mode(spec: Obj, path: str) -> list[FieldError]:
    mode = spec.get("volumeMode")
    return [] if mode is None or mode in VOLUME_MODES else [unsupported(f"{path}.volumeMode", mode, VOLUME_MODES)]


def _data_source(source: Obj | None, path: str) -> list[FieldError]:
    if source is None:
        return []
    errors = [required(f"{path}.{name}") for name in ("name", "kind") if not source.get(name)]
    if not source.get("apiGroup") and source.get("kind") != "PersistentVolumeClaim":
        errors.append(invalid(path, source.get("kind", ""), "must be 'PersistentVolumeClaim' when referencing the default apiGroup"))
    return errors


def update_claim(new: Obj, old: Obj) -> list[FieldError]:
    """Only a bound claim may grow; a volume may be named once."""
    errors = validate_claim(new)
    spec, held = new["spec"], old["spec"]
    munged = dict(spec)
    if not held.get("volumeName") and spec.get("volumeName"):
        munged.pop("volumeName")
    bound = (old.get("status") or {}).get("phase") == "Bound"
    if bound:
        munged["resources"] = {**spec.get("resources", {}), "requests": (held.get("resources") or {}).get("requests") or {}}
    if munged != held:
        kind = "core/v1.PersistentVolumeClaimSpec"
        errors.append(forbidden("spec", f"{IMMUTABLE}\n{hunks(text(internal(kind, held)), text(internal(kind, munged)))}"))
    capacity = ((old.get("status") or {}).get("capacity") or {}).get("storage", "0")
    if bound and _size(spec) < _size(held) and _size(spec) < quantities.parse(capacity):
        errors.append(forbidden("spec.resources.requests.storage", "field can not be less than status.capacity"))
    return errors


def _size(spec: Obj) -> Fraction:
    return quantities.parse(((spec.get("resources") or {}).get("requests") or {}).get("storage", "0"))


def validate_volume(volume: Obj) -> list[FieldError]:
    """A new PersistentVolume."""
    spec = volume["spec"]
    errors = _modes(spec.get("accessModes") or [], "spec", "") + _capacity(spec)
    sources = [each for each in SOURCES if each in spec]
    if not sources:
        errors.append(required("spec", "must specify a volume type"))
    errors += [forbidden(f"spec.{each}", "may not specify more than 1 volume type") for each in sources[1:]]
    errors += _host_path(spec) + _local(spec)
    policy = spec.get("persistentVolumeReclaimPolicy")
    if policy and policy not in RECLAIM:
        errors.append(unsupported("spec.persistentVolumeReclaimPolicy", policy, RECLAIM))
    required_nodes = (spec.get("nodeAffinity") or {}).get("required")
    if required_nodes is not None:
        errors += validate_node_selector(required_nodes, "spec.nodeAffinity.required")
    return errors + _class_name(spec, "spec") + _volume_mode(spec, "spec")


def _capacity(spec: Obj) -> list[FieldError]:
    capacity = spec.get("capacity") or {}
    if not capacity:
        return [required("spec.capacity")]
    errors = [] if set(capacity) == {"storage"} else [unsupported("spec.capacity", capacity, ("storage",))]
    return errors + [
        invalid(f"spec.capacity[{name}]", amount, "must be greater than zero")
        for name, amount in capacity.items()
        if quantities.parse(amount) <= 0
    ]


def _host_path(spec: Obj) -> list[FieldError]:
    if "hostPath" not in spec:
        return []
    path = spec["hostPath"].get("path", "")
    errors = [] if path else [required("spec.hostPath.path")]
    if ".." in path.split("/"):
        errors.append(invalid("spec.hostPath.path", path, "must not contain '..'"))
    if path == "/" and spec.get("persistentVolumeReclaimPolicy") == "Recycle":
        errors.append(forbidden("spec.persistentVolumeReclaimPolicy", "may not be 'recycle' for a hostPath mount of '/'"))
    return errors


def _local(spec: Obj) -> list[FieldError]:
    if "local" not in spec:
        return []
    errors = [] if spec["local"].get("path") else [required("spec.local.path")]
    if "nodeAffinity" not in spec:
        errors.append(required("spec.nodeAffinity", "Local volume requires node affinity"))
    return errors


def update_volume(new: Obj, old: Obj) -> list[FieldError]:
    """The source and the mode stay; the class too."""
    errors = validate_volume(new)
    spec, held = new["spec"], old["spec"]
    if any(spec.get(each) != held.get(each) for each in SOURCES):
        errors.append(forbidden("spec.persistentvolumesource", "spec.persistentvolumesource is immutable after creation"))
    if spec.get("volumeMode") != held.get("volumeMode"):
        errors.append(invalid("spec.volumeMode", spec.get("volumeMode"), "field is immutable"))
    if held.get("nodeAffinity") is not None and spec.get("nodeAffinity") != held["nodeAffinity"]:
        errors.append(
            invalid("spec.nodeAffinity", spec.get("nodeAffinity"), "field is immutable, except for updating from beta label to GA")
        )
    return errors


def validate_class(class_: Obj) -> list[FieldError]:
    """A new StorageClass."""
    errors = [] if class_.get("provisioner") else [required("provisioner")]
    policy, mode = class_.get("reclaimPolicy"), class_.get("volumeBindingMode")
    if policy and policy not in ("Delete", "Retain"):
        errors.append(unsupported("reclaimPolicy", policy, ("Delete", "Retain")))
    if not mode:
        errors.append(required("volumeBindingMode"))
    elif mode not in BINDING:
        errors.append(unsupported("volumeBindingMode", mode, BINDING))
    return errors


def update_class(new: Obj, old: Obj) -> list[FieldError]:
    """What a class does stays."""
    errors = validate_class(new)
    if (new.get("parameters") or {}) != (old.get("parameters") or {}):
        errors.append(forbidden("parameters", "updates to parameters are forbidden."))
    if new.get("provisioner") != old.get("provisioner"):
        errors.append(forbidden("provisioner", "updates to provisioner are forbidden."))
    if new.get("reclaimPolicy") != old.get("reclaimPolicy"):
        errors.append(forbidden("reclaimPolicy", "updates to reclaimPolicy are forbidden."))
    if new.get("volumeBindingMode") != old.get("volumeBindingMode"):
        errors.append(invalid("volumeBindingMode", new.get("volumeBindingMode"), "field is immutable"))
    return errors
