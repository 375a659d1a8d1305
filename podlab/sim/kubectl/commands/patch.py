"""kubectl patch.

Upstream: staging/src/k8s.io/kubectl/pkg/cmd/patch/patch.go. Left out: nothing.
"""

from __future__ import annotations

import json
from typing import Any, cast

from podlab.sim.api.goload import YamlError, load
from podlab.sim.api.schema import type_of
from podlab.sim.apiserver.http.bodies import go_error
from podlab.sim.apiserver.patch import json_patch, merge, strategic
from podlab.sim.apiserver.patching import PatchType
from podlab.sim.apiserver.subresources import scale_of
from podlab.sim.changes import Obj
from podlab.sim.errors import StatusError
from podlab.sim.kubectl import builder
from podlab.sim.kubectl.builder import Info
from podlab.sim.kubectl.command import Command
from podlab.sim.kubectl.errors import Failure
from podlab.sim.kubectl.invocation import Invocation
from podlab.sim.kubectl.output import emitter
from podlab.sim.kubectl.printed import dry_run, suffix

_TYPES = ("json", "merge", "strategic")


def run(inv: Invocation) -> None:
    """Patch every object that was asked for."""
    patch = _patch(inv)
    local = bool(inv.flags["local"])
    infos = builder.resolve(inv, builder.request(inv, fetch=not local, local=local)).all()
    for info in infos:
        _local(inv, info, patch) if local else _one(inv, info, patch)
    if not infos:
        raise Failure("no objects passed to patch")


def _patch(inv: Invocation) -> Any:
    flags = inv.flags
    if flags["patch"] and flags["patch-file"]:
        raise Failure("cannot specify --patch and --patch-file together")
    if not flags["patch"] and not flags["patch-file"]:
        raise Failure("must specify --patch or --patch-file containing the contents of the patch")
    if flags["type"] not in _TYPES:
        raise Failure(f'--type must be one of [json merge strategic], not "{flags["type"]}"')
    text = flags["patch"] or _file(inv, flags["patch-file"])
    if text.lstrip().startswith("{"):
        return _json(text)
    try:
        return load(text)
    except YamlError as error:
        raise Failure(f'unable to parse "{text}": yaml: {error}') from None


def _json(text: str) -> Any:
    """JSON goes to the server as it is, and the server says what is wrong with it."""
    try:
        return json.loads(text)
    except ValueError as error:
        raise StatusError("BadRequest", f"error decoding patch: {go_error(text, error)}") from None


def _file(inv: Invocation, path: str) -> str:
    try:
        return inv.ctx.files.read(path)
    except OSError:
        raise Failure(f"unable to read patch file: open {path}: no such file or directory") from None


def _one(inv: Invocation, info: Info, patch: Any) -> None:
    strategy, flags = dry_run(inv), inv.flags
    owners = inv.client.owners(info.obj)
    kind = cast(PatchType, flags["type"])
    new = inv.client.patch(
        info.resource, info.namespace, info.name, patch, kind, dry_run=strategy != "none", subresource=flags["subresource"]
    )
    emit = emitter(inv)
    if emit is not None:
        inv.out(emit(scale_of(new) if flags["subresource"] == "scale" else new))
        return
    changed = flags["subresource"] == "scale" or _plain(new) != _plain(info.obj) or owners != inv.client.owners(new)
    label = f"scale.autoscaling/{info.name}" if flags["subresource"] == "scale" else info.label
    inv.out(f"{label} patched{'' if changed else ' (no change)'}{suffix(strategy)}\n")


def _local(inv: Invocation, info: Info, patch: Any) -> None:
    """What a patch makes of a manifest, without the server."""
    kind = inv.flags["type"]
    try:
        new = _patched(info, patch, kind)
    except (json_patch.PatchError, strategic.StrategicError) as error:
        raise Failure(str(error)) from None
    emit = emitter(inv)
    if emit is not None:
        inv.out(emit(new))
        return
    inv.out(f"{info.label} patched{'' if new != info.obj else ' (no change)'}{suffix(dry_run(inv))}\n")


def _patched(info: Info, patch: Any, kind: str) -> Obj:
    if kind == "json":
        return dict(json_patch.apply(info.obj, patch))
    if not isinstance(patch, dict):
        raise Failure("invalid JSON document")
    schema = type_of(info.resource.api_version, info.resource.kind)
    found = merge.merge(info.obj, patch) if kind == "merge" else strategic.merge(info.obj, patch, schema)
    return dict(found)


def _plain(obj: Obj) -> Obj:
    meta = {key: value for key, value in obj["metadata"].items() if key not in ("resourceVersion", "managedFields", "generation")}
    return {**obj, "metadata": meta}


COMMAND = Command(run)
