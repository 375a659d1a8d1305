"""Validation of security contexts.

Upstream: pkg/apis/core/validation/validation.go (validatePodSpecSecurityContext, ValidateSecurityContext). Left out: Windows.
"""

from __future__ import annotations

import re

from podlab.sim.api.internal import Raw, internal
from podlab.sim.api.validation.errors import FieldError, duplicate, forbidden, invalid, required, unsupported
from podlab.sim.api.validation.mounts import local_path
from podlab.sim.changes import Obj

ID_RANGE = "must be between 0 and 2147483647, inclusive"
SYSCTL = r"^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$"
PROFILES = ["Localhost", "RuntimeDefault", "Unconfined"]


def _id(context: Obj, name: str, path: str) -> list[FieldError]:
    value = context.get(name)
    return [invalid(f"{path}.{name}", value, ID_RANGE)] if value is not None and not 0 <= value <= 2**31 - 1 else []


def validate_pod_context(spec: Obj, path: str) -> list[FieldError]:
    """The Pod's security context, with the host's namespaces that it knows of."""
    context = spec.get("securityContext") or {}
    errors = _id(context, "fsGroup", path) + _id(context, "runAsUser", path) + _id(context, "runAsGroup", path)
    for number, group in enumerate(context.get("supplementalGroups", ())):
        if not 0 <= group <= 2**31 - 1:
            errors.append(invalid(f"{path}.supplementalGroups[{number}]", group, ID_RANGE))
    if spec.get("shareProcessNamespace") and spec.get("hostPID"):
        errors.append(invalid(f"{path}.shareProcessNamespace", True, "ShareProcessNamespace and HostPID cannot both be enabled"))
    errors += _sysctls(context.get("sysctls", []), f"{path}.sysctls", spec)
    errors += _choice(context, "fsGroupChangePolicy", ["Always", "OnRootMismatch"], path)
    errors += _seccomp(context.get("seccompProfile"), f"{path}.seccompProfile")
    errors += _app_armor(context.get("appArmorProfile"), f"{path}.appArmorProfile")
    errors += _choice(context, "supplementalGroupsPolicy", ["Merge", "Strict"], path)
    return errors + _choice(context, "seLinuxChangePolicy", ["MountOption", "Recursive"], path)


def _choice(context: Obj, name: str, allowed: list[str], path: str) -> list[FieldError]:
    value = context.get(name)
    return [] if value is None or value in allowed else [unsupported(f"{path}.{name}", value, allowed)]


def _sysctls(sysctls: list[Obj], path: str, spec: Obj) -> list[FieldError]:
    errors: list[FieldError] = []
    seen: set[str] = set()
    for number, each in enumerate(sysctls):
        where, name = f"{path}[{number}].name", each.get("name", "")
        if not name:
            errors.append(required(where))
        elif len(name) > 253 or not re.match(SYSCTL, name):
            errors.append(invalid(where, name, f"must have at most 253 characters and match regex {SYSCTL}"))
        elif name in seen:
            errors.append(duplicate(where, name))
        seen.add(name)
        host = _host_namespace(name)
        if host and spec.get(host):
            errors.append(invalid(where, name, f"may not be specified when '{host}' is true"))
    return errors


def _host_namespace(name: str) -> str:
    plain = name.replace("/", ".")
    if plain.startswith("net."):
        return "hostNetwork"
    return "hostIPC" if plain.startswith(("kernel.shm", "kernel.msg", "fs.mqueue.")) or plain == "kernel.sem" else ""


def _seccomp(profile: Obj | None, path: str) -> list[FieldError]:
    if profile is None:
        return []
    kind, local = profile.get("type", ""), profile.get("localhostProfile")
    errors: list[FieldError] = []
    if not kind:
        errors.append(required(f"{path}.type", "type is required when seccompProfile is set"))
    elif kind not in PROFILES:
        errors.append(unsupported(f"{path}.type", kind, PROFILES))
    if kind == "Localhost":
        if local is None:
            return [*errors, required(f"{path}.localhostProfile", "must be set when seccomp type is Localhost")]
        return errors + local_path(local, f"{path}.localhostProfile")
    if local is not None:
        errors.append(
            invalid(
                f"{path}.localhostProfile",
                Raw(internal("core/v1.SeccompProfile", profile)),
                "can only be set when seccomp type is Localhost",
            )
        )
    return errors


def _app_armor(profile: Obj | None, path: str) -> list[FieldError]:
    if profile is None:
        return []
    kind, local = profile.get("type", ""), profile.get("localhostProfile")
    if kind == "Localhost":
        if not local:
            return [required(f"{path}.localhostProfile", "must be set when AppArmor type is Localhost")]
        return [] if local == local.strip() else [invalid(f"{path}.localhostProfile", local, "must not be padded with whitespace")]
    if not kind:
        return [required(f"{path}.type", "type is required when appArmorProfile is set")]
    if kind not in PROFILES:
        return [unsupported(f"{path}.type", kind, PROFILES)]
    return [] if local is None else [invalid(f"{path}.localhostProfile", local, "can only be set when AppArmor type is Localhost")]


def validate_container_context(context: Obj | None, path: str, *, host_users: bool) -> list[FieldError]:
    """A container's security context."""
    if context is None:
        return []
    errors = _id(context, "runAsUser", path) + _id(context, "runAsGroup", path)
    errors += _choice(context, "procMount", ["Default", "Unmasked"], path)
    if context.get("procMount") == "Unmasked" and host_users:
        errors.append(invalid(f"{path}.procMount", "Unmasked", "`hostUsers` must be false to use `Unmasked`"))
    errors += _seccomp(context.get("seccompProfile"), f"{path}.seccompProfile")
    if context.get("allowPrivilegeEscalation") is False:
        shown = Raw(internal("core/v1.SecurityContext", context))
        if context.get("privileged"):
            errors.append(invalid(path, shown, "cannot set `allowPrivilegeEscalation` to false and `privileged` to true"))
        if "CAP_SYS_ADMIN" in context.get("capabilities", {}).get("add", ()):
            errors.append(invalid(path, shown, "cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN"))
    return errors + _app_armor(context.get("appArmorProfile"), f"{path}.appArmorProfile")


def validate_host_users(spec: Obj, path: str) -> list[FieldError]:
    """A user namespace does not go with the host's other ones."""
    if spec.get("hostUsers") is not False:
        return []
    names = (("hostNetwork", "hostNetwork"), ("hostPID", "HostPID"), ("hostIPC", "HostIPC"))
    return [forbidden(f"{path}.{shown}", "when `pod.Spec.HostUsers` is false") for name, shown in names if spec.get(name)]
