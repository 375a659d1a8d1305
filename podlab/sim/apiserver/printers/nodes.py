"""The table of Nodes.

Upstream: pkg/printers/internalversion/printers.go (printNode). Left out: nothing.
"""

from __future__ import annotations

from podlab.sim.apiserver.printers.common import Printer, age, condition, name, or_none
from podlab.sim.changes import Obj
from podlab.sim.world import World

_ROLE = "node-role.kubernetes.io/"


def status(node: Obj) -> str:
    """`Ready,SchedulingDisabled`."""
    ready = condition(node, "Ready")
    words = ["Unknown" if ready is None else "Ready" if ready == "True" else "NotReady"]
    return ",".join(words + (["SchedulingDisabled"] if (node.get("spec") or {}).get("unschedulable") else []))


def roles(node: Obj) -> str:
    """The roles that the labels name, sorted; `<none>`."""
    held = node["metadata"].get("labels") or {}
    found = {key.removeprefix(_ROLE) for key in held if key.startswith(_ROLE)} | (
        {held["kubernetes.io/role"]} if held.get("kubernetes.io/role") else set()
    )
    return ",".join(sorted(each for each in found if each)) or "<none>"


def _address(node: Obj, kind: str) -> str:
    held = (node.get("status") or {}).get("addresses") or []
    return next((each["address"] for each in held if each["type"] == kind), "<none>")


def _row(world: World, node: Obj) -> list[str]:
    info = (node.get("status") or {}).get("nodeInfo") or {}
    kernel, architecture = info.get("kernelVersion") or "<unknown>", info.get("architecture")
    return [
        *(
            name(node),
            status(node),
            roles(node),
            age(world, node),
            or_none(info.get("kubeletVersion")) if info.get("kubeletVersion") else "",
        ),
        *(_address(node, "InternalIP"), _address(node, "ExternalIP")),
        info.get("osImage") or "<unknown>",
        f"{kernel} ({architecture})" if architecture else kernel,
        info.get("containerRuntimeVersion") or "<unknown>",
    ]


PRINTER = Printer("NAME|STATUS|ROLES|AGE|VERSION|+INTERNAL-IP|+EXTERNAL-IP|+OS-IMAGE|+KERNEL-VERSION|+CONTAINER-RUNTIME", _row)
