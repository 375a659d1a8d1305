"""Validation of volume mounts and of paths.

Upstream: pkg/apis/core/validation/validation.go (ValidateVolumeMounts, ValidateVolumeDevices). Left out: nothing.
"""

from __future__ import annotations

from podlab.sim.api.validation.errors import FieldError, forbidden, invalid, not_found, required, unsupported
from podlab.sim.changes import Obj

PROPAGATIONS = ["Bidirectional", "HostToContainer", "None"]


def no_backsteps(target: str, path: str) -> list[FieldError]:
    """No `..` among the elements."""
    return [invalid(path, target, "must not contain '..'")] if ".." in target.split("/") else []


def local_path(target: str, path: str) -> list[FieldError]:
    """Relative, and never up."""
    absolute = [invalid(path, target, "must be a relative path")] if target.startswith("/") else []
    return absolute + no_backsteps(target, path)


def unreserved_path(target: str, path: str) -> list[FieldError]:
    """Local, and not beginning with two dots."""
    errors = local_path(target, path)
    if target.startswith("..") and not target.startswith("../") and target != "..":
        errors.append(invalid(path, target, "must not start with '..'"))
    return errors


def validate_mounts(container: Obj, volumes: dict[str, Obj], path: str) -> list[FieldError]:
    """The mounts of a container."""
    errors: list[FieldError] = []
    devices = {each.get("name", ""): each.get("devicePath", "") for each in container.get("volumeDevices", ())}
    seen: set[str] = set()
    for number, mount in enumerate(container.get("volumeMounts", ())):
        where = f"{path}[{number}]"
        name, target = mount.get("name", ""), mount.get("mountPath", "")
        if not name:
            errors.append(required(f"{where}.name"))
        if name not in volumes:
            errors.append(not_found(f"{where}.name", name))
        if not target:
            errors.append(required(f"{where}.mountPath"))
        if target in seen:
            errors.append(invalid(f"{where}.mountPath", target, "must be unique"))
        seen.add(target)
        if name in devices:
            errors.append(invalid(f"{where}.name", name, "must not already exist in volumeDevices"))
        if target in devices.values():
            errors.append(invalid(f"{where}.mountPath", target, "must not already exist as a path in volumeDevices"))
        errors += _sub_paths(mount, where, path)
        errors += _propagation(mount, container, f"{path}.mountPropagation")
        errors += _recursive(mount, f"{path}.recursiveReadOnly")
    return errors


def _sub_paths(mount: Obj, where: str, path: str) -> list[FieldError]:
    errors: list[FieldError] = []
    if mount.get("subPath"):
        errors += local_path(mount["subPath"], f"{path}.subPath")
    if mount.get("subPathExpr"):
        if mount.get("subPath"):
            errors.append(invalid(f"{where}.subPathExpr", mount["subPathExpr"], "subPathExpr and subPath are mutually exclusive"))
        errors += local_path(mount["subPathExpr"], f"{path}.subPathExpr")
    return errors


def _propagation(mount: Obj, container: Obj, path: str) -> list[FieldError]:
    wanted = mount.get("mountPropagation")
    if wanted is None:
        return []
    errors = [] if wanted in PROPAGATIONS else [unsupported(path, wanted, PROPAGATIONS)]
    if wanted == "Bidirectional" and not container.get("securityContext", {}).get("privileged"):
        errors.append(forbidden(path, "Bidirectional mount propagation is available only to privileged containers"))
    return errors


def _recursive(mount: Obj, path: str) -> list[FieldError]:
    wanted = mount.get("recursiveReadOnly")
    if wanted is None or wanted == "Disabled":
        return []
    if wanted not in ("Enabled", "IfPossible"):
        return [unsupported(path, wanted, ["Disabled", "Enabled", "IfPossible"])]
    errors = []
    if not mount.get("readOnly"):
        errors.append(forbidden(path, "may only be specified when readOnly is true"))
    if mount.get("mountPropagation", "None") != "None":
        errors.append(forbidden(path, "may only be specified when mountPropagation is None or not specified"))
    return errors


def validate_devices(container: Obj, volumes: dict[str, Obj], path: str) -> list[FieldError]:
    """The block devices of a container."""
    errors: list[FieldError] = []
    mounts = {each.get("name", ""): each.get("mountPath", "") for each in container.get("volumeMounts", ())}
    seen_names: set[str] = set()
    seen_paths: set[str] = set()
    for number, device in enumerate(container.get("volumeDevices", ())):
        where = f"{path}[{number}]"
        name, target = device.get("name", ""), device.get("devicePath", "")
        if not name:
            errors.append(required(f"{where}.name"))
        if name in seen_names:
            errors.append(invalid(f"{where}.name", name, "must be unique"))
        if name in volumes and not ({"persistentVolumeClaim", "ephemeral"} & set(volumes[name])):
            errors.append(
                invalid(f"{where}.name", name, "can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode")
            )
        if name not in volumes:
            errors.append(not_found(f"{where}.name", name))
        if not target:
            errors.append(required(f"{where}.devicePath"))
        if target in seen_paths:
            errors.append(invalid(f"{where}.devicePath", target, "must be unique"))
        if ".." in target.split("/"):
            errors.append(invalid(f"{where}.devicePath", target, "can not contain backsteps ('..')"))
        if name in mounts:
            errors.append(invalid(f"{where}.name", name, "must not already exist in volumeMounts"))
        if target in mounts.values():
            errors.append(invalid(f"{where}.devicePath", target, "must not already exist as a path in volumeMounts"))
        seen_names.add(name)
        seen_paths.add(target)
    return errors
