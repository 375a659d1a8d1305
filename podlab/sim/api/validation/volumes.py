"""Validation of volumes.

Upstream: pkg/apis/core/validation/validation.go (ValidateVolumes). Left out: the insides of volume kinds that no node of the lab has.
"""

from __future__ import annotations

from podlab.sim.api import names, quantities
from podlab.sim.api.validation.env import VOLUME_FIELDS, validate_field, validate_resource_field
from podlab.sim.api.validation.errors import FieldError, duplicate, forbidden, invalid, required, unsupported
from podlab.sim.api.validation.mounts import no_backsteps, unreserved_path
from podlab.sim.changes import Obj

KINDS = (
    "emptyDir",
    "hostPath",
    "gitRepo",
    "gcePersistentDisk",
    "awsElasticBlockStore",
    "secret",
    "nfs",
    "iscsi",
    "glusterfs",
    "flocker",
    "persistentVolumeClaim",
    "rbd",
    "cinder",
    "cephfs",
    "quobyte",
    "downwardAPI",
    "fc",
    "flexVolume",
    "configMap",
    "azureFile",
    "vsphereVolume",
    "photonPersistentDisk",
    "portworxVolume",
    "azureDisk",
    "storageos",
    "projected",
    "scaleIO",
    "csi",
    "ephemeral",
    "image",
)
_SHOWN = {"cephfs": "cephFS", "downwardAPI": "downwarAPI"}
HOST_PATH_TYPES = ["", "BlockDevice", "CharDevice", "Directory", "DirectoryOrCreate", "File", "FileOrCreate", "Socket"]
MODE = "must be a number between 0 and 0777 (octal), both inclusive"
TWICE = "conflicting duplicate paths"


def validate_volumes(volumes: list[Obj], path: str) -> tuple[dict[str, Obj], list[FieldError]]:
    """The volumes by name, and what is wrong with them."""
    errors: list[FieldError] = []
    found: dict[str, Obj] = {}
    for number, volume in enumerate(volumes):
        where = f"{path}[{number}]"
        name = volume.get("name", "")
        wrong = _source(volume, where)
        if not name:
            wrong.append(required(f"{where}.name"))
        else:
            wrong += [invalid(f"{where}.name", name, each) for each in names.label(name)]
        if name and name in found:
            wrong.append(duplicate(f"{where}.name", name))
        if not wrong:
            found[name] = volume
        errors += wrong
    return found, errors


def _source(volume: Obj, path: str) -> list[FieldError]:
    given = [each for each in KINDS if each in volume]
    if not given:
        return [required(path, "must specify a volume type")]
    kind = given[0]
    errors = _check(kind, volume[kind], f"{path}.{kind}")
    return errors + [forbidden(f"{path}.{_SHOWN.get(each, each)}", "may not specify more than 1 volume type") for each in given[1:]]


def _check(kind: str, source: Obj, path: str) -> list[FieldError]:
    if kind == "emptyDir":
        negative = "sizeLimit" in source and quantities.parse(source["sizeLimit"]) < 0
        return [forbidden(f"{path}.sizeLimit", "SizeLimit field must be a valid resource quantity")] if negative else []
    if kind == "hostPath":
        return _host_path(source, path)
    if kind in ("secret", "configMap"):
        return _keys(source, "secretName" if kind == "secret" else "name", path)
    if kind == "downwardAPI":
        return _mode(source, path) + [error for each in source.get("items", ()) for error in _file(each, path)]
    if kind == "projected":
        return _mode(source, path) + _projections(source.get("sources") or [], path)
    if kind == "persistentVolumeClaim":
        return [] if source.get("claimName") else [required(f"{path}.claimName")]
    if kind == "nfs":
        return _nfs(source, path)
    if kind == "image":
        return _image(source, path)
    if kind == "ephemeral" and "volumeClaimTemplate" not in source:
        return [required(f"{path}.volumeClaimTemplate")]
    return []


def _host_path(source: Obj, path: str) -> list[FieldError]:
    target = source.get("path", "")
    if not target:
        return [required(f"{path}.path")]
    errors = no_backsteps(target, f"{path}.path")
    if source.get("type", "") not in HOST_PATH_TYPES:
        errors.append(unsupported(f"{path}.type", source["type"], HOST_PATH_TYPES))
    return errors


