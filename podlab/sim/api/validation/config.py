"""Validation of ConfigMaps, Secrets, Namespaces, PriorityClasses and RuntimeClasses.

Upstream: pkg/apis/core/validation/validation.go, pkg/apis/scheduling/validation, pkg/apis/node/validation. Left out: legacy secret types' contents beyond their keys.
"""

from __future__ import annotations

from podlab.sim.api import names
from podlab.sim.api.validation.errors import FieldError, forbidden, invalid, required, too_long, unsupported
from podlab.sim.api.validation.metadata import labels
from podlab.sim.api.validation.resources import validate_requirements
from podlab.sim.changes import Obj

MOST_BYTES = 1 << 20
FROZEN = "field is immutable when `immutable` is set"
SYSTEM = {"system-node-critical": 2_000_001_000, "system-cluster-critical": 2_000_000_000}
MOST_PRIORITY = 1_000_000_000
_SECRET_KEYS = {
    "kubernetes.io/dockercfg": (".dockercfg",),
    "kubernetes.io/dockerconfigjson": (".dockerconfigjson",),
    "kubernetes.io/ssh-auth": ("ssh-privatekey",),
    "kubernetes.io/tls": ("tls.crt", "tls.key"),
}


def _keys(held: Obj, field: str) -> list[FieldError]:
    return [invalid(f"{field}[{key}]", key, each) for key in sorted(held) for each in names.config_key(key)]


def validate_config_map(config: Obj) -> list[FieldError]:
    """Keys, each once, and the size."""
    data, binary = config.get("data", {}), config.get("binaryData", {})
    errors: list[FieldError] = []
    for key in sorted(data):
        errors += [invalid(f"data[{key}]", key, each) for each in names.config_key(key)]
        if key in binary:
            errors.append(invalid(f"data[{key}]", key, "duplicate of key present in binaryData"))
    errors += _keys(binary, "binaryData")
    if sum(len(value.encode()) for value in data.values()) + sum(_decoded(value) for value in binary.values()) > MOST_BYTES:
        errors.append(too_long("[]", MOST_BYTES))
    return errors


def _decoded(text: str) -> int:
    return len(text) * 3 // 4 - text.count("=")


def update_config_map(new: Obj, old: Obj) -> list[FieldError]:
    """Nothing, once it is immutable."""
    errors: list[FieldError] = []
    if old.get("immutable"):
        if not new.get("immutable"):
            errors.append(forbidden("immutable", FROZEN))
        errors += [forbidden(name, FROZEN) for name in ("data", "binaryData") if new.get(name, {}) != old.get(name, {})]
    return errors + validate_config_map(new)


def validate_secret(secret: Obj) -> list[FieldError]:
    """Keys, the size, and what its type asks for."""
    data = secret.get("data", {})
    errors = _keys(data, "data")
    if sum(map(_decoded, data.values())) > MOST_BYTES:
        errors.append(too_long("data", MOST_BYTES))
    kind = secret.get("type", "")
    if kind == "kubernetes.io/service-account-token" and not secret["metadata"].get("annotations", {}).get(
        "kubernetes.io/service-account.name"
    ):
        errors.append(required("metadata.annotations[kubernetes.io/service-account.name]"))
    errors += [required(f"data[{key}]") for key in _SECRET_KEYS.get(kind, ()) if key not in data]
    if kind == "kubernetes.io/basic-auth" and not {"username", "password"} & set(data):
        errors += [required("data[username]"), required("data[password]")]
    return errors


def update_secret(new: Obj, old: Obj) -> list[FieldError]:
    """The type stays; nothing changes, once it is immutable."""
    errors = [] if new.get("type") == old.get("type") else [invalid("type", new.get("type", ""), "field is immutable")]
    if old.get("immutable"):
        if not new.get("immutable"):
            errors.append(forbidden("immutable", FROZEN))
        if new.get("data", {}) != old.get("data", {}):
            errors.append(forbidden("data", FROZEN))
    return errors + validate_secret(new)


def validate_priority_class(class_: Obj) -> list[FieldError]:
    """Names beginning with `system-` are the system's own."""
    name, value = class_["metadata"].get("name", ""), class_.get("value", 0)
    errors: list[FieldError] = []
    if name.startswith("system-"):
        told = "priority class names with 'system-' prefix are reserved for system use only. error: "
        if name not in SYSTEM:
            errors.append(forbidden("metadata.name", f"{told}{name} is not a known system priority class"))
        elif value != SYSTEM[name]:
            errors.append(forbidden("metadata.name", f"{told}value of {name} PriorityClass must be {SYSTEM[name]}"))
    elif value > MOST_PRIORITY:
        errors.append(forbidden("value", f"maximum allowed value of a user defined priority is {MOST_PRIORITY}"))
    policy = class_.get("preemptionPolicy", "Never")
    if policy not in ("PreemptLowerPriority", "Never"):
        errors.append(unsupported("preemptionPolicy", policy, ["PreemptLowerPriority", "Never"]))
    return errors


def update_priority_class(new: Obj, old: Obj) -> list[FieldError]:
    """Value and policy stay."""
    errors = [forbidden("value", "may not be changed in an update.")] if new.get("value", 0) != old.get("value", 0) else []
    if new.get("preemptionPolicy") != old.get("preemptionPolicy"):
        errors.append(invalid("preemptionPolicy", new.get("preemptionPolicy"), "field is immutable"))
    return errors


def validate_runtime_class(class_: Obj) -> list[FieldError]:
    """A RuntimeClass: its handler's name, and what it asks of nodes."""
    handler = class_.get("handler", "")
    errors = [invalid("handler", handler, each) for each in names.label(handler)]
    fixed = (class_.get("overhead") or {}).get("podFixed") or {}
    errors += validate_requirements({"limits": fixed}, "overhead.podFixed", []) if fixed else []
    scheduling = class_.get("scheduling") or {}
    return errors + labels(scheduling.get("nodeSelector", {}), "scheduling.nodeSelector")


def update_runtime_class(new: Obj, old: Obj) -> list[FieldError]:
    """The handler stays."""
    same = new.get("handler") == old.get("handler")
    return validate_runtime_class(new) + ([] if same else [invalid("handler", new.get("handler", ""), "field is immutable")])
