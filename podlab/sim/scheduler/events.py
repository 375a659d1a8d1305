"""What a change of a Pod or a node means to the Pods that wait.

Upstream: pkg/scheduler/framework/events.go. Left out: resource claims.
"""

from __future__ import annotations

from podlab.sim.changes import Obj
from podlab.sim.scheduler.framework import Event
from podlab.sim.scheduler.requests import pod_requests


def pod_events(old: Obj, new: Obj) -> list[Event]:
    """The events of a Pod's update, in order; at least `Update`."""
    resource = "AssignedPod" if (new.get("spec") or {}).get("nodeName") else "UnschedulablePod"
    before, after = old.get("spec") or {}, new.get("spec") or {}
    found = []
    if _meta(old, "labels") != _meta(new, "labels"):
        found.append("UpdatePodLabel")
    if before is not after and _smaller(old, new):
        found.append("UpdatePodScaleDown")
    if before.get("schedulingGates") and not after.get("schedulingGates"):
        found.append("UpdatePodSchedulingGatesEliminated")
    if len(after.get("tolerations") or ()) > len(before.get("tolerations") or ()):
        found.append("UpdatePodToleration")
    if (old.get("status") or {}).get("resourceClaimStatuses") != (new.get("status") or {}).get("resourceClaimStatuses"):
        found.append("UpdatePodGeneratedResourceClaim")
    return [Event(resource, each) for each in found or ["Update"]]


def _smaller(old: Obj, new: Obj) -> bool:
    before, after = pod_requests(old), pod_requests(new)
    return any(after.get(name, 0) < value for name, value in before.items())


def node_events(old: Obj, new: Obj) -> list[Event]:
    """The events of a node's update; none when nothing that matters has changed."""
    before, after = old.get("spec") or {}, new.get("spec") or {}
    found = []
    if _allocatable(old) != _allocatable(new):
        found.append("UpdateNodeAllocatable")
    if _meta(old, "labels") != _meta(new, "labels"):
        found.append("UpdateNodeLabel")
    if (before.get("taints") or []) != (after.get("taints") or []) or (before.get("unschedulable") and not after.get("unschedulable")):
        found.append("UpdateNodeTaint")
    if _conditions(old) != _conditions(new):
        found.append("UpdateNodeCondition")
    if _meta(old, "annotations") != _meta(new, "annotations"):
        found.append("UpdateNodeAnnotation")
    return [Event("Node", each) for each in found]


def _meta(obj: Obj, key: str) -> object:
    return obj["metadata"].get(key) or {}


def _allocatable(node: Obj) -> object:
    return (node.get("status") or {}).get("allocatable") or {}


def _conditions(node: Obj) -> dict[str, str]:
    return {each["type"]: each["status"] for each in (node.get("status") or {}).get("conditions") or ()}
