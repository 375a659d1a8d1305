"""Validation of requests and limits, of containers and of whole Pods.

Upstream: pkg/apis/core/validation/validation.go (ValidateContainerResourceRequirements, validatePodResources). Left out: nothing.
"""

from __future__ import annotations

from fractions import Fraction

from podlab.sim.api import names, quantities
from podlab.sim.api.validation.errors import FieldError, duplicate, forbidden, invalid, not_found, required, unsupported
from podlab.sim.changes import Obj

CONTAINER = ("cpu", "memory", "ephemeral-storage")
QUOTA = ("pods", "services", "replicationcontrollers", "resourcequotas", "secrets", "configmaps", "persistentvolumeclaims")
COUNTED = (*QUOTA, "services.nodeports", "services.loadbalancers")
REQUESTED = ("requests.cpu", "requests.memory", "requests.storage", "requests.ephemeral-storage")
STANDARD = (*CONTAINER, *COUNTED, *REQUESTED, "storage", "limits.cpu", "limits.memory", "limits.ephemeral-storage")
NEGATIVE = "must be greater than or equal to 0"


def is_huge(name: str) -> bool:
    """`hugepages-2Mi` …"""
    return name.startswith("hugepages-")


def is_native(name: str) -> bool:
    """Kubernetes' own resources."""
    return "/" not in name or "kubernetes.io/" in name


def is_extended(name: str) -> bool:
    """What a device plug-in offers."""
    return not is_native(name) and not name.startswith("requests.") and not names.qualified(f"requests.{name}")


def may_overcommit(name: str) -> bool:
    """Whether the limit may be more than the request."""
    return is_native(name) and not is_huge(name)


def validate_name(name: str, path: str) -> list[FieldError]:
    """A resource's name."""
    errors = [invalid(path, name, each) for each in names.qualified(name)]
    if not errors and "/" not in name and name not in STANDARD and not is_huge(name):
        errors.append(invalid(path, name, "must be a standard resource type or fully qualified"))
    return errors


def _container_name(name: str, path: str) -> list[FieldError]:
    errors = validate_name(name, path)
    if "/" not in name:
        if name not in CONTAINER and not is_huge(name):
            errors.append(invalid(path, name, "must be a standard resource for containers"))
    elif not is_native(name) and not is_extended(name):
        errors.append(invalid(path, name, "doesn't follow extended resource name standard"))
    return errors


def validate_quantity(name: str, value: str, path: str) -> list[FieldError]:
    """Not negative, and whole where it counts things."""
    amount = quantities.parse(value)
    errors = [invalid(path, value, NEGATIVE)] if amount < 0 else []
    whole = name in COUNTED or name.startswith("count/") or is_extended(name)
    if whole and amount.denominator != 1:
        errors.append(invalid(path, value, "must be an integer"))
    return errors


def _huge(name: str, value: str, path: str) -> list[FieldError]:
    if not is_huge(name):
        return []
    try:
        size = quantities.parse(name.removeprefix("hugepages-"))
    except ValueError:
        return []
    amount = quantities.parse(value)
    fits = size > 0 and (amount / size).denominator == 1
    return [] if fits else [invalid(path, value, f"{value} is not positive integer multiple of {name}")]


def validate_requirements(resources: Obj, path: str, claims: list[str]) -> list[FieldError]:
    """Requests and limits of a container."""
    limits, requests = resources.get("limits", {}), resources.get("requests", {})
    errors: list[FieldError] = []
    for name in sorted(limits):
        where = f"{path}.limits[{name}]"
        errors += _container_name(name, where) + validate_quantity(name, limits[name], where) + _huge(name, limits[name], where)
    for name in sorted(requests):
        where = f"{path}.requests[{name}]"
        errors += _container_name(name, where) + validate_quantity(name, requests[name], where)
        errors += _against_limit(name, requests[name], limits.get(name), path)
        errors += _huge(name, requests[name], where)
    held = {*limits, *requests}
    if any(map(is_huge, held)) and not held & {"cpu", "memory"}:
        errors.append(forbidden(path, "HugePages require cpu or memory"))
    return errors + _claims(resources.get("claims", []), claims, f"{path}.claims")


