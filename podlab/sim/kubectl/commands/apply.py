"""kubectl apply.

Upstream: staging/src/k8s.io/kubectl/pkg/cmd/apply/apply.go, patcher.go. Left out: `--prune`, kustomizations.
"""

from __future__ import annotations

from typing import Any, TypedDict

from podlab.sim.api.goyaml import to_json
from podlab.sim.changes import Obj
from podlab.sim.errors import StatusError
from podlab.sim.kubectl import builder, csaupgrade, stdin
from podlab.sim.kubectl.builder import Info
from podlab.sim.kubectl.command import Command
from podlab.sim.kubectl.errors import Failure, aggregate, message_of, with_source
from podlab.sim.kubectl.invocation import Invocation
from podlab.sim.kubectl.lastapplied import LAST_APPLIED, annotated, last_applied
from podlab.sim.kubectl.merge3 import three_way
from podlab.sim.kubectl.output import emitter
from podlab.sim.kubectl.printed import dry_run, say
from podlab.sim.kubectl.selectors import labels
from podlab.sim.linux.types import Wait

_MISSING = (
    "resource {} is missing the kubectl.kubernetes.io/last-applied-configuration annotation which is required by kubectl apply. kubectl apply should only be "
    "used on resources created declaratively by either kubectl create --save-config or kubectl apply. The missing annotation will be patched automatically."
)


_CONFLICT = """\
Please review the fields above--they currently have other managers. Here
are the ways you can resolve this warning:
* If you intend to manage all of these fields, please re-run the apply
  command with the `--force-conflicts` flag.
* If you do not intend to manage all of the fields, please edit your
  manifest to remove references to the fields that should keep their
  current managers.
* You may co-own fields by updating your manifest to match the existing
  value; in this case, you'll become the manager if the other manager(s)
  stop managing the field (remove it from their configuration).
See https://kubernetes.io/docs/reference/using-api/server-side-apply/#conflicts"""


class ApplyOptions(TypedDict):
    """How a configuration is sent."""

    manager: str
    force: bool
    dry_run: bool


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
    options: ApplyOptions = {"manager": manager, "force": inv.flags["force-conflicts"], "dry_run": strategy == "server"}
    try:
        new = inv.client.patch(info.resource, info.namespace, info.name, info.obj, "apply", **options)
    except StatusError as error:
        raise Failure(f"{error.message}\n{_CONFLICT}") if error.reason == "Conflict" else error from None
    if strategy == "none":
        new = _handed_over(inv, info, new, options)
    say(inv, info.resource, new, "serverside-applied", strategy)


def _handed_over(inv: Invocation, info: Info, new: Obj, options: ApplyOptions) -> Obj:
    """The object after what client-side apply owned is server-side apply's; a step that fails is told of, and tried by the next apply."""
    failure = "failed to migrate kubectl.kubernetes.io/last-applied-configuration for Server-Side Apply"
    try:
        _keep_annotation(inv, info, new, options["manager"])
        failure = "server rejected managed fields migration to Server-Side Apply"
        if _migrated(inv, info, options["manager"]):
            failure = "failed to re-apply configuration after performing Server-Side Apply migration"
            return inv.client.patch(info.resource, info.namespace, info.name, info.obj, "apply", **options)
    except StatusError as error:
        inv.err(f"Warning: {failure}. This is non-fatal and will be retried next time you apply. Error: {error.message}\n")
    return new


def _keep_annotation(inv: Invocation, info: Info, new: Obj, manager: str) -> None:
    """Somebody has to own the annotation of client-side apply, or the fields that it goes with would take it along."""
    text = (new["metadata"].get("annotations") or {}).get(LAST_APPLIED)
    if manager != "kubectl" or text is None or csaupgrade.owners(inv.client.owners(new), csaupgrade.APPLY):
        return
    meta = {key: new["metadata"][key] for key in ("name", "namespace") if key in new["metadata"]}
    patch = {"apiVersion": info.resource.api_version, "kind": info.resource.kind, "metadata": {**meta, "annotations": {LAST_APPLIED: text}}}
    inv.client.patch(info.resource, info.namespace, info.name, patch, "apply", manager="kubectl-last-applied")


def _migrated(inv: Invocation, info: Info, manager: str) -> bool:
    """Whether client-side apply owned fields, which are handed over now."""
    live = inv.client.get(info.resource, info.namespace, info.name)
    entries = inv.client.owners(live)
    names = sorted({each["manager"] for each in csaupgrade.owners(entries, csaupgrade.UPDATE)})
    if not names:
        return False
    patch = [
        {"op": "replace", "path": "/metadata/managedFields", "value": csaupgrade.upgraded(entries, names, manager)},
        {"op": "replace", "path": "/metadata/resourceVersion", "value": live["metadata"]["resourceVersion"]},
    ]
    inv.client.patch(info.resource, info.namespace, info.name, patch, "json", manager=manager)
    return True


COMMAND = Command(run, steps={"stdin": stdin.step(_apply)})
