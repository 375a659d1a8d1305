"""Validation of containers: ordinary, init and ephemeral ones.

Upstream: pkg/apis/core/validation/validation.go (validateContainerCommon and its callers). Left out: Windows.
"""

from __future__ import annotations

from msgspec import Struct

from podlab.sim.api import names
from podlab.sim.api.validation.env import validate_env, validate_env_from
from podlab.sim.api.validation.errors import FieldError, duplicate, forbidden, invalid, not_found, required, unsupported
from podlab.sim.api.validation.mounts import validate_devices, validate_mounts
from podlab.sim.api.validation.probes import validate_lifecycle, validate_probe
from podlab.sim.api.validation.resources import validate_requirements
from podlab.sim.api.validation.restart import validate_restart
from podlab.sim.api.validation.security import validate_container_context
from podlab.sim.changes import Obj

PROBES = ("livenessProbe", "readinessProbe", "startupProbe")
ONLY_SIDECARS = "may not be set for init containers without restartPolicy=Always"
NOT_EPHEMERAL = "cannot be set for an Ephemeral Container"
_NOT_FOR_EPHEMERAL = (
    "ports",
    "resources",
    "resizePolicy",
    "restartPolicy",
    "restartPolicyRules",
    "livenessProbe",
    "readinessProbe",
    "startupProbe",
    "lifecycle",
)


class Surroundings(Struct):
    """What of the Pod matters to its containers: volumes by name, claims, grace, restart policy, host users."""

    volumes: dict[str, Obj]
    claims: list[str]
    grace: int
    restart: str
    host_users: bool


def validate_containers(containers: list[Obj], around: Surroundings, path: str) -> list[FieldError]:
    """The ordinary containers."""
    if not containers:
        return [required(path)]
    errors: list[FieldError] = []
    seen: set[str] = set()
    for number, each in enumerate(containers):
        where = f"{path}[{number}]"
        errors += _common(each, around, where)
        errors += _unique(each, seen, where)
        errors += _handlers(each, around, where)
        errors += validate_restart(each, where)
    return errors + host_ports(containers, path)


def validate_init_containers(containers: list[Obj], others: list[Obj], around: Surroundings, path: str) -> list[FieldError]:
    """Init containers; those that are always restarted (sidecars) may have what ordinary ones have."""
    errors: list[FieldError] = []
    seen = {each.get("name", "") for each in others}
    for number, each in enumerate(containers):
        where = f"{path}[{number}]"
        errors += _common(each, around, where)
        errors += validate_restart(each, where)
        errors += _unique(each, seen, where)
        errors += host_ports([each], path)
        if each.get("restartPolicy") == "Always":
            errors += _handlers(each, around, where)
        else:
            errors += [forbidden(f"{where}.{name}", ONLY_SIDECARS) for name in ("lifecycle", *PROBES) if name in each]
    return errors


def validate_ephemeral(containers: list[Obj], others: list[Obj], around: Surroundings, path: str) -> list[FieldError]:
    """Ephemeral containers: for looking, not for serving."""
    errors: list[FieldError] = []
    targets = {each.get("name", "") for each in others}
    seen = set(targets)
    for number, each in enumerate(containers):
        where = f"{path}[{number}]"
        errors += _common(each, around, where)
        errors += image_edges(each, where)
        errors += _unique(each, seen, where)
        target = each.get("targetContainerName", "")
        if target and target not in targets:
            errors.append(not_found(f"{where}.targetContainerName", target))
        errors += [forbidden(f"{where}.{name}", NOT_EPHEMERAL) for name in _NOT_FOR_EPHEMERAL if each.get(name)]
        for at, mount in enumerate(each.get("volumeMounts", ())):
            errors += [
                forbidden(f"{where}.volumeMounts[{at}].{name}", NOT_EPHEMERAL) for name in ("subPath", "subPathExpr") if mount.get(name)
            ]
    return errors


