"""Is a node alive? Judged by its last status and its lease.

Upstream: pkg/controller/nodelifecycle/node_lifecycle_controller.go (tryUpdateNodeHealth, doNoScheduleTaintingPass). Left out: nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from podlab.sim.changes import Obj
from podlab.sim.controllers.pods import condition_of, instant, status_of

WATCHED = ("Ready", "MemoryPressure", "DiskPressure", "PIDPressure")
NOT_READY = "node.kubernetes.io/not-ready"
UNREACHABLE = "node.kubernetes.io/unreachable"
NEVER = ("NodeStatusNeverUpdated", "Kubelet never posted node status.")
STOPPED = ("NodeStatusUnknown", "Kubelet stopped posting node status.")
_BY_CONDITION = {
    ("Ready", "False"): NOT_READY,
    ("Ready", "Unknown"): UNREACHABLE,
    ("MemoryPressure", "True"): "node.kubernetes.io/memory-pressure",
    ("DiskPressure", "True"): "node.kubernetes.io/disk-pressure",
    ("PIDPressure", "True"): "node.kubernetes.io/pid-pressure",
    ("NetworkUnavailable", "True"): "node.kubernetes.io/network-unavailable",
}
UNSCHEDULABLE = "node.kubernetes.io/unschedulable"
OWN = (*_BY_CONDITION.values(), UNSCHEDULABLE)


class Health(Struct):
    """What was seen of a node: the last sign of life (ms since 1970), its heartbeat and transition then, its lease's renewal."""

    probe: int
    heartbeat: str = ""
    transition: str = ""
    renewed: str = ""


def observe(held: Health | None, node: Obj, renewed: str, now: int) -> Health:
    """Rule N2: a new heartbeat or a renewed lease is a sign of life. `now` in ms since 1970."""
    ready = condition_of(node, "Ready")
    heartbeat = (ready or {}).get("lastHeartbeatTime") or ""
    if held is None:
        held = Health(now if ready is not None else instant(node["metadata"].get("creationTimestamp")), heartbeat)
    elif ready is not None and heartbeat != held.heartbeat:
        held = Health(now, heartbeat, renewed=held.renewed)
    if renewed and renewed > held.renewed:
        held = Health(now, held.heartbeat, held.transition, renewed)
    return held


def lost(node: Obj, health: Health, now: int, grace: int, startup_grace: int, stamp: str) -> Obj | None:
    """Rule N3: the node's status as Unknown when no sign of life came for too long (ms); None: it is as it was."""
    allowed = grace if condition_of(node, "Ready") is not None else startup_grace
    if now <= health.probe + allowed:
        return None
    conditions = list(status_of(node).get("conditions") or ())
    changed = list(conditions)
    for type_ in WATCHED:
        place = next((number for number, each in enumerate(changed) if each["type"] == type_), None)
        if place is None:
            changed.append(_unknown(type_, NEVER, node["metadata"].get("creationTimestamp"), stamp))
        elif changed[place]["status"] != "Unknown":
            changed[place] = {**changed[place], **_unknown(type_, STOPPED, changed[place].get("lastHeartbeatTime"), stamp)}
    return {**status_of(node), "conditions": changed} if changed != conditions else None


def _unknown(type_: str, why: tuple[str, str], heartbeat: object, now: str) -> Obj:
    return {
        "type": type_,
        "status": "Unknown",
        "lastHeartbeatTime": heartbeat,
        "lastTransitionTime": now,
        "reason": why[0],
        "message": why[1],
    }


def condition_taints(node: Obj) -> list[Obj]:
    """Rule N4: the NoSchedule taints that mirror its conditions and its cordon."""
    conditions = {(each["type"], each["status"]) for each in status_of(node).get("conditions") or ()}
    keys = [key for pair, key in _BY_CONDITION.items() if pair in conditions]
    if (node.get("spec") or {}).get("unschedulable"):
        keys.append(UNSCHEDULABLE)
    return [{"key": key, "effect": "NoSchedule"} for key in keys]


def mirrored(node: Obj, now: str) -> list[Obj]:
    """All its taints, those that mirror conditions brought up to date; new ones bear the time."""
    held: Sequence[Obj] = (node.get("spec") or {}).get("taints") or ()
    wanted = condition_taints(node)
    keys = {each["key"] for each in wanted}
    kept = [each for each in held if each["effect"] != "NoSchedule" or each["key"] not in OWN or each["key"] in keys]
    there = {each["key"] for each in kept if each["effect"] == "NoSchedule"}
    return [*kept, *({**each, "timeAdded": now} for each in wanted if each["key"] not in there)]
