"""What objects use of a ResourceQuota, and which quotas mean them.

Upstream: pkg/quota/v1/evaluator/core. Left out: claims, dynamic resources.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from podlab.sim.api import quantities
from podlab.sim.api.qos import qos_class
from podlab.sim.api.resources import RESOURCES
from podlab.sim.changes import Obj

Usage = dict[str, Fraction]
COUNTED = ("configmaps", "secrets", "services", "replicationcontrollers", "persistentvolumeclaims", "resourcequotas")
COMPUTE = ("cpu", "memory", "ephemeral-storage", "requests.", "limits.", "hugepages-")


def usage(resource: str, obj: Obj) -> Usage:
    """What one object uses, by the names that quotas have for it."""
    group = RESOURCES[resource].group
    found: Usage = {f"count/{resource}.{group}" if group else f"count/{resource}": Fraction(1)}
    if resource in COUNTED:
        found[resource] = Fraction(1)
    if resource == "services":
        found |= _service(obj)
    elif resource == "pods" and (obj.get("status") or {}).get("phase") not in ("Succeeded", "Failed"):
        found |= _pod(obj)
    return found


def _service(service: Obj) -> Usage:
    type_, ports = service["spec"].get("type"), Fraction(len(service["spec"].get("ports") or ()))
    if type_ not in ("NodePort", "LoadBalancer"):
        return {}
    return {"services.nodeports": ports} | ({"services.loadbalancers": Fraction(1)} if type_ == "LoadBalancer" else {})


def _pod(pod: Obj) -> Usage:
    found: Usage = {"pods": Fraction(1)}
    for kind in ("requests", "limits"):
        for name, value in _sum(pod["spec"], kind).items():
            found[f"{kind}.{name}"] = value
            if kind == "requests" and name in ("cpu", "memory", "ephemeral-storage"):
                found[name] = value
    return found


def _sum(spec: Obj, kind: str) -> Usage:
    """Containers and sidecars added up, or the largest init container; pod-level resources stand for them."""
    running: Usage = {}
    for each in spec.get("containers") or ():
        _add(running, _of(each, kind))
    largest: Usage = {}
    sidecars: Usage = {}
    for each in spec.get("initContainers") or ():
        own = dict(sidecars)
        _add(own, _of(each, kind))
        if each.get("restartPolicy") == "Always":
            sidecars = own
        for name, value in own.items():
            largest[name] = max(value, largest.get(name, Fraction(0)))
    _add(running, sidecars)
    for name, value in largest.items():
        running[name] = max(value, running.get(name, Fraction(0)))
    return running | _of(spec, kind)


def _of(holder: Obj, kind: str) -> Usage:
    return {name: quantities.parse(value) for name, value in ((holder.get("resources") or {}).get(kind) or {}).items()}


def _add(into: Usage, more: Usage) -> None:
    for name, value in more.items():
        into[name] = into.get(name, Fraction(0)) + value


def missing(pod: Obj, hard: Iterable[str]) -> dict[str, list[str]]:
    """Which containers do not say what a quota has to count: name → containers."""
    found: dict[str, list[str]] = {}
    for name in sorted(hard):
        kind, bare = (
            ("limits", name.removeprefix("limits.")) if name.startswith("limits.") else ("requests", name.removeprefix("requests."))
        )
        if not name.startswith(COMPUTE) or bare not in ("cpu", "memory") or bare in _of(pod["spec"], kind):
            continue
        holders = [*(pod["spec"].get("containers") or ()), *(pod["spec"].get("initContainers") or ())]
        silent = [each["name"] for each in holders if bare not in _of(each, kind)]
        if silent:
            found[name] = silent
    return found


def means(quota: Obj, resource: str, obj: Obj) -> bool:
    """Whether the quota's scopes mean the object."""
    spec = quota["spec"]
    wanted: list[Obj] = [{"scopeName": each, "operator": "Exists"} for each in spec.get("scopes") or ()]
    wanted += (spec.get("scopeSelector") or {}).get("matchExpressions") or ()
    return not wanted or (resource == "pods" and all(_scope(each, obj["spec"]) for each in wanted))


def _scope(wanted: Obj, spec: Obj) -> bool:
    name = wanted["scopeName"]
    if name == "PriorityClass":
        held, values = spec.get("priorityClassName", ""), wanted.get("values") or ()
        return {"In": held in values, "NotIn": held not in values, "Exists": bool(held), "DoesNotExist": not held}[wanted["operator"]]
    deadline, effort = "activeDeadlineSeconds" in spec, qos_class(spec) == "BestEffort"
    return {
        "Terminating": deadline,
        "NotTerminating": not deadline,
        "BestEffort": effort,
        "NotBestEffort": not effort,
        "CrossNamespacePodAffinity": False,
    }[name]


def text(value: Fraction, like: str) -> str:
    """A number as a quantity in the format of another."""
    binary = str(like)[-2:] in quantities.BINARY or (like in ("memory", "ephemeral-storage"))
    return quantities.render(value, "binary" if binary else "decimal")
