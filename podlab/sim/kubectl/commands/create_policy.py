"""kubectl create namespace, serviceaccount, quota, poddisruptionbudget, priorityclass, ingress and the RBAC kinds.

Upstream: staging/src/k8s.io/kubectl/pkg/cmd/create. Left out: aggregation rules, tokens.
"""

from __future__ import annotations

import re
from typing import Any

from podlab.sim.changes import Obj
from podlab.sim.kubectl import generate
from podlab.sim.kubectl.command import Command
from podlab.sim.kubectl.discovery import resource_for
from podlab.sim.kubectl.errors import Failure
from podlab.sim.kubectl.invocation import Invocation

_RBAC = "rbac.authorization.k8s.io"


def namespace(inv: Invocation) -> None:
    """A Namespace."""
    name = generate.name_of(inv)
    generate.submit(inv, "namespaces", {"kind": "Namespace", "apiVersion": "v1", "metadata": {"name": name}, "spec": {}, "status": {}})


def service_account(inv: Invocation) -> None:
    """A ServiceAccount."""
    obj = generate.head(inv, "v1", "ServiceAccount", generate.name_of(inv))
    generate.submit(inv, "serviceaccounts", obj, "failed to create serviceaccount: ")


def quota(inv: Invocation) -> None:
    """A ResourceQuota."""
    obj = generate.head(inv, "v1", "ResourceQuota", generate.name_of(inv))
    spec: dict[str, Any] = {}
    if inv.flags["hard"]:
        spec["hard"] = amounts(inv.flags["hard"])
    if inv.flags["scopes"]:
        spec["scopes"] = inv.flags["scopes"].split(",")
    generate.submit(inv, "resourcequotas", {**obj, "spec": spec, "status": {}}, "failed to create quota: ")


def amounts(text: str) -> dict[str, str]:
    """`cpu=1,pods=3`; Failure."""
    try:
        return generate.pairs(text.split(","))
    except ValueError as error:
        raise Failure(f"Invalid argument syntax {error}, expected <resource>=<value>") from None


def budget(inv: Invocation) -> None:
    """A PodDisruptionBudget."""
    name, flags = generate.name_of(inv), inv.flags
    least, most = flags["min-available"], flags["max-unavailable"]
    if not flags["selector"]:
        raise Failure("a selector must be specified")
    if not least and not most:
        raise Failure("one of min-available or max-unavailable must be specified")
    if least and most:
        raise Failure("min-available and max-unavailable cannot be both specified")
    spec: dict[str, Any] = {"minAvailable": _count(least)} if least else {}
    spec["selector"] = {"matchLabels": generate.pairs(flags["selector"].split(","))}
    spec |= {"maxUnavailable": _count(most)} if most else {}
    status = {"disruptionsAllowed": 0, "currentHealthy": 0, "desiredHealthy": 0, "expectedPods": 0}
    obj = generate.head(inv, "policy/v1", "PodDisruptionBudget", name)
    generate.submit(inv, "poddisruptionbudgets", {**obj, "spec": spec, "status": status}, "failed to create poddisruptionbudgets: ")


def _count(text: str) -> int | str:
    return int(text) if re.fullmatch(r"-?\d+", text) else text


def priority_class(inv: Invocation) -> None:
    """A PriorityClass."""
    flags = inv.flags
    obj: Obj = {
        "kind": "PriorityClass",
        "apiVersion": "scheduling.k8s.io/v1",
        "metadata": {"name": generate.name_of(inv)},
        "value": flags["value"],
    }
    obj |= {"globalDefault": True} if flags["global-default"] else {}
    obj |= {"description": flags["description"]} if flags["description"] else {}
    generate.submit(inv, "priorityclasses", {**obj, "preemptionPolicy": flags["preemption-policy"]}, "failed to create priorityclass: ")


def _rules(inv: Invocation) -> list[Obj]:
    flags = inv.flags
    if not flags["verb"]:
        raise Failure("at least one verb must be specified")
    if not flags["resource"]:
        raise Failure("at least one resource must be specified")
    by_group: dict[str, list[str]] = {}
    for each in flags["resource"]:
        name, _, sub = each.partition("/")
        found = resource_for(name, bare=True)
        by_group.setdefault(found.group, []).append(f"{found.plural}/{sub}" if sub else found.plural)
    names = {"resourceNames": flags["resource-name"]} if flags["resource-name"] else {}
    return [
        {"apiGroups": [group], "resources": held, **names, "verbs": list(dict.fromkeys(flags["verb"]))} for group, held in by_group.items()
    ]


