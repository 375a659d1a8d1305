"""Validation of environment variables and of what the downward API may show.

Upstream: pkg/apis/core/validation/validation.go (ValidateEnv, ValidateEnvFrom). Left out: nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from podlab.sim.api import names
from podlab.sim.api.validation.errors import FieldError, invalid, required, unsupported
from podlab.sim.changes import Obj

SOURCES = ("fieldRef", "resourceFieldRef", "configMapKeyRef", "secretKeyRef", "fileKeyRef")
ENV_FIELDS = (
    "metadata.name",
    "metadata.namespace",
    "metadata.uid",
    "spec.nodeName",
    "spec.serviceAccountName",
    "status.hostIP",
    "status.hostIPs",
    "status.podIP",
    "status.podIPs",
)
VOLUME_FIELDS = ("metadata.annotations", "metadata.labels", "metadata.name", "metadata.namespace", "metadata.uid")
KNOWN_FIELDS = (
    *VOLUME_FIELDS,
    "spec.nodeName",
    "spec.restartPolicy",
    "spec.serviceAccountName",
    "spec.schedulerName",
    "status.phase",
    *ENV_FIELDS[5:],
)
RESOURCES = ("limits.cpu", "limits.ephemeral-storage", "limits.memory", "requests.cpu", "requests.ephemeral-storage", "requests.memory")
_SUBSCRIPT = re.compile(r"(.+)\['(.*)'\]")
_BYTES = "1, 1k, 1M, 1G, 1T, 1P, 1E, 1Ki, 1Mi, 1Gi, 1Ti, 1Pi, 1Ei"


def validate_env(variables: list[Obj], path: str) -> list[FieldError]:
    """Names and sources of variables."""
    errors: list[FieldError] = []
    for number, each in enumerate(variables):
        where = f"{path}[{number}]"
        name = each.get("name", "")
        errors += [invalid(f"{where}.name", name, text) for text in names.env_name(name)] if name else [required(f"{where}.name")]
        if "valueFrom" in each:
            errors += _source(each, f"{where}.valueFrom")
    return errors


def _source(variable: Obj, path: str) -> list[FieldError]:
    source = variable["valueFrom"]
    errors: list[FieldError] = []
    if "fieldRef" in source:
        errors += validate_field(source["fieldRef"], ENV_FIELDS, f"{path}.fieldRef")
    if "resourceFieldRef" in source:
        errors += validate_resource_field(source["resourceFieldRef"], f"{path}.resourceFieldRef", volume=False)
    for name in ("configMapKeyRef", "secretKeyRef"):
        if name in source:
            errors += _key(source[name], f"{path}.{name}")
    given = [each for each in SOURCES if each in source]
    if not given:
        text = "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`"
        errors.append(invalid(path, "", text))
    elif variable.get("value"):
        errors.append(invalid(path, "", "may not be specified when `value` is not empty"))
    elif len(given) > 1:
        errors.append(invalid(path, "", "may not have more than one field specified at a time"))
    return errors


def _key(selector: Obj, path: str) -> list[FieldError]:
    name, key = selector.get("name", ""), selector.get("key", "")
    errors = [invalid(f"{path}.name", name, each) for each in names.subdomain(name)]
    if not key:
        return [*errors, required(f"{path}.key")]
    return errors + [invalid(f"{path}.key", key, each) for each in names.config_key(key)]


def validate_field(selector: Obj, allowed: Sequence[str], path: str) -> list[FieldError]:
    """A field of the Pod, maybe one of its labels or annotations."""
    label = selector.get("fieldPath", "")
    if not label:
        return [required(f"{path}.fieldPath")]
    part = _SUBSCRIPT.fullmatch(label)
    known = (part is not None and part[1] in ("metadata.annotations", "metadata.labels")) or label in KNOWN_FIELDS
    if not known:
        if part is not None and part[1] in KNOWN_FIELDS:
            return [invalid(f"{path}.fieldPath", label, f"error converting fieldPath: field label does not support subscript: {label}")]
        return [invalid(f"{path}.fieldPath", label, f"error converting fieldPath: field label not supported: {label}")]
    if part is not None:
        key = part[2].lower() if part[1] == "metadata.annotations" else part[2]
        return [invalid(path, key, each) for each in names.qualified(key)]
    return [] if label in allowed else [unsupported(f"{path}.fieldPath", label, sorted(allowed))]


def validate_resource_field(selector: Obj, path: str, *, volume: bool) -> list[FieldError]:
    """A container's request or limit."""
    resource = selector.get("resource", "")
    errors: list[FieldError] = []
    if volume and not selector.get("containerName"):
        errors.append(required(f"{path}.containerName"))
    elif not resource:
        errors.append(required(f"{path}.resource"))
    elif resource not in RESOURCES and not resource.startswith(("requests.hugepages-", "limits.hugepages-")):
        errors.append(unsupported(f"{path}.resource", resource, RESOURCES))
    return errors + _divisor(resource, selector.get("divisor", "0"), path)


def _divisor(resource: str, divisor: str, path: str) -> list[FieldError]:
    if divisor == "0":
        return []
    kind = resource.partition(".")[2]
    if kind == "cpu":
        return (
            []
            if divisor in ("1m", "1")
            else [invalid(f"{path}.divisor", resource, "only divisor's values 1m and 1 are supported with the cpu resource")]
        )
    what = {"memory": "memory", "ephemeral-storage": "local ephemeral storage"}.get(
        kind, "hugepages" if kind.startswith("hugepages-") else ""
    )
    if not what or divisor in _BYTES.split(", "):
        return []
    return [invalid(f"{path}.divisor", resource, f"only divisor's values {_BYTES} are supported with the {what} resource")]


def validate_env_from(sources: list[Obj], path: str) -> list[FieldError]:
    """Whole ConfigMaps and Secrets as variables."""
    errors: list[FieldError] = []
    for number, each in enumerate(sources):
        where = f"{path}[{number}]"
        if each.get("prefix"):
            errors += [invalid(f"{where}.prefix", each["prefix"], text) for text in names.env_name(each["prefix"])]
        given = [name for name in ("configMapRef", "secretRef") if name in each]
        for name in given:
            target = each[name].get("name", "")
            field = f"{where}.{name}.name"
            errors += [invalid(field, target, text) for text in names.subdomain(target)] if target else [required(field)]
        if not given:
            errors.append(invalid(path, "", "must specify one of: `configMapRef` or `secretRef`"))
        elif len(given) > 1:
            errors.append(invalid(path, "", "may not have more than one field specified at a time"))
    return errors
