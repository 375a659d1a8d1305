"""Whether a toleration covers a taint.

Upstream: staging/src/k8s.io/api/core/v1/toleration.go, component-helpers/scheduling/corev1/helpers.go. Left out: operators Lt and Gt (alpha, off).
"""

from __future__ import annotations

from collections.abc import Container, Sequence

from podlab.sim.changes import Obj

UNSCHEDULABLE: Obj = {"key": "node.kubernetes.io/unschedulable", "effect": "NoSchedule"}


def tolerates(toleration: Obj, taint: Obj) -> bool:
    """Rule F3: an empty effect or key covers every one; Equal compares the values, Exists does not."""
    effect, key = toleration.get("effect"), toleration.get("key")
    if (effect and effect != taint.get("effect")) or (key and key != taint.get("key")):
        return False
    operator = toleration.get("operator") or "Equal"
    return operator == "Exists" or (operator == "Equal" and toleration.get("value", "") == taint.get("value", ""))


def tolerated(tolerations: Sequence[Obj] | None, taint: Obj) -> bool:
    """Whether any of them covers the taint."""
    return any(tolerates(each, taint) for each in tolerations or ())


def untolerated(taints: Sequence[Obj] | None, tolerations: Sequence[Obj] | None, effects: Container[str]) -> Obj | None:
    """The first taint of these effects that nothing covers."""
    for taint in taints or ():
        if taint.get("effect") in effects and not tolerated(tolerations, taint):
            return taint
    return None
