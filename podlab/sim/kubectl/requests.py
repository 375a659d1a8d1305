"""What a Pod asks for in all: the sum of its containers, or the largest init container.

Upstream: staging/src/k8s.io/kubectl/pkg/util/resource/resource.go (PodRequestsAndLimits). Left out: pod-level resources.
"""

from __future__ import annotations

from fractions import Fraction

from podlab.sim.api.quantities import parse
from podlab.sim.changes import Obj

Amounts = dict[str, Fraction]


def pod_amounts(pod: Obj, kind: str) -> Amounts:
    """The `requests` or `limits` of a Pod by resource name."""
    spec = pod["spec"]
    total: Amounts = {}
    for container in spec.get("containers") or []:
        _add(total, _of(container, kind))
    sidecars: Amounts = {}
    most: Amounts = {}
    for container in spec.get("initContainers") or []:
        own = _of(container, kind)
        if container.get("restartPolicy") == "Always":
            _add(total, own)
            _add(sidecars, own)
            own = dict(sidecars)
        else:
            _add(own, sidecars)
        for name, value in own.items():
            most[name] = max(most.get(name, Fraction(0)), value)
    for name, value in most.items():
        total[name] = max(total.get(name, Fraction(0)), value)
    _add(total, {name: parse(value) for name, value in (spec.get("overhead") or {}).items()} if total or kind == "requests" else {})
    return total


def _of(container: Obj, kind: str) -> Amounts:
    return {name: parse(value) for name, value in ((container.get("resources") or {}).get(kind) or {}).items()}


def _add(total: Amounts, more: Amounts) -> None:
    for name, value in more.items():
        total[name] = total.get(name, Fraction(0)) + value
