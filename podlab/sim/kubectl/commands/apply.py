"""kubectl apply.

Upstream: staging/src/k8s.io/kubectl/pkg/cmd/apply/apply.go, patcher.go. Left out: `--prune`, kustomizations.
"""

from __future__ import annotations

from typing import Any

from podlab.sim.api.goyaml import to_json
from podlab.sim.changes import Obj
from podlab.sim.errors import StatusError
from podlab.sim.kubectl import builder, stdin
from podlab.sim.kubectl.builder import Info
from podlab.sim.kubectl.command import Command
from podlab.sim.kubectl.errors import Failure, aggregate, message_of, with_source
from podlab.sim.kubectl.invocation import Invocation
from podlab.sim.kubectl.lastapplied import LAST_APPLIED, annotated, last_applied
from podlab.sim.kubectl.merge3 import removals, three_way
from podlab.sim.kubectl.output import emitter
from podlab.sim.kubectl.printed import dry_run, say
from podlab.sim.kubectl.selectors import labels
from podlab.sim.linux.types import Wait

_MISSING = (
    "resource {} is missing the kubectl.kubernetes.io/last-applied-configuration annotation which is required by kubectl apply. kubectl apply should only be "
    "used on resources created declaratively by either kubectl create --save-config or kubectl apply. The missing annotation will be patched automatically."
)


def run(inv: Invocation) -> Wait | None:
    """Bring every object of the manifests to what they say."""
    _validate(inv)
    return stdin.needed(inv) or _apply(inv)


def _validate(inv: Invocation) -> None:
    flags = inv.flags
    if inv.args:
        raise inv.usage(f"Unexpected args: [{' '.join(inv.args)}]")
    if flags["prune"] or flags["kustomize"]:
        raise Failure("not supported in this lab: kubectl apply --prune, -k")
    if not flags["filename"]:
        raise Failure("must specify one of -f and -k")
    if flags["force-conflicts"] and not flags["server-side"]:
        raise Failure("--force-conflicts only works with --server-side")
    if flags["server-side"] and dry_run(inv) == "client":
        raise Failure("--dry-run=client doesn't work with --server-side (did you mean --dry-run=server instead?)")
    if flags["force"] and flags["server-side"]:
        raise Failure("--force cannot be used with --server-side")
    emitter(inv)


def _apply(inv: Invocation) -> Wait | None:
    unread: list[Exception] = []
    errors: list[Exception] = []
    applied = 0
    for info in list(builder.read_files(inv, builder.request(inv), unread)):
        if inv.flags["selector"] and not _selected(inv, info):
            continue
        try:
            _server_side(inv, info) if inv.flags["server-side"] else _one(inv, info)
            applied += 1
        except (StatusError, Failure) as error:
            errors.append(error)
    if errors and len(unread) > 1:
        unread = [Failure(f"[{', '.join(message_of(each) for each in unread)}]")]
    if unread or errors:
        raise aggregate(unread + errors)
    if not applied:
        raise Failure("no objects passed to apply")
    return None


def _selected(inv: Invocation, info: Info) -> bool:
    return labels(inv.flags["selector"])(info.obj["metadata"].get("labels") or {})


def _one(inv: Invocation, info: Info) -> None:
    strategy = dry_run(inv)
    _named(info)
    wanted = annotated(info.obj)
    current = inv.client.find(info.resource, info.namespace, info.name)
    if current is None:
        _create(inv, info, wanted, strategy)
        return
    if LAST_APPLIED not in (current["metadata"].get("annotations") or {}):
        inv.client.warn(_MISSING.format(f"{info.resource.plural}/{info.name}"))
    if strategy == "client":
        say(inv, info.resource, current, "configured", strategy)
        return
    patch = three_way(info.resource, last_applied(current), wanted, current)
    new = _patched(inv, info, patch, strategy) if patch else current
    say(inv, info.resource, new, "configured" if patch else "unchanged", strategy)


def _named(info: Info) -> None:
    if info.name:
        return
    prefix = info.obj["metadata"].get("generateName")
    if prefix:
        raise Failure(f"from {prefix}: cannot use generate name with apply")
    raise Failure(
        f'error when retrieving current configuration of:\n{where(info)}\nfrom server for: "{info.source}": resource name may not be empty'
    )


def where(info: Info) -> str:
    """The object as kubectl's errors describe it."""
    resource = info.resource
    group_version = f"{resource.group}/{resource.version}"
    return f'Resource: "{group_version}, Resource={resource.plural}", GroupVersionKind: "{group_version}, Kind={resource.kind}"\nName: "{info.name}", Namespace: "{info.namespace}"'


def _create(inv: Invocation, info: Info, wanted: Obj, strategy: str) -> None:
    if strategy == "client":
        say(inv, info.resource, wanted, "created", strategy)
        return
    try:
        new = inv.client.create(info.resource, wanted, dry_run=strategy == "server")
    except StatusError as error:
        raise with_source(error, "creating", info.source) from None
    say(inv, info.resource, new, "created", strategy)


def _patched(inv: Invocation, info: Info, patch: dict[str, Any], strategy: str) -> Obj:
    try:
        return inv.client.patch(info.resource, info.namespace, info.name, patch, dry_run=strategy == "server")
    except StatusError as error:
        inner = with_source(error, "patching", info.source)
        raise with_source(inner, f"applying patch:\n{to_json(patch, indent=None)}\nto:\n{where(info)}\nfor:", info.source) from None


def _server_side(inv: Invocation, info: Info) -> None:
    strategy = dry_run(inv)
    manager = inv.flags["field-manager"] if inv.given("field-manager") else "kubectl"
    live = inv.client.find(info.resource, info.namespace, info.name)
    new = inv.client.patch(
        info.resource,
        info.namespace,
        info.name,
        info.obj,
        "apply",
        manager=manager,
        force=inv.flags["force-conflicts"],
        dry_run=strategy == "server",
    )
    if live is not None and last_applied(live) and strategy == "none" and manager == "kubectl":
        _migrate(inv, info, live)
    say(inv, info.resource, new, "serverside-applied", strategy)


def _migrate(inv: Invocation, info: Info, live: Obj) -> None:
    """Client-side apply made it: what its last manifest had and this one has not goes, and the annotation follows."""
    patch = removals(info.resource, last_applied(live), info.obj)
    gone = {key: value for key, value in (patch.pop("metadata", None) or {}).items() if key == "labels"}
    text = to_json(info.obj, indent=None) + "\n"
    patch["metadata"] = gone | {"annotations": {LAST_APPLIED: text}}
    inv.client.patch(info.resource, info.namespace, info.name, patch, manager="kubectl-client-side-apply")


COMMAND = Command(run, steps={"stdin": stdin.step(_apply)})
