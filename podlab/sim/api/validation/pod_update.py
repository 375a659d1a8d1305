"""What may change of a Pod: through its main door, its status, its ephemeral containers, a resize.

Upstream: pkg/apis/core/validation/validation.go (ValidatePodUpdate, ValidatePodStatusUpdate, ValidatePodResize). Left out: Windows.
"""

from __future__ import annotations

from collections.abc import Sequence

from podlab.sim.api import names, qos, quantities
from podlab.sim.api.internal import internal, text
from podlab.sim.api.text_diff import hunks
from podlab.sim.api.validation import metadata
from podlab.sim.api.validation.affinity import validate_tolerations
from podlab.sim.api.validation.errors import FieldError, forbidden, invalid, required
from podlab.sim.api.validation.gated import munge_gated
from podlab.sim.api.validation.pod import MIRROR, validate_metadata_and_spec
from podlab.sim.changes import Obj

UPDATABLE = (
    "`spec.containers[*].image`",
    "`spec.initContainers[*].image`",
    "`spec.activeDeadlineSeconds`",
    "`spec.tolerations` (only additions to existing tolerations)",
    "`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)",
)
BACK = "may not be transitioned to non-terminated state"
_HOST = ("HostNetwork", "HostPID", "HostIPC")


def validate_update(new: Obj, old: Obj) -> list[FieldError]:
    """MU-1: the ordinary update."""
    errors = validate_metadata_and_spec(new) + _mirror(new, old)
    spec, held = new["spec"], old["spec"]
    for group in ("containers", "initContainers"):
        fresh, stop = _images(spec.get(group) or [], held.get(group) or [], f"spec.{group}")
        errors += fresh
        if stop:
            return errors
    deadline, stop = _deadline(spec.get("activeDeadlineSeconds"), held.get("activeDeadlineSeconds"))
    errors += deadline
    if stop:
        return errors
    errors += _tolerations(spec.get("tolerations", []), held.get("tolerations", []))
    errors += _gates(spec.get("schedulingGates", []), held.get("schedulingGates", []))
    munged = _munged(spec, held)
    if held.get("schedulingGates"):
        errors += munge_gated(munged, held)
    if munged != held:
        told = f"pod updates may not change fields other than {','.join(UPDATABLE)}\n{hunks(_shown(held), _shown(munged))}"
        errors.append(forbidden("spec", told))
    return errors


def _mirror(new: Obj, old: Obj) -> list[FieldError]:
    was, now = old["metadata"].get("annotations", {}), new["metadata"].get("annotations", {})
    if was.get(MIRROR) == now.get(MIRROR):
        return []
    what = "remove or update" if MIRROR in was else "add"
    return [forbidden(f"metadata.annotations[{MIRROR}]", f"may not {what} mirror pod annotation")]


def _images(new: Sequence[Obj], old: Sequence[Obj], path: str) -> tuple[list[FieldError], bool]:
    if len(new) != len(old):
        return [forbidden(path, "pod updates may not add or remove containers")], True
    errors = []
    for number, container in enumerate(new):
        image = container.get("image", "")
        if not image:
            errors.append(required(f"{path}[{number}].image"))
        if image != image.strip():
            errors.append(invalid(f"{path}[{number}].image", image, "must not have leading or trailing whitespace"))
    return errors, False


def _deadline(new: int | None, old: int | None) -> tuple[list[FieldError], bool]:
    path = "spec.activeDeadlineSeconds"
    if new is None:
        return ([invalid(path, None, "must not update from a positive integer to nil value")] if old is not None else []), False
    if not 0 <= new <= 2**31 - 1:
        return [invalid(path, new, "must be between 0 and 2147483647, inclusive")], True
    if old is not None and old < new:
        return [invalid(path, new, "must be less than or equal to previous value")], True
    return [], False


def _tolerations(new: list[Obj], old: list[Obj]) -> list[FieldError]:
    plain = [{**each, "tolerationSeconds": None} for each in new]
    if any({**each, "tolerationSeconds": None} not in plain for each in old):
        return [forbidden("spec.tolerations", "existing toleration can not be modified except its tolerationSeconds")]
    return validate_tolerations(new, "spec.tolerations")


def _gates(new: list[Obj], old: list[Obj]) -> list[FieldError]:
    held = [each.get("name") for each in old]
    told = "only deletion is allowed, but found new scheduling gate '{}'"
    return [
        forbidden(f"spec.schedulingGates[{number}].name", told.format(each.get("name")))
        for number, each in enumerate(new)
        if each.get("name") not in held
    ]


def _munged(spec: Obj, held: Obj) -> Obj:
    """The new spec with all that may change set back to what it was."""
    out = dict(spec)
    for group in ("containers", "initContainers"):
        if spec.get(group):
            out[group] = [{**each, "image": was.get("image", "")} for each, was in zip(spec[group], held[group], strict=True)]
    for name in ("activeDeadlineSeconds", "schedulingGates", "tolerations"):
        out.pop(name, None)
        if name in held:
            out[name] = held[name]
    if held.get("terminationGracePeriodSeconds", 0) < 0 and spec.get("terminationGracePeriodSeconds") == 1:
        out["terminationGracePeriodSeconds"] = held["terminationGracePeriodSeconds"]
    return out


def _shown(spec: Obj) -> str:
    """A spec as the diff shows it; the host's namespaces stand in the internal security context."""
    out = internal("core/v1.PodSpec", {"securityContext": {}, **spec})
    context = out["SecurityContext"]
    for name in _HOST:
        context[name] = spec.get(name[0].lower() + name[1:], False)
    context["ShareProcessNamespace"], context["HostUsers"] = spec.get("shareProcessNamespace"), spec.get("hostUsers")
    out["ServiceAccountName"] = spec.get("serviceAccountName", "")
    return text(out)


