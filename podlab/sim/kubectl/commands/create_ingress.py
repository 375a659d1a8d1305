"""kubectl create ingress.

Upstream: staging/src/k8s.io/kubectl/pkg/cmd/create/create_ingress.go. Left out: nothing.
"""

from __future__ import annotations

import re
from typing import Any

from podlab.sim.changes import Obj
from podlab.sim.kubectl import generate
from podlab.sim.kubectl.command import Command
from podlab.sim.kubectl.errors import Failure
from podlab.sim.kubectl.invocation import Invocation

_RULE = re.compile(r"(?P<host>[\w*\-.]*)(?P<path>/.*)=(?P<backend>[\w-]+:[\w-]+)")
_NOTHING = (
    "not enough information provided: every ingress has to either specify a default-backend (which catches all traffic) or a list of rules "
    "(which catch specific paths)"
)


def ingress(inv: Invocation) -> None:
    """An Ingress of `host/path=service:port[,tls[=secret]]` rules."""
    name, flags = generate.name_of(inv), inv.flags
    _validate(inv)
    spec: dict[str, Any] = {"ingressClassName": flags["class"]} if flags["class"] else {}
    spec |= {"defaultBackend": _backend(flags["default-backend"])} if flags["default-backend"] else {}
    tls, rules = _tls(flags["rule"]), _rules(flags["rule"])
    spec |= ({"tls": tls} if tls else {}) | ({"rules": rules} if rules else {})
    annotations = dict(each.partition("=")[::2] for each in flags["annotation"])
    obj = generate.head(inv, "networking.k8s.io/v1", "Ingress", name, annotations=annotations)
    generate.submit(inv, "ingresses", {**obj, "spec": spec, "status": {"loadBalancer": {}}}, "failed to create ingress: ")


def _validate(inv: Invocation) -> None:
    flags = inv.flags
    if not flags["rule"] and not flags["default-backend"]:
        raise Failure(_NOTHING)
    for each in flags["rule"]:
        if not _RULE.match(each):
            raise Failure(f"rule {each} is invalid and should be in format host/path=svcname:svcport[,tls[=secret]]")
    for each in flags["annotation"]:
        if "=" not in each:
            raise Failure(f"annotation {each} is invalid and should be in format key=[value]")
    if flags["default-backend"] and flags["default-backend"].count(":") != 1:
        raise Failure("default-backend should be in format servicename:serviceport")


def _rules(texts: list[str]) -> list[Obj]:
    """One rule a host."""
    rules: dict[str, list[Obj]] = {}
    for each in texts:
        host, _, rest = each.partition(",")[0].partition("/")
        path, _, target = rest.partition("=")
        prefix = path.endswith("*")
        kind = {"path": "/" + (path[:-1] if prefix else path), "pathType": "Prefix" if prefix else "Exact"}
        rules.setdefault(host, []).append({**kind, "backend": _backend(target)})
    return [{**({"host": host} if host else {}), "http": {"paths": paths}} for host, paths in rules.items()]


def _tls(texts: list[str]) -> list[Obj]:
    """The hosts of each secret; a host counts once."""
    by_secret: dict[str, list[str]] = {}
    seen: list[str] = []
    for each in texts:
        _, comma, tls = each.partition(",")
        host, secret = each.partition("/")[0], tls.partition("=")[2]
        if comma and host not in seen:
            seen.append(host)
            by_secret.setdefault(secret, []).extend([host] if host else [])
    found = [(({"hosts": hosts} if hosts else {}) | ({"secretName": secret} if secret else {})) for secret, hosts in by_secret.items()]
    return [each for each in found if each]


def _backend(text: str) -> Obj:
    name, _, port = text.partition(":")
    return {"service": {"name": name, "port": {"number": int(port)} if port.isdigit() else {"name": port}}}


COMMANDS = {"create ingress": Command(ingress)}
