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
    own = str(taint["key"]).startswith("node.kubernetes.io/")
    return Remedy("taint", {"taint": shown}, "" if own else f"kubectl taint nodes {node.name} {shown}-")


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
        return Remedy("pods", {"held": len(node.pods), "all": node.allocatable.get("pods", 0)})
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
    return Remedy("resource", args)