def _nfs(source: Obj, path: str) -> list[FieldError]:
    errors = [required(f"{path}.{name}") for name in ("server", "path") if not source.get(name)]
    if not source.get("path", "").startswith("/"):
        errors.append(invalid(f"{path}.path", source.get("path", ""), "must be an absolute path"))
    return errors


def _image(source: Obj, path: str) -> list[FieldError]:
    errors = [] if source.get("reference") else [required(f"{path}.reference")]
    policy = source.get("pullPolicy", "")
    if policy not in ("Always", "IfNotPresent", "Never"):
        errors.append(unsupported(f"{path}.pullPolicy", policy, ["Always", "IfNotPresent", "Never"]))
    return errors


def _mode(source: Obj, path: str, name: str = "defaultMode") -> list[FieldError]:
    mode = source.get(name)
    return [] if mode is None or 0 <= mode <= 0o777 else [invalid(f"{path}.{name}", mode, MODE)]


def _keys(source: Obj, name: str, path: str) -> list[FieldError]:
    errors = [] if source.get(name) else [required(f"{path}.{name}")]
    errors += _mode(source, path) if "defaultMode" in source else []
    for number, item in enumerate(source.get("items", ())):
        errors += _key(item, f"{path}.items[{number}]")
    return errors


def _key(item: Obj, path: str) -> list[FieldError]:
    errors = [required(f"{path}.{name}") for name in ("key", "path") if not item.get(name)]
    return errors + unreserved_path(item.get("path", ""), f"{path}.path") + _mode(item, path, "mode")


def _file(item: Obj, path: str) -> list[FieldError]:
    """A file of the downward API; its place in the list is not told."""
    errors = [] if item.get("path") else [required(f"{path}.path")]
    errors += unreserved_path(item.get("path", ""), f"{path}.path")
    if "fieldRef" in item:
        errors += validate_field(item["fieldRef"], VOLUME_FIELDS, f"{path}.fieldRef")
        if "resourceFieldRef" in item:
            errors.append(invalid(path, "resource", "fieldRef and resourceFieldRef can not be specified simultaneously"))
    elif "resourceFieldRef" in item:
        errors += validate_resource_field(item["resourceFieldRef"], f"{path}.resourceFieldRef", volume=True)
    else:
        errors.append(required(path, "one of fieldRef and resourceFieldRef is required"))
    return errors + _mode(item, path, "mode")


def _projections(sources: list[Obj], path: str) -> list[FieldError]:
    errors: list[FieldError] = []
    seen: set[str] = set()
    for number, source in enumerate(sources):
        where = f"{path}.sources[{number}]"
        for kind in ("secret", "configMap"):
            if kind in source:
                errors += _projected_keys(source[kind], f"{where}.{kind}", path, seen)
        for item in source.get("downwardAPI", {}).get("items", ()):
            errors += _file(item, f"{where}.downwardAPI")
            errors += _once(item.get("path", ""), item.get("path", ""), path, seen)
        if "serviceAccountToken" in source:
            errors += _token(source["serviceAccountToken"], f"{where}.serviceAccountToken", path)
        if len(source) > 1:
            errors.append(forbidden(where, "may not specify more than 1 volume type per source"))
    return errors


def _projected_keys(source: Obj, where: str, path: str, seen: set[str]) -> list[FieldError]:
    errors = [] if source.get("name") else [required(f"{where}.name")]
    for number, item in enumerate(source.get("items", ())):
        errors += _key(item, f"{where}.items[{number}]") + _once(item.get("path", ""), source.get("name", ""), path, seen)
    return errors


def _once(target: str, shown: str, path: str, seen: set[str]) -> list[FieldError]:
    if target and target in seen:
        return [invalid(path, shown, TWICE)]
    seen.add(target)
    return []


def _token(source: Obj, where: str, path: str) -> list[FieldError]:
    seconds = source.get("expirationSeconds", 0)
    errors: list[FieldError] = []
    if seconds < 600:
        errors.append(invalid(f"{where}.expirationSeconds", seconds, "may not specify a duration less than 10 minutes"))
    if seconds > 1 << 32:
        errors.append(invalid(f"{where}.expirationSeconds", seconds, "may not specify a duration larger than 2^32 seconds"))
    target = source.get("path", "")
    return errors + (unreserved_path(target, f"{path}.path") if target else [required(f"{path}.path")])
