"""kubectl create namespace, serviceaccount, token, quota, poddisruptionbudget and priorityclass.

Upstream: staging/src/k8s.io/kubectl/pkg/cmd/create. Left out: tokens for other audiences or bound to objects.
"""

from __future__ import annotations

import re
from typing import Any

from podlab.sim.api.labels import as_object, parse
from podlab.sim.api.quantities import canonical
from podlab.sim.changes import Obj
from podlab.sim.errors import StatusError
from podlab.sim.kubectl import generate, output
from podlab.sim.kubectl.command import Command
from podlab.sim.kubectl.errors import Failure
from podlab.sim.kubectl.invocation import Invocation


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
        if "" in spec["scopes"]:
            raise Failure('invalid resource quota scope ""')
    generate.submit(inv, "resourcequotas", {**obj, "spec": spec, "status": {}}, "failed to create quota: ")


def amounts(text: str) -> dict[str, str]:
    """`cpu=1,pods=3`; Failure."""
    found = {}
    for each in text.split(","):
        if each.count("=") != 1:
            raise Failure(f"Invalid argument syntax {each}, expected <resource>=<value>")
        name, _, value = each.partition("=")
        try:
            found[name] = canonical(value)
        except ValueError as error:
            raise Failure(str(error)) from None
    return found


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
    for flag, text in (("min-available", least), ("max-unavailable", most)):
        if text and not re.fullmatch("[0-9]+%?", text):
            raise Failure(f"invalid format specified for {flag}")
    spec: dict[str, Any] = {"minAvailable": _count(least)} if least else {}
    spec["selector"] = _label_selector(flags["selector"])
    spec |= {"maxUnavailable": _count(most)} if most else {}
    status = {"disruptionsAllowed": 0, "currentHealthy": 0, "desiredHealthy": 0, "expectedPods": 0}
    obj = generate.head(inv, "policy/v1", "PodDisruptionBudget", name)
    generate.submit(inv, "poddisruptionbudgets", {**obj, "spec": spec, "status": status}, "failed to create poddisruptionbudgets: ")


def _label_selector(text: str) -> Obj:
    """A selector's text as an object; Failure."""
    try:
        return as_object(parse(text))
    except ValueError as error:
        raise Failure(str(error)) from None


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


def token(inv: Invocation) -> None:
    """A token of a ServiceAccount."""
    name, flags = generate.name_of(inv), inv.flags
    emit = output.emitter(inv)
    if flags["duration"] < 0:
        raise Failure("--duration must be greater than or equal to 0")
    if flags["duration"] % 1000:
        raise Failure("--duration cannot be expressed in units less than seconds")
    _bound(inv)
    try:
        found = inv.client.token(inv.namespace, name, flags["duration"] // 1000)
    except StatusError as error:
        raise Failure(f"failed to create token: {error.message}") from None
    inv.out(emit(found) if emit is not None else found["status"]["token"] + ("\n" if inv.ctx.is_tty(1) else ""))


def _bound(inv: Invocation) -> None:
    kind = inv.flags["bound-object-kind"]
    for flag in ("bound-object-name", "bound-object-uid"):
        if inv.flags[flag] and not kind:
            raise Failure(f"--{flag} can only be set if --bound-object-kind is provided")
    if kind and kind not in ("Node", "Pod", "Secret"):
        raise Failure("supported --bound-object-kind values are Node, Pod, Secret")
    if kind and not inv.flags["bound-object-name"]:
        raise Failure("--bound-object-name is required if --bound-object-kind is provided")
    if kind or inv.flags["audience"]:
        raise Failure("not supported in this lab: tokens for other audiences, and tokens bound to objects")


COMMANDS = {
    "create namespace": Command(namespace),
    "create serviceaccount": Command(service_account),
    "create quota": Command(quota),
    "create poddisruptionbudget": Command(budget),
    "create priorityclass": Command(priority_class),
    "create token": Command(token),
}
