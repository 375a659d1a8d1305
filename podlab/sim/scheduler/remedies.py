"""What must change for a Pod to fit on a node: for each plugin that refuses it the fact, its numbers, and the command that would change it.

Upstream: none. Left out: facts that no single command changes have none.
"""

from __future__ import annotations

from msgspec import Struct, field

from podlab.sim.api.quantities import whole
from podlab.sim.changes import Obj
from podlab.sim.scheduler import tolerations
from podlab.sim.scheduler.node_info import NodeInfo, PodInfo

Args = dict[str, str | int]
HARD = ("NoSchedule", "NoExecute")


class Remedy(Struct, omit_defaults=True):
    """`code` names the sentence, `args` its numbers; `command`: a line for the terminal, where one would do."""

    code: str
    args: Args = field(default_factory=dict)
    command: str = ""


def of(plugin: str, reason: str, pod: PodInfo, node: NodeInfo) -> Remedy:
    """What would take back one plugin's refusal of a node."""
    if plugin == "NodeUnschedulable":
        return Remedy("cordoned", command=f"kubectl uncordon {node.name}")
    if plugin == "TaintToleration":
        return _taint(pod, node)
    if plugin == "NodeAffinity":
        return _label(pod, node)
    if plugin == "NodeResourcesFit":
        return _resource(reason, pod, node)
    if plugin == "NodePorts":
        ports = ", ".join(f"{port}/{protocol}" for _, protocol, port in pod.ports)
        return Remedy("port", {"ports": ports})
    return Remedy("reason", {"reason": reason})


def _taint(pod: PodInfo, node: NodeInfo) -> Remedy:
    taint = tolerations.untolerated((node.node.get("spec") or {}).get("taints"), pod.spec.get("tolerations"), HARD)
    if taint is None:
        return Remedy("reason", {"reason": "a taint"})
    value = f"={taint['value']}" if taint.get("value") else ""
    shown = f"{taint['key']}{value}:{taint['effect']}"
    if str(taint["key"]).startswith("node.kubernetes.io/"):
        return Remedy("state", {"taint": shown})
    return Remedy("taint", {"taint": shown}, f"kubectl taint nodes {node.name} {shown}-")


def _label(pod: PodInfo, node: NodeInfo) -> Remedy:
    held: Obj = node.node["metadata"].get("labels") or {}
    for key, value in (pod.spec.get("nodeSelector") or {}).items():
        if held.get(key) != value:
            change = " --overwrite" if key in held else ""
            fixed = key in ("kubernetes.io/hostname",)
            command = "" if fixed else f"kubectl label node {node.name} {key}={value}{change}"
            return Remedy("label", {"label": f"{key}={value}", "has": str(held.get(key, ""))}, command)
    return Remedy("affinity")


def _resource(reason: str, pod: PodInfo, node: NodeInfo) -> Remedy:
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
    return f"kubectl delete pod {other.name}{'' if other.namespace == 'default' else f' -n {other.namespace}'}"


def _smaller(pod: PodInfo, resource: str, free: int, unit: str, scale: int) -> str:
    """Ask for half of what is free, where a Deployment made the Pod: a Pod's own requests stay as they are."""
    hash_ = pod.labels.get("pod-template-hash", "")
    owner = next((str(each["name"]) for each in pod.pod["metadata"].get("ownerReferences") or () if each.get("kind") == "ReplicaSet"), "")
    if not hash_ or not owner.endswith(f"-{hash_}") or free // scale < 2:
        return ""
    space = "" if pod.namespace == "default" else f" -n {pod.namespace}"
    return f"kubectl set resources deployment {owner.removesuffix(f'-{hash_}')} --requests={resource}={free // scale // 2}{unit}{space}"
