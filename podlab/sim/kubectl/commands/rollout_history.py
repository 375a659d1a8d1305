"""kubectl rollout history and undo.

Upstream: staging/src/k8s.io/kubectl/pkg/cmd/rollout, polymorphichelpers/history.go, rollback.go. Left out: `history -o`.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from podlab.sim.api.resources import RESOURCES
from podlab.sim.changes import Obj
from podlab.sim.kubectl import builder
from podlab.sim.kubectl.builder import Info
from podlab.sim.kubectl.command import Command
from podlab.sim.kubectl.describers.template import template as describe_template
from podlab.sim.kubectl.describers.writer import Writer
from podlab.sim.kubectl.errors import Failure
from podlab.sim.kubectl.invocation import Invocation
from podlab.sim.kubectl.lastapplied import LAST_APPLIED
from podlab.sim.kubectl.printed import dry_run, suffix
from podlab.sim.kubectl.revisions import CHANGE_CAUSE, REVISION, replica_sets_of, revision_of, same_template, without_hash
from podlab.sim.kubectl.table import blocks

_KEPT = (
    LAST_APPLIED,
    REVISION,
    "deployment.kubernetes.io/revision-history",
    "deployment.kubernetes.io/desired-replicas",
    "deployment.kubernetes.io/max-replicas",
)
_APPLIED = (
    "resource {} was previously managed with 'kubectl apply'. Rolling back will not update the kubectl.kubernetes.io/last-applied-configuration annotation, "
    "which may cause unexpected behavior on future 'kubectl apply' operations. Consider using 'kubectl apply' with your previous configuration file instead."
)


class Revision(Struct):
    """A revision: its number, the template, its holder's annotations."""

    number: int
    template: Obj
    annotations: dict[str, str]


def required(inv: Invocation) -> Iterator[Info]:
    """The objects that were asked for, then what went wrong with others; Failure without any."""
    if not inv.args and not inv.flags["filename"]:
        raise Failure("required resource not specified")
    return builder.resolve(inv, builder.request(inv, everything=True)).each()


def revisions(inv: Invocation, info: Info) -> list[Revision]:
    """The revisions of an object, oldest first."""
    if info.resource.kind == "Deployment":
        held = [
            Revision(revision_of(each), each["spec"]["template"], each["metadata"].get("annotations") or {})
            for each in replica_sets_of(inv.client, info.obj)
        ]
        return sorted((each for each in held if each.number), key=lambda each: each.number)
    found = inv.client.list(RESOURCES["controllerrevisions"], info.namespace) if "controllerrevisions" in RESOURCES else []
    uid = info.obj["metadata"].get("uid")
    owned = [each for each in found if any(owner.get("uid") == uid for owner in each["metadata"].get("ownerReferences") or [])]
    held = [Revision(each["revision"], _template(each), each["metadata"].get("annotations") or {}) for each in owned]
    return sorted(held, key=lambda each: each.number)


def _template(revision: Obj) -> Obj:
    """A ControllerRevision's data is a patch: without its directive it is the template."""
    return {key: value for key, value in revision["data"]["spec"]["template"].items() if key != "$patch"}


def history(inv: Invocation) -> None:
    """Print an object's revisions, or one of them."""
    for info in required(inv):
        if info.resource.kind not in ("Deployment", "DaemonSet", "StatefulSet"):
            raise Failure(f'no history viewer has been implemented for "{info.resource.kind}"')
        number = inv.flags["revision"]
        which = f"with revision #{number}" if number else ""
        inv.out(f"{info.label} {which}\n{_history(revisions(inv, info), number)}\n")


def _history(held: list[Revision], number: int) -> str:
    if not held:
        return "No rollout history found."
    if number:
        found = next((each for each in held if each.number == number), None)
        if found is None:
            raise Failure("unable to find the specified revision")
        return template_text(found)
    rows = [["REVISION", "CHANGE-CAUSE"]] + [[str(each.number), each.annotations.get(CHANGE_CAUSE) or "<none>"] for each in held]
    return blocks(rows, minimum=0, padding=2)


def template_text(revision: Revision) -> str:
    """A template as history shows it: with tabs, not in columns."""
    out = Writer()
    meta = dict(revision.template.get("metadata") or {})
    cause = revision.annotations.get(CHANGE_CAUSE)
    if cause:
        meta["annotations"] = {**(meta.get("annotations") or {}), CHANGE_CAUSE: cause}
    describe_template(out, {**revision.template, "metadata": meta})
    return out.raw()


def undo(inv: Invocation) -> None:
    """Go back to a revision, by default the one before."""
    for info in required(inv):
        if info.resource.kind not in ("Deployment", "DaemonSet", "StatefulSet"):
            raise Failure(f'no rollbacker has been implemented for "{info.resource.kind}"')
        _undo(inv, info)


def _undo(inv: Invocation, info: Info) -> None:
    strategy, number = dry_run(inv), inv.flags["to-revision"]
    if number < 0:
        raise Failure("revision number cannot be negative")
    target = _target(info, revisions(inv, info), number)
    if strategy == "client":
        inv.out(f"{info.label} {template_text(target)} (dry run)\n")
        return
    if info.obj["spec"].get("paused"):
        raise Failure("you cannot rollback a paused deployment; resume it first with 'kubectl rollout resume' and try again")
    if same_template(target.template, info.obj["spec"]["template"]):
        inv.out(f"{info.label} skipped rollback (current template already matches revision {target.number})\n")
        return
    if LAST_APPLIED in (info.obj["metadata"].get("annotations") or {}):
        inv.client.warn(_APPLIED.format(f"{info.resource.plural}/{info.name}"))
    _roll_back(inv, info, target, strategy)
    inv.out(f"{info.label} rolled back{suffix(strategy)}\n")


def _target(info: Info, held: list[Revision], number: int) -> Revision:
    kind = info.resource.kind.lower()
    if number:
        found = next((each for each in held if each.number == number), None)
        if found is None:
            raise Failure(f"unable to find specified revision {number} in history")
        return found
    if len(held) < 2:
        raise Failure(f'no rollout history found for {kind} "{info.name}"')
    return held[-2]


def _roll_back(inv: Invocation, info: Info, target: Revision, strategy: str) -> None:
    template = without_hash(target.template)
    patch: list[Obj] = [{"op": "replace", "path": "/spec/template", "value": template}]
    if info.resource.kind == "Deployment":
        held = info.obj["metadata"].get("annotations") or {}
        annotations = {key: value for key, value in held.items() if key in _KEPT} | {
            key: value for key, value in target.annotations.items() if key not in _KEPT
        }
        patch.append({"op": "add", "path": "/metadata/annotations", "value": annotations})
    inv.client.patch(info.resource, info.namespace, info.name, patch, "json", dry_run=strategy == "server")


COMMANDS = {"rollout history": Command(history), "rollout undo": Command(undo)}
