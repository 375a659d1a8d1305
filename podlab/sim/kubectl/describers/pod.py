"""kubectl describe pod.

Upstream: staging/src/k8s.io/kubectl/pkg/describe/describe.go (describePod). Left out: nothing.
"""

from __future__ import annotations

from podlab.sim.apiserver.printers.common import condition, selector
from podlab.sim.changes import Obj
from podlab.sim.human import rfc1123, since
from podlab.sim.kubectl.describers.containers import containers, resources
from podlab.sim.kubectl.describers.events import events
from podlab.sim.kubectl.describers.volumes import volumes
from podlab.sim.kubectl.describers.writer import Scene, Writer, annotation_lines, controller, labels, tolerations


def pod(scene: Scene, out: Writer, obj: Obj) -> None:
    """All about a Pod."""
    spec, status = obj["spec"], obj.get("status") or {}
    _head(out, obj)
    _state(scene, out, obj)
    if controller(obj):
        out.line(0, f"Controlled By:\t{controller(obj)}")
    if status.get("nominatedNodeName"):
        out.line(0, f"NominatedNodeName:\t{status['nominatedNodeName']}")
    if spec.get("resources"):
        out.line(0, "Resources:")
        resources(out, spec["resources"], 1)
    _containers(out, obj)
    _conditions(out, obj)
    volumes(out, spec.get("volumes"))
    out.line(0, f"QoS Class:\t{status.get('qosClass') or ''}")
    labels(out, "Node-Selectors", spec.get("nodeSelector"))
    tolerations(out, spec.get("tolerations"))
    spread(out, spec.get("topologySpreadConstraints"))
    events(scene, out, obj)


def _head(out: Writer, obj: Obj) -> None:
    meta, spec, status = obj["metadata"], obj["spec"], obj.get("status") or {}
    out.line(0, f"Name:\t{meta['name']}")
    out.line(0, f"Namespace:\t{meta.get('namespace', '')}")
    if spec.get("priority") is not None:
        out.line(0, f"Priority:\t{spec['priority']}")
    for title, key in (
        ("Priority Class Name", "priorityClassName"),
        ("Runtime Class Name", "runtimeClassName"),
        ("Service Account", "serviceAccountName"),
    ):
        if spec.get(key):
            out.line(0, f"{title}:\t{spec[key]}")
    node = spec.get("nodeName")
    out.line(0, f"Node:\t{node}/{status.get('hostIP') or ''}" if node else "Node:\t<none>")
    if status.get("startTime"):
        out.line(0, f"Start Time:\t{rfc1123(status['startTime'])}")
    labels(out, "Labels", meta.get("labels"))
    annotation_lines(out, meta.get("annotations"))


def _state(scene: Scene, out: Writer, obj: Obj) -> None:
    meta, status = obj["metadata"], obj.get("status") or {}
    if meta.get("deletionTimestamp") and status.get("phase") not in ("Failed", "Succeeded"):
        out.line(0, f"Status:\tTerminating (lasts {since(scene.world, meta['deletionTimestamp'])})")
        out.line(0, f"Termination Grace Period:\t{meta.get('deletionGracePeriodSeconds', 0)}s")
    else:
        out.line(0, f"Status:\t{status.get('phase') or ''}")
    for title, key in (("Reason", "reason"), ("Message", "message")):
        if status.get(key):
            out.line(0, f"{title}:\t{status[key]}")
    profile = (obj["spec"].get("securityContext") or {}).get("seccompProfile")
    if profile:
        out.line(0, f"SeccompProfile:\t{profile['type']}")
    out.line(0, f"IP:\t{status.get('podIP') or ''}")
    addresses = status.get("podIPs") or []
    out.line(0, "IPs:" if addresses else "IPs:\t<none>")
    for each in addresses:
        out.line(1, f"IP:\t{each['ip']}")


def _containers(out: Writer, obj: Obj) -> None:
    spec, status = obj["spec"], obj.get("status") or {}
    sections = (
        ("Init Containers", "initContainers", "initContainerStatuses"),
        ("Containers", "containers", "containerStatuses"),
        ("Ephemeral Containers", "ephemeralContainers", "ephemeralContainerStatuses"),
    )
    for title, key, statuses in sections:
        if spec.get(key) or key == "containers":
            containers(out, title, spec.get(key) or [], status.get(statuses) or [], pod=obj)


def _conditions(out: Writer, obj: Obj) -> None:
    gates = obj["spec"].get("readinessGates") or []
    if gates:
        out.line(0, "Readiness Gates:")
        out.line(1, "Type\tStatus")
        for each in gates:
            out.line(1, f"{each['conditionType']} \t{condition(obj, each['conditionType']) or '<none>'} ")
    held = (obj.get("status") or {}).get("conditions") or []
    if held:
        out.line(0, "Conditions:")
        out.line(1, "Type\tStatus")
        for each in held:
            out.line(1, f"{each['type']} \t{each['status']} ")


def spread(out: Writer, held: list[Obj] | None, *, level: int = 0) -> None:
    """Topology spread constraints by key."""
    for number, each in enumerate(sorted(held or [], key=lambda each: each["topologyKey"])):
        title = "  " * level + "Topology Spread Constraints:" if number == 0 else ""
        chosen = f" for selector {selector(each['labelSelector'])}" if each.get("labelSelector") is not None else ""
        out.line(0, f"{title}\t{each['topologyKey']}:{each['whenUnsatisfiable']} when max skew {each['maxSkew']} is exceeded{chosen}")
