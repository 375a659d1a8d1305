"""kubectl expose: a Service for what is there.

Upstream: staging/src/k8s.io/kubectl/pkg/cmd/expose/expose.go. Left out: nothing.
"""

from __future__ import annotations

from typing import Any

from podlab.sim.api.goload import load
from podlab.sim.api.resources import RESOURCES
from podlab.sim.apiserver.patch import merge
from podlab.sim.changes import Obj
from podlab.sim.errors import StatusError
from podlab.sim.kubectl import builder, generate
from podlab.sim.kubectl.builder import Info
from podlab.sim.kubectl.command import Command
from podlab.sim.kubectl.errors import Failure, aggregate
from podlab.sim.kubectl.invocation import Invocation
from podlab.sim.kubectl.printed import dry_run, say

_KINDS = ("pods", "services", "replicationcontrollers", "deployments", "replicasets")


def run(inv: Invocation) -> None:
    """Make a Service for each object."""
    result = builder.resolve(inv, builder.request(inv, labels=""))
    errors = list(result.errors)
    for info in result.infos:
        try:
            _one(inv, info)
        except (Failure, StatusError) as error:
            errors.append(error)
    if errors:
        raise aggregate(errors)


def _one(inv: Invocation, info: Info) -> None:
    if info.resource.plural not in _KINDS:
        raise Failure(f"cannot expose a {info.resource.kind}" + (f".{info.resource.group}" if info.resource.group else ""))
    obj = _service(inv, info)
    if inv.flags["overrides"]:
        obj = merge.merge(obj, load(inv.flags["overrides"]))
    services, strategy = RESOURCES["services"], dry_run(inv)
    if strategy != "client":
        obj = inv.client.create(services, generate.placed(inv, "services", obj), dry_run=strategy == "server")
    say(inv, services, obj, "exposed", strategy, typed=strategy == "client")


def _service(inv: Invocation, info: Info) -> Obj:
    flags = inv.flags
    name = flags["name"] or info.name[:63]
    labels = generate.pairs(flags["labels"].split(",")) if flags["labels"] else dict(info.obj["metadata"].get("labels") or {})
    spec: dict[str, Any] = {"ports": _ports(inv, info), "selector": _selector(inv, info)}
    for flag, key in (
        ("cluster-ip", "clusterIP"),
        ("type", "type"),
        ("session-affinity", "sessionAffinity"),
        ("load-balancer-ip", "loadBalancerIP"),
    ):
        if flags[flag]:
            spec[key] = flags[flag]
    if flags["external-ip"]:
        spec["externalIPs"] = [flags["external-ip"]]
    return {**generate.head(inv, "v1", "Service", name, labels=labels), "spec": spec, "status": {"loadBalancer": {}}}


def _selector(inv: Invocation, info: Info) -> dict[str, str]:
    if inv.flags["selector"]:
        return generate.pairs(inv.flags["selector"].split(","))
    spec, kind = info.obj.get("spec") or {}, info.resource.plural
    if kind == "pods":
        held = info.obj["metadata"].get("labels") or {}
        if not held:
            raise Failure("couldn't retrieve selectors via --selector flag or introspection: the pod has no labels and cannot be exposed")
        return dict(held)
    if kind in ("services", "replicationcontrollers"):
        if not spec.get("selector"):
            raise Failure("couldn't retrieve selectors via --selector flag or introspection: the service has no pod selector set")
        return dict(spec["selector"])
    if spec["selector"].get("matchExpressions"):
        raise Failure(
            f"couldn't retrieve selectors via --selector flag or introspection: couldn't convert expressions - \"{spec['selector']['matchExpressions']}\" to map-based selector format"
        )
    return dict(spec["selector"].get("matchLabels") or {})


def _ports(inv: Invocation, info: Info) -> list[Obj]:
    flags = inv.flags
    found = _own_ports(info)
    if not flags["port"] and not found:
        raise Failure("couldn't find port via --port flag or introspection")
    wanted = (
        [(each, flags["protocol"] or "TCP") for each in flags["port"].split(",")]
        if flags["port"]
        else [(str(port), flags["protocol"] or protocol) for port, protocol in found]
    )
    flags["port"] = ",".join(port for port, _ in wanted)  # upstream keeps what it found for the objects that follow
    out = []
    for number, (port, protocol) in enumerate(wanted, 1):
        target = flags["target-port"] or port
        named = {"name": f"port-{number}"} if len(wanted) > 1 else {}
        out.append({**named, "protocol": protocol, "port": int(port), "targetPort": int(target) if str(target).isdigit() else target})
    return out


def _own_ports(info: Info) -> list[tuple[int, str]]:
    spec = info.obj.get("spec") or {}
    if info.resource.plural == "services":
        return [(each["port"], each.get("protocol", "TCP")) for each in spec.get("ports") or []]
    pod = spec if info.resource.plural == "pods" else spec["template"]["spec"]
    return [
        (each["containerPort"], each.get("protocol", "TCP")) for container in pod["containers"] for each in container.get("ports") or []
    ]


COMMAND = Command(run)
