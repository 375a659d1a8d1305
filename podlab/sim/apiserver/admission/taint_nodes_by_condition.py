"""TaintNodesByCondition: a new node takes no Pods before it is known to be ready.

Upstream: plugin/pkg/admission/nodetaint/admission.go. Left out: nothing.
"""

from __future__ import annotations

from podlab.sim.changes import Obj

NOT_READY: Obj = {"key": "node.kubernetes.io/not-ready", "effect": "NoSchedule"}


def admit(node: Obj) -> None:
    """Add the taint, unless it is there (in place)."""
    held = node["spec"].get("taints", [])
    if not any(each.get("key") == NOT_READY["key"] and each.get("effect") == NOT_READY["effect"] for each in held):
        node["spec"]["taints"] = [*held, NOT_READY]