def validate_status(new: Obj, old: Obj) -> list[FieldError]:
    """MU-4, MU-5, PH-14: the status."""
    errors = metadata.validate_update(new["metadata"], old["metadata"]) + _mirror(new, old)
    status, held, spec = new.get("status", {}), old.get("status", {}), old["spec"]
    for number, each in enumerate(status.get("conditions", ())):
        if each.get("type") not in ("PodScheduled", "Ready", "Initialized"):
            errors += [
                invalid(f"metadata.conditions[{number}].Type", each.get("type", ""), told) for told in names.qualified(each.get("type", ""))
            ]
    if status.get("qosClass", "") != held.get("qosClass", ""):
        errors.append(invalid("status.qosClass", status.get("qosClass", ""), "field is immutable"))
    sidecars = {each["name"] for each in spec.get("initContainers", ()) if each.get("restartPolicy") == "Always"}
    policy = spec.get("restartPolicy", "Always")
    errors += transitions(status, held, "containerStatuses", policy)
    errors += transitions(status, held, "initContainerStatuses", policy, sidecars)
    errors += transitions(status, held, "ephemeralContainerStatuses", "Never")
    for name, inner in (("podIPs", "ip"), ("hostIPs", "ip")):
        for number, each in enumerate(status.get(name, ())):
            errors += [invalid(f"status.{name}[{number}]", each.get(inner, ""), told) for told in names.ip_address(each.get(inner, ""))]
    return errors


def transitions(new: Obj, old: Obj, name: str, policy: str, exempt: set[str] | frozenset[str] = frozenset()) -> list[FieldError]:
    """No container comes back from terminated where it may not be restarted."""
    if policy == "Always":
        return []
    now = {each.get("name"): each for each in new.get(name, ())}
    errors = []
    for number, each in enumerate(old.get(name, ())):
        ended = each.get("state", {}).get("terminated")
        if ended is None or each.get("name") in exempt or (policy == "OnFailure" and ended.get("exitCode", 0) != 0):
            continue
        found = now.get(each.get("name"))
        if found is not None and "terminated" not in found.get("state", {}):
            errors.append(forbidden(f"status.{name}[{number}].state", BACK))
    return errors


def validate_ephemeral(new: Obj, old: Obj) -> list[FieldError]:
    """MU-3: ephemeral containers are only added."""
    if MIRROR in old["metadata"].get("annotations", {}):
        return [forbidden("", "static pods do not support ephemeral containers")]
    errors = metadata.validate_update(new["metadata"], old["metadata"]) + validate_metadata_and_spec(new)
    now = {each.get("name"): each for each in new["spec"].get("ephemeralContainers", ())}
    for each in old["spec"].get("ephemeralContainers", ()):
        found, name = now.get(each["name"]), each["name"]
        if found is None:
            errors.append(forbidden("spec.ephemeralContainers", f'existing ephemeral containers "{name}" may not be removed\n'))
        elif found != each:
            sides = (text(internal("core/v1.EphemeralContainer", side)) for side in (each, found))
            errors.append(
                forbidden("spec.ephemeralContainers", f'existing ephemeral containers "{name}" may not be changed\n{hunks(*sides)}')
            )
    return errors


def validate_resize(new: Obj, old: Obj) -> list[FieldError]:
    """MU-2: only cpu and memory, never away, never another QoS class."""
    if MIRROR in old["metadata"].get("annotations", {}):
        return [forbidden("", "static pods cannot be resized")]
    errors = metadata.validate_update(new["metadata"], old["metadata"]) + validate_metadata_and_spec(new)
    class_ = old.get("status", {}).get("qosClass") or qos.qos_class(old["spec"])
    if class_ != qos.qos_class(new["spec"]):
        errors.append(invalid("spec", class_, "Pod QOS Class may not change as a result of resizing"))
    if not _supported(old):
        errors.append(forbidden("spec", "Pod running on node without support for resize"))
    for group in ("initContainers", "containers"):
        for number, (now, was) in enumerate(zip(new["spec"].get(group) or (), old["spec"].get(group) or (), strict=True)):
            errors += _removed(now.get("resources", {}), was.get("resources", {}), f"spec.{group}[{number}].resources")
    if old["spec"].get("resources") and not new["spec"].get("resources"):
        errors.append(forbidden("spec.resources", "pod-level resources cannot be removed"))
    changed = [
        number
        for group in ("containers", "initContainers")
        for number, (now, was) in enumerate(zip(_others(new["spec"], group), _others(old["spec"], group), strict=True))
        if now != was
    ]
    return errors + [forbidden("spec", "only cpu and memory resources are mutable") for _ in changed]


def _supported(pod: Obj) -> bool:
    running = [each for each in pod.get("status", {}).get("containerStatuses", ()) if "running" in each.get("state", {})]
    return not running or "resources" in running[0]


def _removed(new: Obj, old: Obj, path: str) -> list[FieldError]:
    return [
        forbidden(f"{path}.{name}", f"resource {name} cannot be removed")
        for name in ("requests", "limits")
        if set(old.get(name, {})) - set(new.get(name, {}))
    ]


def _others(spec: Obj, group: str) -> list[dict[str, object]]:
    """Everything of each container but cpu, memory and what is to happen when they change."""
    return [
        {key: value for key, value in each.items() if key not in ("resources", "resizePolicy")}
        | {name: _other_amounts(each.get("resources", {}).get(name, {})) for name in ("requests", "limits")}
        for each in spec.get(group) or ()
    ]


def _other_amounts(amounts: dict[str, str]) -> dict[str, object]:
    return {key: quantities.parse(value) for key, value in amounts.items() if key not in ("cpu", "memory")}
