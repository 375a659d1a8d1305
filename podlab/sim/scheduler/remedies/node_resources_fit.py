"""How much of a resource a node lacks, and who or what could give it.

Upstream: none. Left out: several Pods that would have to go together.
"""

from __future__ import annotations

from podlab.sim.api.quantities import whole
from podlab.sim.scheduler.framework import Handle
from podlab.sim.scheduler.node_info import NodeInfo, PodInfo
from podlab.sim.scheduler.remedies.remedy import Args, Remedy, deployment_of, space


def of(reason: str, pod: PodInfo, node: NodeInfo, _handle: Handle) -> Remedy | None:
    """By the resource that the reason names."""
    name = reason.removeprefix("Insufficient ").strip()
    if reason.startswith("Too many pods"):
        return Remedy("pods", {"held": len(node.pods), "all": node.allocatable.get("pods", 0)}, _leave(pod, node, "pods", 1))
    asked, free = pod.requests.get(name, 0), node.allocatable.get(name, 0) - node.requested.get(name, 0)
    unit = "Mi" if name in ("memory", "ephemeral-storage") else "m" if name == "cpu" else ""
    scale = whole("1Mi") if unit == "Mi" else 1
    held, all_ = node.requested.get(name, 0), node.allocatable.get(name, 0)
    args: Args = {
        "resource": name,
        "unit": unit,
        "asked": asked // scale,
        "held": held // scale,
        "all": all_ // scale,
        "free": max(0, free // scale),
    }
    fits = asked <= all_
    command = _leave(pod, node, name, asked - free) if fits else _smaller(pod, name, free, unit, scale)
    return Remedy("resource" if fits else "never", args, command)


def _leave(pod: PodInfo, node: NodeInfo, resource: str, needed: int) -> str:
    """Delete one Pod of the learner's own whose going is enough: the least important, of these the smallest; "" where no single one is."""
    amount = {each.key: 1 if resource == "pods" else each.requests.get(resource, 0) for each in node.pods.values()}
    enough = [
        each for each in node.pods.values() if amount[each.key] >= needed and each.namespace != "kube-system" and not each.terminating
    ]
    if not enough:
        return ""
    other = min(enough, key=lambda each: (each.priority, amount[each.key], each.key))
    return f"kubectl delete pod {other.name}{space(other.namespace)}"


def _smaller(pod: PodInfo, resource: str, free: int, unit: str, scale: int) -> str:
    """Ask for half of what is free, where a Deployment made the Pod: a Pod's own requests stay as they are."""
    deployment = deployment_of(pod)
    if not deployment or free // scale < 2:
        return ""
    return f"kubectl set resources deployment {deployment} --requests={resource}={free // scale // 2}{unit}{space(pod.namespace)}"
