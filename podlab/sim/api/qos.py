"""Quality of service: Guaranteed, Burstable or BestEffort, out of requests and limits.

Upstream: pkg/apis/core/v1/helper/qos/qos.go. Left out: nothing.
"""

from __future__ import annotations

from podlab.sim.api import quantities
from podlab.sim.changes import Obj

COUNTED = ("cpu", "memory")


def qos_class(spec: Obj) -> str:
    """The class of a Pod's spec, as of its creation; it never changes."""
    groups = [spec["resources"]] if spec.get("resources") else [each.get("resources") or {} for each in _containers(spec)]
    requests = [_positive({**group.get("limits", {}), **group.get("requests", {})}) for group in groups]
    limits = [_positive(group.get("limits", {})) for group in groups]
    if not any(requests) and not any(limits):
        return "BestEffort"
    guaranteed = all(len(limit) == len(COUNTED) and request == limit for request, limit in zip(requests, limits, strict=True))
    return "Guaranteed" if guaranteed else "Burstable"


def _containers(spec: Obj) -> list[Obj]:
    return [*(spec.get("containers") or ()), *spec.get("initContainers", ())]


def _positive(amounts: Obj) -> dict[str, object]:
    found = {name: quantities.parse(amounts[name]) for name in COUNTED if name in amounts}
    return {name: value for name, value in found.items() if value > 0}
