"""kubectl describe node.

Upstream: staging/src/k8s.io/kubectl/pkg/describe/describe.go (describeNode, describeNodeResource). Left out: pod-level resources, ResourceSlices.
"""

from __future__ import annotations

from fractions import Fraction

from podlab.sim.api.quantities import parse, render
from podlab.sim.api.resources import RESOURCES
from podlab.sim.apiserver.printers.nodes import roles
from podlab.sim.changes import Obj
from podlab.sim.errors import StatusError
from podlab.sim.human import rfc1123, since
from podlab.sim.kubectl.describers.events import events
from podlab.sim.kubectl.describers.writer import Scene, Writer, annotation_lines, boolean, labels
from podlab.sim.kubectl.requests import pod_amounts

_INFO = (
    ("Machine ID", "machineID"),
    ("System UUID", "systemUUID"),
    ("Boot ID", "bootID"),
    ("Kernel Version", "kernelVersion"),
    ("OS Image", "osImage"),
    ("Operating System", "operatingSystem"),
    ("Architecture", "architecture"),
    ("Container Runtime Version", "containerRuntimeVersion"),
    ("Kubelet Version", "kubeletVersion"),
)


def node(scene: Scene, out: Writer, obj: Obj) -> None:
    """All about a Node, with the Pods on it and what they take."""
    meta, spec, status = obj["metadata"], obj.get("spec") or {}, obj.get("status") or {}
    out.line(0, f"Name:\t{meta['name']}")
    out.line(0, f"Roles:\t{roles(obj)}")
    labels(out, "Labels", meta.get("labels"))
    annotation_lines(out, meta.get("annotations"))
    out.line(0, f"CreationTimestamp:\t{rfc1123(meta.get('creationTimestamp'))}")
    _taints(out, spec.get("taints") or [])
    out.line(0, f"Unschedulable:\t{boolean(spec.get('unschedulable'))}")
    _lease(scene, out, meta["name"])
    _conditions(out, status.get("conditions") or [])
    _status(out, spec, status)
    pods = [
        each
        for each in scene.client.list(RESOURCES["pods"])
        if each["spec"].get("nodeName") == meta["name"] and (each.get("status") or {}).get("phase") not in ("Succeeded", "Failed")
    ]
    _pods(scene, out, pods, status)
    events(scene, out, obj)


def _taints(out: Writer, held: list[Obj]) -> None:
    order = {"NoExecute": "0", "NoSchedule": "1", "PreferNoSchedule": "2"}
    texts = [_taint(each) for each in sorted(held, key=lambda each: (order.get(each["effect"], "3"), each["key"]))] or ["<none>"]
    out.line(0, f"Taints:\t{texts[0]}")
    for each in texts[1:]:
        out.line(0, f"\t{each}")


def _taint(held: Obj) -> str:
    value = f"={held['value']}" if held.get("value") else ""
    return f"{held['key']}{value}:{held['effect']}"


def _lease(scene: Scene, out: Writer, name: str) -> None:
    try:
        spec = scene.client.get(RESOURCES["leases"], "kube-node-lease", name)["spec"]
    except StatusError as error:
        out.line(0, f"Lease:\tFailed to get lease: {error.message}")
        return
    out.line(0, "Lease:")
    out.line(1, f"HolderIdentity:\t{spec.get('holderIdentity') or '<unset>'}")
    out.line(1, f"AcquireTime:\t{rfc1123(spec['acquireTime']) if spec.get('acquireTime') else '<unset>'}")
    out.line(1, f"RenewTime:\t{rfc1123(spec['renewTime']) if spec.get('renewTime') else '<unset>'}")


def _conditions(out: Writer, held: list[Obj]) -> None:
    if not held:
        return
    out.line(0, "Conditions:")
    out.line(1, "Type\tStatus\tLastHeartbeatTime\tLastTransitionTime\tReason\tMessage")
    out.line(1, "----\t------\t-----------------\t------------------\t------\t-------")
    for each in held:
        times = f"{rfc1123(each.get('lastHeartbeatTime'))} \t{rfc1123(each.get('lastTransitionTime'))}"
        out.line(1, f"{each['type']} \t{each['status']} \t{times} \t{each.get('reason') or ''} \t{each.get('message') or ''}")


def _status(out: Writer, spec: Obj, status: Obj) -> None:
    out.line(0, "Addresses:")
    for each in status.get("addresses") or []:
        out.line(1, f"{each['type']}:\t{each['address']}")
    for title, key in (("Capacity", "capacity"), ("Allocatable", "allocatable")):
        if status.get(key):
            out.line(0, f"{title}:")
            for name in sorted(status[key]):
                out.line(1, f"{name}:\t{status[key][name]}")
    info = status.get("nodeInfo") or {}
    out.line(0, "System Info:")
    for title, key in _INFO:
        out.line(1, f"{title}:\t{info.get(key) or ''}")
    if spec.get("podCIDR"):
        out.line(0, f"PodCIDR:\t{spec['podCIDR']}")
    if spec.get("podCIDRs"):
        out.line(0, f"PodCIDRs:\t{','.join(spec['podCIDRs'])}")
    if spec.get("providerID"):
        out.line(0, f"ProviderID:\t{spec['providerID']}")


def _pods(scene: Scene, out: Writer, pods: list[Obj], status: Obj) -> None:
    held = status.get("allocatable") or status.get("capacity") or {}
    out.line(0, f"Non-terminated Pods:\t({len(pods)} in total)")
    out.line(1, "Namespace\tName\t\tCPU Requests\tCPU Limits\tMemory Requests\tMemory Limits\tAge")
    out.line(1, "---------\t----\t\t------------\t----------\t---------------\t-------------\t---")
    totals: dict[str, dict[str, Fraction]] = {"requests": {}, "limits": {}}
    for pod in pods:
        amounts = {kind: pod_amounts(pod, kind) for kind in totals}
        for kind, found in amounts.items():
            for name, value in found.items():
                totals[kind][name] = totals[kind].get(name, Fraction(0)) + value
        cells = [_share(amounts[kind].get(name, Fraction(0)), name, held) for name in ("cpu", "memory") for kind in ("requests", "limits")]
        meta = pod["metadata"]
        out.line(
            1, f"{meta['namespace']}\t{meta['name']}\t\t" + "\t".join(cells) + f"\t{since(scene.world, meta.get('creationTimestamp'))}"
        )
    _totals(out, totals, held)


def _totals(out: Writer, totals: dict[str, dict[str, Fraction]], held: Obj) -> None:
    out.line(0, "Allocated resources:")
    out.line(1, "(Total limits may be over 100 percent, i.e., overcommitted.)")
    out.line(1, "Resource\tRequests\tLimits")
    out.line(1, "--------\t--------\t------")
    for name in ("cpu", "memory", "ephemeral-storage"):
        cells = [_share(totals[kind].get(name, Fraction(0)), name, held) for kind in ("requests", "limits")]
        out.line(1, f"{name}\t" + "\t".join(cells))
    for name in sorted(each for each in held if each.startswith("hugepages-")):
        cells = [_share(totals[kind].get(name, Fraction(0)), name, held) for kind in ("requests", "limits")]
        out.line(1, f"{name}\t" + "\t".join(cells))


def _share(value: Fraction, name: str, held: Obj) -> str:
    """`500m (12%)`: cut, not rounded."""
    whole = parse(held[name]) if name in held else Fraction(0)
    percent = int(value * 100 / whole) if whole else 0
    form = "decimal" if name == "cpu" else "binary"
    return f"{render(value, form)} ({percent}%)"
