"""kubectl label and annotate.

Upstream: staging/src/k8s.io/kubectl/pkg/cmd/label/label.go, annotate/annotate.go. Left out: nothing.
"""

from __future__ import annotations

from typing import Any

from podlab.sim.api.goyaml import to_json
from podlab.sim.changes import Obj
from podlab.sim.kubectl import builder, pairs
from podlab.sim.kubectl.builder import Info
from podlab.sim.kubectl.command import Command, Run
from podlab.sim.kubectl.errors import Failure
from podlab.sim.kubectl.invocation import Invocation
from podlab.sim.kubectl.output import emitter
from podlab.sim.kubectl.printed import dry_run, say


def _runner(kind: str) -> Run:
    def run(inv: Invocation) -> None:
        resources, changes = pairs.split(inv.args, kind)
        new, gone = pairs.parse(changes, kind)
        _validate(inv, kind, resources, changes)
        local = bool(inv.flags["local"])
        result = builder.resolve(inv, builder.request(inv, resources, fetch=not local, local=local))
        if inv.flags["resource-version"] and not result.single:
            raise Failure("--resource-version may only be used with a single resource")
        for info in result.infos:
            _list(inv, info, kind, len(result.infos) > 1) if inv.flags["list"] else _change(inv, info, kind, new, gone)
        result.all()

    return run


def _validate(inv: Invocation, kind: str, resources: list[str], changes: list[str]) -> None:
    emitter(inv)
    if inv.flags["all"] and inv.flags["selector"]:
        raise Failure("cannot set --all and --selector at the same time")
    if not resources and not inv.flags["filename"]:
        raise Failure("one or more resources must be specified as <resource> <name> or <resource>/<name>")
    if not changes and not inv.flags["list"]:
        raise Failure(f"at least one {kind} update is required")


def _held(obj: Obj, kind: str) -> dict[str, str]:
    return dict(obj["metadata"].get(f"{kind}s") or {})


def _list(inv: Invocation, info: Info, kind: str, several: bool) -> None:
    indent = ""
    if several:
        indent = " "
        inv.out(f"Listing {kind}s for {info.resource.kind}.{info.resource.group}/{info.name}:\n")
    for key, value in _held(info.obj, kind).items():
        inv.out(f"{indent}{key}={value}\n")


def _change(inv: Invocation, info: Info, kind: str, new: dict[str, str], gone: list[str]) -> None:
    before = _held(info.obj, kind)
    overwrite = inv.flags["overwrite"]
    taken = [f"'{key}' already has a value ({before[key]})" for key in sorted(new) if key in before and before[key] != new[key]]
    if taken and not overwrite:
        raise Failure(_refusal(kind, taken))
    if kind == "label":
        inv.out("".join(f'label "{key}" not found.\n' for key in gone if key not in before))
    after = {key: value for key, value in (before | new).items() if key not in gone}
    obj = info.obj
    if after != before:
        obj = _written(inv, info, kind, {**new, **{key: None for key in gone if key in before}})
    say(inv, info.resource, obj, _word(kind, info.obj, before, after, overwrite), dry_run(inv))


def _refusal(kind: str, taken: list[str]) -> str:
    if kind == "annotation":
        return f"--overwrite is false but found the following declared annotation(s): {'; '.join(taken)}"
    texts = [f"{each}, and --overwrite is false" for each in taken]
    return texts[0] if len(texts) == 1 else f"[{', '.join(texts)}]"


def _written(inv: Invocation, info: Info, kind: str, change: dict[str, Any]) -> Obj:
    patch: Obj = {"metadata": {f"{kind}s": change}}
    if inv.flags["resource-version"]:
        patch["metadata"]["resourceVersion"] = inv.flags["resource-version"]
    if dry_run(inv) == "client" or inv.flags["local"]:
        held = {key: value for key, value in {**_held(info.obj, kind), **change}.items() if value is not None}
        return {**info.obj, "metadata": {**info.obj["metadata"], f"{kind}s": held}}
    return inv.client.patch(info.resource, info.namespace, info.name, patch, "merge", dry_run=dry_run(inv) == "server")


def _word(kind: str, obj: Obj, before: dict[str, str], after: dict[str, str], overwrite: bool) -> str:
    """kubectl judges by the lengths of the object's JSON before and after."""
    if kind == "annotation":
        return "annotated"
    if before == after:
        return "not labeled"
    shorter = len(to_json(after, indent=None)) < len(to_json(before, indent=None)) or not after
    return "unlabeled" if shorter and not overwrite else "labeled"


COMMANDS = {"label": Command(_runner("label")), "annotate": Command(_runner("annotation"))}
