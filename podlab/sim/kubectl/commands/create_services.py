"""kubectl create service.

Upstream: staging/src/k8s.io/kubectl/pkg/cmd/create/create_service.go. Left out: nothing.
"""

from __future__ import annotations

import re
from typing import Any

from podlab.sim.api import names
from podlab.sim.changes import Obj
from podlab.sim.kubectl import generate
from podlab.sim.kubectl.command import Command, Run
from podlab.sim.kubectl.errors import Failure
from podlab.sim.kubectl.invocation import Invocation

_MOST = 65535


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
    outer, *inner = text.split(":")
    number = _number(outer)
    target = _target(inner[0]) if inner else number
    port: Obj = {"name": text.replace(":", "-"), "protocol": "TCP", "port": number, "targetPort": target}
    return port | ({"nodePort": node_port} if node_port else {})


def _target(text: str) -> int | str:
    number = re.fullmatch(r"[+-]?\d+", text)
    errors = names.port_number(int(text)) if number else names.port_name(text)
    if errors:
        raise Failure(",".join(errors))
    return int(text) if number else text


def _number(text: str) -> int:
    if not text.isdigit():
        raise Failure(f'strconv.ParseUint: parsing "{text}": invalid syntax')
    if int(text) > _MOST:
        raise Failure(f'strconv.ParseUint: parsing "{text}": value out of range')
    return int(text)


COMMANDS = {
    "create service clusterip": Command(_maker("ClusterIP")),
    "create service nodeport": Command(_maker("NodePort")),
    "create service loadbalancer": Command(_maker("LoadBalancer")),
    "create service externalname": Command(_maker("ExternalName")),
}
