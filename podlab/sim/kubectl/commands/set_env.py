"""kubectl set env.

Upstream: staging/src/k8s.io/kubectl/pkg/cmd/set (set_env.go, env). Left out: `--resolve`, variables from standard input.
"""

from __future__ import annotations

import re

from podlab.sim.changes import Obj
from podlab.sim.kubectl import builder, templates
from podlab.sim.kubectl.command import Command
from podlab.sim.kubectl.discovery import resource_for
from podlab.sim.kubectl.errors import Failure
from podlab.sim.kubectl.invocation import Invocation


def env(inv: Invocation) -> None:
    """Set, remove or list environment variables."""
    flags = inv.flags
    changes = list(flags["env"]) + [each for each in inv.args if "=" in each or each.endswith("-")]
    resources = [each for each in inv.args if "=" not in each and not each.endswith("-")]
    _validate(inv, resources)
    new = [_variable(each) for each in changes if "=" in each]
    gone = [each.removesuffix("-") for each in changes if "=" not in each]
    if {each["name"] for each in new} & set(gone):
        raise Failure("can not both modify and remove the same environment variable in the same command")
    new += _from(inv) if flags["from"] else []
    new = [{**each, "name": flags["prefix"] + each["name"]} for each in new]
    infos = templates.requested(inv, resources)
    if flags["list"]:
        _list_env(inv, infos, new, gone)
        return
    for info in infos:
        if not templates.named(templates.pod_spec(info), flags["containers"]):
            inv.client.warn(f'{info.resource.kind}/{info.name} does not have any containers matching "{flags["containers"]}"')
    failed = "failed to patch env update to pod template: "
    templates.update(inv, infos, lambda spec: _with_env(inv, spec, new, gone), "env updated", failed)


def _validate(inv: Invocation, resources: list[str]) -> None:
    flags = inv.flags
    if flags["local"] and flags["dry-run"] == "server":
        raise Failure("cannot specify --local and --dry-run=server - did you mean --dry-run=client?")
    if not flags["filename"] and not resources:
        raise Failure("one or more resources must be specified as <resource> <name> or <resource>/<name>")
    if flags["list"] and flags["output"]:
        raise Failure("--list and --output may not be specified together")
    if flags["keys"] and not flags["from"]:
        raise Failure("when specifying --keys, a configmap or secret must be provided with --from")


def _variable(text: str) -> Obj:
    name, _, value = text.partition("=")
    if not re.fullmatch(r"[-._a-zA-Z][-._a-zA-Z0-9]*", name):
        raise Failure(
            f"\"{name}\" is not a valid key name: a valid environment variable name must consist of alphabetic characters, digits, '_', '-', or '.', "
            "and must not start with a digit (e.g. 'my.env-name',  or 'MY_ENV.NAME',  or 'MyEnvName1', regex used for validation is '[-._a-zA-Z][-._a-zA-Z0-9]*')"
        )
    return {"name": name, "value": value}


def _from(inv: Invocation) -> list[Obj]:
    kind, _, name = inv.flags["from"].partition("/")
    resource = resource_for(kind)
    source = inv.client.get(resource, inv.namespace, name)
    refs = {"configmaps": "configMapKeyRef", "secrets": "secretKeyRef"}
    if resource.plural not in refs:
        raise Failure("unsupported resource specified in --from")
    keys = [each for each in sorted(source.get("data") or {}) if not inv.flags["keys"] or each in inv.flags["keys"]]
    return [{"name": _env_name(inv, each), "valueFrom": {refs[resource.plural]: {"name": name, "key": each}}} for each in keys]


def _env_name(inv: Invocation, key: str) -> str:
    name = re.sub(r"[^a-zA-Z0-9_]", "_", key).upper()
    if name != key:
        inv.client.warn(f"key {key} transferred to {name}")
    return name


def _with_env(inv: Invocation, spec: Obj, new: list[Obj], gone: list[str]) -> Obj:
    chosen = templates.named(spec, inv.flags["containers"])

    def change(container: Obj) -> Obj:
        if container["name"] not in chosen:
            return container
        held = {each["name"]: each for each in container.get("env") or []}
        taken = [each["name"] for each in new if each["name"] in held]
        if taken and not inv.flags["overwrite"]:
            raise templates.Refused(f"'{taken[0]}' already has a value ({held[taken[0]].get('value', '')}), and --overwrite is false")
        return _changed(container, held, new, gone)

    return templates.with_containers(spec, change)


def _changed(container: Obj, held: dict[str, Obj], new: list[Obj], gone: list[str]) -> Obj:
    held = held | {each["name"]: each for each in new}
    left = [value for name, value in held.items() if name not in gone]
    rest = {key: value for key, value in container.items() if key != "env"}
    return {**rest, "env": left} if left else rest


def _list_env(inv: Invocation, infos: list[builder.Info], new: list[Obj], gone: list[str]) -> None:
    for info in infos:
        spec = templates.pod_spec(info)
        chosen = templates.named(spec, inv.flags["containers"])
        for container in (spec.get("containers") or []) + (spec.get("initContainers") or []):
            if container["name"] not in chosen:
                continue
            inv.out(f"# {info.resource.kind} {info.name}, container {container['name']}\n")
            held = {each["name"]: each for each in container.get("env") or []}
            for each in _changed(container, held, new, gone).get("env", []):
                inv.out(f"{each['name']}={each.get('value', '')}\n" if "valueFrom" not in each else _reference(each))


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


COMMANDS = {"set env": Command(env)}