def role(inv: Invocation) -> None:
    """A Role with one rule."""
    obj = generate.head(inv, f"{_RBAC}/v1", "Role", generate.name_of(inv))
    generate.submit(inv, "roles", {**obj, "rules": _rules(inv)})


def cluster_role(inv: Invocation) -> None:
    """A ClusterRole with one rule."""
    obj: Obj = {"kind": "ClusterRole", "apiVersion": f"{_RBAC}/v1", "metadata": {"name": generate.name_of(inv)}}
    generate.submit(inv, "clusterroles", {**obj, "rules": _rules(inv)})


def _subjects(inv: Invocation) -> list[Obj]:
    flags, group = inv.flags, {"apiGroup": _RBAC}
    out: list[Obj] = [{"kind": "User", **group, "name": each} for each in flags["user"]]
    out += [{"kind": "Group", **group, "name": each} for each in flags["group"]]
    for each in flags["serviceaccount"]:
        place, colon, name = each.partition(":")
        if not colon or not place or not name:
            raise Failure("serviceaccount must be <namespace>:<name>")
        out.append({"kind": "ServiceAccount", "name": name, "namespace": place})
    return out


def role_binding(inv: Invocation) -> None:
    """A RoleBinding."""
    flags = inv.flags
    if bool(flags["role"]) == bool(flags["clusterrole"]):
        raise Failure("exactly one of clusterrole or role must be specified")
    ref = {"apiGroup": _RBAC, "kind": "Role" if flags["role"] else "ClusterRole", "name": flags["role"] or flags["clusterrole"]}
    obj = generate.head(inv, f"{_RBAC}/v1", "RoleBinding", generate.name_of(inv))
    subjects = _subjects(inv)
    generate.submit(inv, "rolebindings", {**obj, **({"subjects": subjects} if subjects else {}), "roleRef": ref})


def cluster_role_binding(inv: Invocation) -> None:
    """A ClusterRoleBinding."""
    obj: Obj = {"kind": "ClusterRoleBinding", "apiVersion": f"{_RBAC}/v1", "metadata": {"name": generate.name_of(inv)}}
    ref = {"apiGroup": _RBAC, "kind": "ClusterRole", "name": inv.flags["clusterrole"]}
    subjects = _subjects(inv)
    generate.submit(inv, "clusterrolebindings", {**obj, **({"subjects": subjects} if subjects else {}), "roleRef": ref})


def ingress(inv: Invocation) -> None:
    """An Ingress of `host/path=service:port` rules."""
    name, flags = generate.name_of(inv), inv.flags
    if not flags["rule"] and not flags["default-backend"]:
        raise Failure(
            "not enough information provided: every ingress has to either specify a default-backend (which catches all traffic) or a list of rules (which catch specific paths)"
        )
    rules: dict[str, list[Obj]] = {}
    for each in flags["rule"]:
        where, equals, target = each.partition("=")
        host, slash, path = where.partition("/")
        if not equals or not slash:
            raise Failure(f"rule {each} is invalid and should be in format host/path=svcname:svcport[,tls[=secret]]")
        prefix = path.endswith("*")
        shown = "/" + (path.rstrip("*") if prefix else path)
        rules.setdefault(host, []).append(
            {"path": shown, "pathType": "Prefix" if prefix else "Exact", "backend": _backend(target.partition(",")[0])}
        )
    spec: dict[str, Any] = {"ingressClassName": flags["class"]} if flags["class"] else {}
    spec |= {"defaultBackend": _backend(flags["default-backend"])} if flags["default-backend"] else {}
    held = [{**({"host": host} if host else {}), "http": {"paths": paths}} for host, paths in rules.items()]
    spec |= {"rules": held} if held else {}
    obj = generate.head(
        inv, "networking.k8s.io/v1", "Ingress", name, annotations=dict(each.partition("=")[::2] for each in flags["annotation"])
    )
    generate.submit(inv, "ingresses", {**obj, "spec": spec, "status": {"loadBalancer": {}}}, "failed to create ingress: ")


def _backend(text: str) -> Obj:
    name, _, port = text.partition(":")
    return {"service": {"name": name, "port": {"number": int(port)} if port.isdigit() else {"name": port}}}


COMMANDS = {
    "create namespace": Command(namespace),
    "create serviceaccount": Command(service_account),
    "create quota": Command(quota),
    "create poddisruptionbudget": Command(budget),
    "create priorityclass": Command(priority_class),
    "create role": Command(role),
    "create clusterrole": Command(cluster_role),
    "create rolebinding": Command(role_binding),
    "create clusterrolebinding": Command(cluster_role_binding),
    "create ingress": Command(ingress),
}
