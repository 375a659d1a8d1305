"""kubectl create service.

Upstream: staging/src/k8s.io/kubectl/pkg/cmd/create/create_service.go. Left out: nothing.
"""

from __future__ import annotations

from typing import Any

from podlab.sim.changes import Obj
from podlab.sim.kubectl import generate
from podlab.sim.kubectl.command import Command, Run
from podlab.sim.kubectl.errors import Failure
from podlab.sim.kubectl.invocation import Invocation


def _maker(kind: str) -> Run:
    def run(inv: Invocation) -> None:
        name = generate.name_of(inv)
        _validate(inv, kind)
        labels = {"app": name}
        spec: dict[str, Any] = {"ports": [_port(each, inv.flags.get("node-port") or 0) for each in inv.flags["tcp"]], "selector": labels}
        if inv.flags.get("clusterip"):
            spec["clusterIP"] = inv.flags["clusterip"]
        spec["type"] = kind
        if kind == "ExternalName":
            spec["externalName"] = inv.flags["external-name"]
        if not spec["ports"]:
            del spec["ports"]
        obj = generate.head(inv, "v1", "Service", name, labels=labels)
        generate.submit(inv, "services", {**obj, "spec": spec, "status": {"loadBalancer": {}}}, f"failed to create {kind} service: ")

    return run


def _validate(inv: Invocation, kind: str) -> None:
    if not inv.flags["tcp"] and kind != "ExternalName" and inv.flags.get("clusterip") != "None":
        raise Failure("at least one tcp port specifier must be provided")


def _port(text: str, node_port: int) -> Obj:
    outer, colon, inner = text.partition(":")
    number = _number(outer)
    target: int | str = (int(inner) if inner.isdigit() else inner) if colon else number
    port: Obj = {"name": text.replace(":", "-"), "protocol": "TCP", "port": number, "targetPort": target}
    return port | ({"nodePort": node_port} if node_port else {})


def _number(text: str) -> int:
    if not text.isdigit():
        raise Failure(f'strconv.ParseUint: parsing "{text}": invalid syntax')
    if not 0 <= int(text) < 2**31:
        raise Failure(f'strconv.ParseUint: parsing "{text}": value out of range')
    return int(text)


COMMANDS = {
    "create service clusterip": Command(_maker("ClusterIP")),
    "create service nodeport": Command(_maker("NodePort")),
    "create service loadbalancer": Command(_maker("LoadBalancer")),
    "create service externalname": Command(_maker("ExternalName")),
}
