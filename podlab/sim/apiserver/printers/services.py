"""The table of Services.

Upstream: pkg/printers/internalversion/printers.go (printService). Left out: nothing.
"""

from __future__ import annotations

from podlab.sim.apiserver.printers.common import Printer, age, labels, name, or_none
from podlab.sim.changes import Obj
from podlab.sim.world import World


def ports(service: Obj) -> str:
    """`80:30080/TCP,443/TCP`."""
    held = service["spec"].get("ports") or []
    texts = [f"{each['port']}:{each['nodePort']}" if each.get("nodePort") else str(each["port"]) for each in held]
    return ",".join(f"{text}/{each.get('protocol', 'TCP')}" for text, each in zip(texts, held, strict=True)) or "<none>"


def external(service: Obj) -> str:
    """Addresses from outside: those given, a load balancer's, a name."""
    spec = service["spec"]
    given = list(spec.get("externalIPs") or [])
    if spec.get("type") == "ExternalName":
        return str(spec.get("externalName", ""))
    if spec.get("type") == "LoadBalancer":
        ingress = ((service.get("status") or {}).get("loadBalancer") or {}).get("ingress") or []
        found = [each.get("ip") or each.get("hostname") or "" for each in ingress]
        return ",".join(found + given) or "<pending>"
    return ",".join(given) or "<none>"


def _row(world: World, service: Obj) -> list[str]:
    spec = service["spec"]
    return [
        name(service),
        spec.get("type", ""),
        or_none(spec.get("clusterIP")),
        external(service),
        ports(service),
        age(world, service),
        labels(spec.get("selector")),
    ]


PRINTER = Printer("NAME|TYPE|CLUSTER-IP|EXTERNAL-IP|PORT(S)|AGE|+SELECTOR", _row)
