"""kubectl set image, resources and serviceaccount.

Upstream: staging/src/k8s.io/kubectl/pkg/cmd/set. Left out: nothing.
"""

from __future__ import annotations

import re
from typing import Any

from podlab.sim.changes import Obj
from podlab.sim.kubectl import templates
from podlab.sim.kubectl.command import Command
from podlab.sim.kubectl.errors import Failure
from podlab.sim.kubectl.invocation import Invocation

_QUANTITY = re.compile(r"([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)")
_QUANTITY_RULE = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"


def image(inv: Invocation) -> None:
    """Set images by container name."""
    resources = [each for each in inv.args if "=" not in each]
    images = dict(each.partition("=")[::2] for each in inv.args if "=" in each)
    infos = templates.requested(inv, resources)
    if not images:
        raise Failure("at least one image update is required")

    def change(spec: Obj) -> Obj:
        for name in images:
            if name != "*" and not templates.named(spec, name):
                raise Failure(f'unable to find container named "{name}"')
        return templates.with_containers(spec, lambda each: {**each, "image": images.get(each["name"], images.get("*", each.get("image")))})

    templates.update(inv, infos, change, "image updated", "failed to patch image update to pod template: ")


def _amounts(text: str) -> dict[str, str]:
    out = {}
    for part in filter(None, text.split(",")):
        name, equals, value = part.partition("=")
        if not equals:
            raise Failure(f"Invalid argument syntax {part}, expected <resource>=<value>")
        if not _QUANTITY.fullmatch(value):
            raise Failure(_QUANTITY_RULE)
        out[name] = value
    return out


def resources(inv: Invocation) -> None:
    """Set limits and requests."""
    flags = inv.flags
    infos = templates.requested(inv, inv.args)
    if not flags["limits"] and not flags["requests"]:
        raise Failure("you must specify an update to requests or limits (in the form of --requests/--limits)")
    limits, requests = _amounts(flags["limits"]), _amounts(flags["requests"])

    def change(spec: Obj) -> Obj:
        chosen = templates.named(spec, flags["containers"])
        if not chosen:
            raise Failure(f"unable to find container named {flags['containers']}")
        return templates.with_containers(spec, lambda each: _with_amounts(each, limits, requests) if each["name"] in chosen else each)

    templates.update(inv, infos, change, "resource requirements updated", "failed to patch resources update to pod template ")


def _with_amounts(container: Obj, limits: dict[str, str], requests: dict[str, str]) -> Obj:
    held: dict[str, Any] = dict(container.get("resources") or {})
    for kind, new in (("limits", limits), ("requests", requests)):
        if new:
            held[kind] = {**(held.get(kind) or {}), **new}
    return {**container, "resources": held}


def service_account(inv: Invocation) -> None:
    """Set the service account."""
    if not inv.args:
        raise Failure("serviceaccount is required")
    if len(inv.args) < 2 and not inv.flags["filename"]:
        raise Failure("one or more resources must be specified as <resource> <name> or <resource>/<name>")
    name = inv.args[-1]
    infos = templates.requested(inv, inv.args[:-1])
    templates.update(
        inv,
        infos,
        lambda spec: {**spec, "serviceAccountName": name} | ({} if inv.flags["local"] else {"serviceAccount": name}),
        "serviceaccount updated",
        "failed to patch ServiceAccountName update to pod template: ",
    )


COMMANDS = {
    "set image": Command(image),
    "set resources": Command(resources),
    "set serviceaccount": Command(service_account),
}
