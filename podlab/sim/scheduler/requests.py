"""What a Pod asks for, as the scheduler, the scorers and the kubelet add it up.

Amounts are integers: cpu in thousandths, everything else in whole units, rounded up.

Upstream: staging/src/k8s.io/component-helpers/resource/helpers.go. Left out: nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache

from podlab.sim.api import quantities
from podlab.sim.changes import Obj

Amounts = dict[str, int]
DEFAULT_CPU = 100
DEFAULT_MEMORY = 200 * 1024 * 1024
NON_ZERO: Amounts = {"cpu": DEFAULT_CPU, "memory": DEFAULT_MEMORY}
NATIVE = ("cpu", "memory", "ephemeral-storage", "pods")


@lru_cache(maxsize=4096)
def amount(resource: str, quantity: str) -> int:
    """One quantity of `resource` as an integer."""
    return quantities.milli(quantity) if resource == "cpu" else quantities.whole(quantity)


def amounts(listed: Mapping[str, str] | None) -> Amounts:
    """A resource list as integers."""
    return {name: amount(name, str(quantity)) for name, quantity in listed.items()} if listed else {}


def pod_requests(pod: Obj, missing: Amounts | None = None, *, use_status: bool = True) -> Amounts:
    """What the Pod asks for in all. `missing`: what a container counts that asks for nothing of a resource; `use_status`: mind resizes."""
    spec = pod.get("spec") or {}
    status = (pod.get("status") or {}) if use_status else {}
    total = _aggregate(spec, "requests", missing, _statuses(status), infeasible=_resize_infeasible(status))
    total |= {name: value for name, value in amounts((spec.get("resources") or {}).get("requests")).items() if _pod_level(name)}
    return _add(total, amounts(spec.get("overhead")))


def pod_limits(pod: Obj, *, overhead: bool = True) -> Amounts:
    """The Pod's limits in all; overhead counts only where there is a limit."""
    spec = pod.get("spec") or {}
    total = _aggregate(spec, "limits", None, {}, infeasible=False)
    total |= {name: value for name, value in amounts((spec.get("resources") or {}).get("limits")).items() if _pod_level(name)}
    if overhead:
        total = _add(total, {name: value for name, value in amounts(spec.get("overhead")).items() if total.get(name)})
    return total


def is_sidecar(container: Obj) -> bool:
    """Whether an init container keeps running."""
    return container.get("restartPolicy") == "Always"


def is_extended(resource: str) -> bool:
    """Whether a resource is none of the kubelet's own (extended resources, hugepages, attachable volumes)."""
    return resource not in NATIVE


def _aggregate(spec: Obj, kind: str, missing: Amounts | None, statuses: Mapping[str, Obj], *, infeasible: bool) -> Amounts:
    total: Amounts = {}
    for container in spec.get("containers") or ():
        total = _add(total, _of(container, kind, missing, statuses, infeasible=infeasible))
    sidecars: Amounts = {}
    highest: Amounts = {}
    for container in spec.get("initContainers") or ():
        own = _of(container, kind, missing, statuses, infeasible=infeasible)
        if is_sidecar(container):
            total, sidecars = _add(total, own), _add(sidecars, own)
            own = sidecars
        else:
            own = _add(own, sidecars)
        highest = _highest(highest, own)
    return _highest(total, highest)


def _of(container: Obj, kind: str, missing: Amounts | None, statuses: Mapping[str, Obj], *, infeasible: bool) -> Amounts:
    own = amounts((container.get("resources") or {}).get(kind))
    status = statuses.get(container.get("name", ""))
    if status is not None:
        running = _highest(amounts((status.get("resources") or {}).get(kind)), amounts(status.get("allocatedResources")))
        own = running if infeasible and running else _highest(own, running)
    return {**missing, **own} if missing else own


def _statuses(status: Obj) -> dict[str, Obj]:
    every = [*(status.get("containerStatuses") or ()), *(status.get("initContainerStatuses") or ())]
    return {each["name"]: each for each in every if "resources" in each or "allocatedResources" in each}


def _resize_infeasible(status: Obj) -> bool:
    return any(each["type"] == "PodResizePending" and each.get("reason") == "Infeasible" for each in status.get("conditions") or ())


def _pod_level(resource: str) -> bool:
    return resource in ("cpu", "memory") or resource.startswith("hugepages-")


def _add(left: Amounts, right: Amounts) -> Amounts:
    if not right:
        return left
    out = dict(left)
    for name, value in right.items():
        out[name] = out.get(name, 0) + value
    return out


def _highest(left: Amounts, right: Amounts) -> Amounts:
    if not right:
        return left
    out = dict(left)
    for name, value in right.items():
        out[name] = max(out.get(name, 0), value)
    return out


def total(parts: Iterable[Amounts]) -> Amounts:
    """The sum of many."""
    out: Amounts = {}
    for part in parts:
        out = _add(out, part)
    return out