def _common(container: Obj, around: Surroundings, path: str) -> list[FieldError]:
    name = container.get("name", "")
    errors = [invalid(f"{path}.name", name, each) for each in names.label(name)] if name else [required(f"{path}.name")]
    if not container.get("image"):
        errors.append(required(f"{path}.image"))
    policy = container.get("terminationMessagePolicy", "")
    if policy not in ("File", "FallbackToLogsOnError"):
        errors.append(unsupported(f"{path}.terminationMessagePolicy", policy, ["File", "FallbackToLogsOnError"]))
    errors += validate_ports(container.get("ports", []), f"{path}.ports")
    errors += validate_env(container.get("env", []), f"{path}.env")
    errors += validate_env_from(container.get("envFrom", []), f"{path}.envFrom")
    errors += validate_mounts(container, around.volumes, f"{path}.volumeMounts")
    errors += validate_devices(container, around.volumes, f"{path}.volumeDevices")
    pull = container.get("imagePullPolicy", "")
    if pull not in ("Always", "IfNotPresent", "Never"):
        errors.append(unsupported(f"{path}.imagePullPolicy", pull, ["Always", "IfNotPresent", "Never"]))
    errors += validate_requirements(container.get("resources", {}), f"{path}.resources", around.claims)
    errors += _resize_policies(container.get("resizePolicy", []), f"{path}.resizePolicy", around.restart)
    return errors + validate_container_context(container.get("securityContext"), f"{path}.securityContext", host_users=around.host_users)


def _unique(container: Obj, seen: set[str], path: str) -> list[FieldError]:
    name = container.get("name", "")
    if name in seen:
        return [duplicate(f"{path}.name", name)]
    seen.add(name)
    return []


def _handlers(container: Obj, around: Surroundings, path: str) -> list[FieldError]:
    errors = validate_lifecycle(container.get("lifecycle", {}), around.grace, f"{path}.lifecycle")
    for name in PROBES:
        if name in container:
            errors += validate_probe(name, container[name], around.grace, f"{path}.{name}")
    return errors


def image_edges(container: Obj, path: str) -> list[FieldError]:
    """Of Pods, not of templates: no blank around the image's name."""
    image = container.get("image", "")
    return [] if image == image.strip() else [invalid(f"{path}.image", image, "must not have leading or trailing whitespace")]


def validate_ports(ports: list[Obj], path: str) -> list[FieldError]:
    """Container ports."""
    errors: list[FieldError] = []
    seen: set[str] = set()
    for number, port in enumerate(ports):
        where = f"{path}[{number}]"
        name = port.get("name", "")
        wrong = names.port_name(name) if name else []
        errors += [invalid(f"{where}.name", name, each) for each in wrong]
        if name and not wrong:
            errors += _unique(port, seen, where)
        if not port.get("containerPort"):
            errors.append(required(f"{where}.containerPort"))
        else:
            errors += [invalid(f"{where}.containerPort", port["containerPort"], each) for each in names.port_number(port["containerPort"])]
        if port.get("hostPort"):
            errors += [invalid(f"{where}.hostPort", port["hostPort"], each) for each in names.port_number(port["hostPort"])]
        if port.get("protocol") not in ("SCTP", "TCP", "UDP"):
            errors.append(unsupported(f"{where}.protocol", port.get("protocol", ""), ["SCTP", "TCP", "UDP"]))
    return errors


def host_ports(containers: list[Obj], path: str) -> list[FieldError]:
    """No two containers on the same port of the node."""
    errors: list[FieldError] = []
    seen: set[str] = set()
    for number, container in enumerate(containers):
        for at, port in enumerate(container.get("ports", ())):
            if not port.get("hostPort"):
                continue
            key = f"{port.get('protocol', '')}/{port.get('hostIP', '')}/{port['hostPort']}"
            if key in seen:
                errors.append(duplicate(f"{path}[{number}].ports[{at}].hostPort", key))
            seen.add(key)
    return errors


def _resize_policies(policies: list[Obj], path: str, restart: str) -> list[FieldError]:
    errors: list[FieldError] = []
    seen: set[str] = set()
    for number, each in enumerate(policies):
        resource, policy = each.get("resourceName", ""), each.get("restartPolicy", "")
        if resource in seen:
            errors.append(duplicate(f"{path}[{number}]", resource))
        seen.add(resource)
        if resource not in ("cpu", "memory"):
            errors.append(unsupported(path, resource, ["cpu", "memory"]) if resource else required(path))
        if policy not in ("NotRequired", "RestartContainer"):
            errors.append(unsupported(path, policy, ["NotRequired", "RestartContainer"]) if policy else required(path))
        if restart == "Never" and policy != "NotRequired":
            errors.append(invalid(path, policy, "must be 'NotRequired' when `restartPolicy` is 'Never'"))
    return errors
