"""kubectl set image, env, resources and serviceaccount.

Upstream: staging/src/k8s.io/kubectl/pkg/cmd/set. Left out: `env --resolve`, `set subject`.
"""

from __future__ import annotations

import re
from typing import Any

from podlab.sim.changes import Obj
from podlab.sim.kubectl import builder, templates
from podlab.sim.kubectl.command import Command
from podlab.sim.kubectl.discovery import resource_for
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


def env(inv: Invocation) -> None:
    """Set, remove or list environment variables."""
    flags = inv.flags
    changes = [each for each in inv.args if "=" in each or each.endswith("-")] + list(flags["env"])
    resources = [each for each in inv.args if "=" not in each and not each.endswith("-")]
    infos = templates.requested(inv, resources)
    if flags["list"]:
        _list_env(inv, infos)
        return
    new = [_variable(each) for each in changes if not each.endswith("-") or "=" in each]
    gone = [each.removesuffix("-") for each in changes if each.endswith("-") and "=" not in each]
    new += _from(inv) if flags["from"] else []
    if not new and not gone:
        raise Failure("at least one environment variable must be provided")
    templates.update(
        inv, infos, lambda spec: _with_env(inv, spec, new, gone), "env updated", "failed to patch env update to pod template: "
    )


def _variable(text: str) -> Obj:
    name, _, value = text.partition("=")
    if not re.fullmatch(r"[-._a-zA-Z][-._a-zA-Z0-9]*", name):
        raise Failure(
            f"\"{name}\" is not a valid environment variable name: a valid environment variable name must consist of alphabetic characters, digits, '_', '-', or '.', "
            "and must not start with a digit (e.g. 'my.env-name',  or 'MY_ENV.NAME',  or 'MyEnvName1', regex used for validation is '[-._a-zA-Z][-._a-zA-Z0-9]*')"
        )
    return {"name": name, "value": value}


def _from(inv: Invocation) -> list[Obj]:
    kind, _, name = inv.flags["from"].partition("/")
    resource = resource_for(kind)
    source = inv.client.get(resource, inv.namespace, name)
    refs = {"configmaps": "configMapKeyRef", "secrets": "secretKeyRef"}
    if resource.plural not in refs:
        raise Failure(f"unsupported resource specified in --from: {inv.flags['from']}")
    keys = [each for each in sorted(source.get("data") or {}) if not inv.flags["keys"] or each in inv.flags["keys"]]
    prefix = inv.flags["prefix"]
    return [
        {"name": prefix + re.sub(r"[^a-zA-Z0-9_]", "_", each).upper(), "valueFrom": {refs[resource.plural]: {"name": name, "key": each}}}
        for each in keys
    ]


def _with_env(inv: Invocation, spec: Obj, new: list[Obj], gone: list[str]) -> Obj:
    chosen = templates.named(spec, inv.flags["containers"])
    if not chosen:
        raise Failure(f'none of the containers match "{inv.flags["containers"]}"')

    def change(container: Obj) -> Obj:
        if container["name"] not in chosen:
            return container
        held = {each["name"]: each for each in container.get("env") or []}
        taken = [each["name"] for each in new if each["name"] in held]
        if taken and not inv.flags["overwrite"]:
            raise Failure(f"'{taken[0]}' already has a value ({held[taken[0]].get('value', '')}), and --overwrite is false")
        held |= {each["name"]: each for each in new}
        out = {**container, "env": [value for name, value in held.items() if name not in gone]}
        return out if out["env"] else {key: value for key, value in out.items() if key != "env"}

    return templates.with_containers(spec, change)


def _list_env(inv: Invocation, infos: list[builder.Info]) -> None:
    for info in infos:
        spec = templates.pod_spec(info)
        for container in (spec.get("containers") or []) + (spec.get("initContainers") or []):
            inv.out(f"# {info.resource.kind} {info.name}, container {container['name']}\n")
            for each in container.get("env") or []:
                inv.out(f"{each['name']}={each['value']}\n" if "valueFrom" not in each else _reference(each))


def _reference(variable: Obj) -> str:
    source = variable["valueFrom"]
    for key, kind in (
        ("configMapKeyRef", "a configmap key"),
        ("secretKeyRef", "a secret key"),
        ("fieldRef", "a field path"),
        ("resourceFieldRef", "a resource field"),
    ):
        if key in source:
            return f"# {variable['name']} from {_where(source[key], kind)}\n"
    return f"# {variable['name']} from unknown source\n"


def _where(ref: Obj, kind: str) -> str:
    if "key" in ref:
        return f"{kind.removeprefix('a ').removesuffix(' key')} {ref['name']}, key {ref['key']}"
    return f"{kind.removeprefix('a ')} {ref.get('fieldPath') or ref.get('resource')}"


def _amounts(text: str) -> dict[str, str]:
    out = {}
    for part in filter(None, text.split(",")):
        name, equals, value = part.partition("=")
        if not equals:
            raise Failure(f"invalid argument syntax {part}, expected <resource>=<value>")
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
        return {
            **spec,
            "containers": [_with_amounts(each, limits, requests) if each["name"] in chosen else each for each in spec["containers"]],
        }

    templates.update(inv, infos, change, "resource requirements updated", "failed to patch resources update to pod template ")


def _with_amounts(container: Obj, limits: dict[str, str], requests: dict[str, str]) -> Obj:
    held: dict[str, Any] = dict(container.get("resources") or {})
    for kind, new in (("limits", limits), ("requests", requests)):
        if new:
            held[kind] = {**(held.get(kind) or {}), **new}
    return {**container, "resources": held}


def service_account(inv: Invocation) -> None:
    """Set the service account."""
    if len(inv.args) < 2:
        raise Failure(
            "serviceaccount is required"
            if not inv.args
            else "one or more resources must be specified as <resource> <name> or <resource>/<name>"
        )
    name = inv.args[-1]
    infos = templates.requested(inv, inv.args[:-1])
    templates.update(
        inv,
        infos,
        lambda spec: {**spec, "serviceAccountName": name, "serviceAccount": name},
        "serviceaccount updated",
        "failed to patch ServiceAccountName update to pod template: ",
    )


COMMANDS = {
    "set image": Command(image),
    "set env": Command(env),
    "set resources": Command(resources),
    "set serviceaccount": Command(service_account),
}