def _against_limit(name: str, request: str, limit: str | None, path: str) -> list[FieldError]:
    if limit is None:
        return [] if may_overcommit(name) else [required(f"{path}.limits", "Limit must be set for non overcommitable resources")]
    asked, most = quantities.parse(request), quantities.parse(limit)
    if asked != most and not may_overcommit(name):
        return [invalid(f"{path}.requests", request, f"must be equal to {name} limit of {limit}")]
    if asked > most:
        return [invalid(f"{path}.requests", request, f"must be less than or equal to {name} limit of {limit}")]
    return []


def _claims(wanted: list[Obj], claims: list[str], path: str) -> list[FieldError]:
    errors: list[FieldError] = []
    seen: set[str] = set()
    for number, each in enumerate(wanted):
        where, name = f"{path}[{number}]", each.get("name", "")
        if not name:
            errors.append(required(where))
            continue
        if name in seen:
            errors.append(duplicate(where, name))
        seen.add(name)
        if name not in claims:
            known = f": {', '.join(sorted(claims))}" if claims else " which is empty"
            errors.append(not_found(where, name, f"must be one of the names in pod.spec.resourceClaims{known}"))
    return errors


def validate_pod_level(spec: Obj, path: str) -> list[FieldError]:
    """Requests and limits of the whole Pod, and that the containers' fit into them."""
    resources = spec.get("resources")
    if resources is None:
        return []
    errors: list[FieldError] = []
    if resources.get("claims"):
        errors.append(forbidden(f"{path}.claims", "claims cannot be set for Resources at pod-level"))
    limits, requests = resources.get("limits", {}), resources.get("requests", {})
    for name in sorted(limits):
        where = f"{path}.limits[{name}]"
        errors += _pod_name(name, where) + validate_quantity(name, limits[name], where) + _huge(name, limits[name], where)
    for name in sorted(requests):
        where = f"{path}.requests[{name}]"
        errors += _pod_name(name, where) + validate_quantity(name, requests[name], where)
        errors += _against_limit(name, requests[name], limits.get(name), path)
    return errors + _fits(spec, limits, requests, path)


def _pod_name(name: str, path: str) -> list[FieldError]:
    errors = validate_name(name, path)
    if not errors and name not in ("cpu", "memory") and not is_huge(name):
        errors.append(unsupported(path, name, ["cpu", "hugepages-", "memory"]))
    return errors


def _fits(spec: Obj, limits: Obj, requests: Obj, path: str) -> list[FieldError]:
    errors: list[FieldError] = []
    for name, total in sorted(aggregate(spec).items()):
        held = requests.get(name, "0")
        if total > quantities.parse(held):
            shown = quantities.render(total, "binary" if name == "memory" else "decimal")
            errors.append(
                invalid(f"{path}.requests[{name}]", held, f"must be greater than or equal to aggregate container requests of {shown}")
            )
    for number, container in enumerate(spec.get("containers") or ()):
        for name, limit in sorted(container.get("resources", {}).get("limits", {}).items()):
            if name in limits and quantities.parse(limit) > quantities.parse(limits[name]):
                where = f"{path}.containers[{number}][{name}].limits"
                errors.append(invalid(where, limit, f"must be less than or equal to pod limits of {limits[name]}"))
    return errors


def aggregate(spec: Obj) -> dict[str, Fraction]:
    """What the containers request together: ordinary ones and sidecars summed, init containers one at a time."""
    total: dict[str, Fraction] = {}
    for container in spec.get("containers") or ():
        _add(total, container)
    sidecars: dict[str, Fraction] = {}
    peak: dict[str, Fraction] = {}
    for container in spec.get("initContainers", ()):
        if container.get("restartPolicy") == "Always":
            _add(total, container)
            _add(sidecars, container)
            now = sidecars
        else:
            now = dict(sidecars)
            _add(now, container)
        for name, value in now.items():
            peak[name] = max(peak.get(name, Fraction(0)), value)
    return {name: max(total.get(name, Fraction(0)), peak.get(name, Fraction(0))) for name in {**total, **peak}}


def _add(total: dict[str, Fraction], container: Obj) -> None:
    for name, value in container.get("resources", {}).get("requests", {}).items():
        total[name] = total.get(name, Fraction(0)) + quantities.parse(value)
