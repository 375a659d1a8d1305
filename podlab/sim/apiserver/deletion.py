"""Deletion: preconditions, grace, finalizers, and who takes care of the dependents.

Upstream: staging/src/k8s.io/apiserver/pkg/registry/rest/delete.go, registry/generic/registry/store.go. Left out: unsafe deletion.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from podlab.sim.api.resources import RESOURCES
from podlab.sim.apiserver import answers
from podlab.sim.apiserver.admission.namespaces import check_delete
from podlab.sim.apiserver.strategy import strategy_of
from podlab.sim.changes import Cause, Obj

if TYPE_CHECKING:
    from podlab.sim.apiserver.server import ApiServer

ORPHAN = "orphan"
FOREGROUND = "foregroundDeletion"
ORPHANED_BY_DEFAULT = ("jobs", "cronjobs")


class Wanted(Struct, frozen=True):
    """DeleteOptions: grace in seconds, propagation (Background, Foreground, Orphan), preconditions."""

    grace: int | None = None
    propagation: str = ""
    uid: str = ""
    version: str = ""


def delete(api: ApiServer, resource: str, name: str, namespace: str, wanted: Wanted, *, by: str, cause: Cause | None, dry_run: bool) -> Obj:
    """Delete or begin to delete; the object as it is then."""
    check_delete(RESOURCES[resource], name)
    old = api.get(resource, name, namespace)
    _preconditions(resource, old, wanted)
    if resource == "namespaces":
        return _namespace(api, old, wanted, cause, dry_run=dry_run)
    new = _marked(api, resource, old, wanted)
    if new is old:
        return old
    if new is None:
        return old if dry_run else api.store.remove(resource, old, cause)
    if dry_run:
        return new
    stored = api.store.put(resource, new, cause)
    meta = stored["metadata"]
    if not meta.get("finalizers") and not meta.get("deletionGracePeriodSeconds"):
        return api.store.remove(resource, stored, cause)
    return stored


def gone(api: ApiServer, resource: str, obj: Obj) -> bool:
    """Whether the object of that uid is no longer there."""
    held = api.store.get(resource, obj["metadata"].get("namespace", ""), obj["metadata"]["name"])
    return held is None or held["metadata"]["uid"] != obj["metadata"]["uid"]


def may_go(resource: str, obj: Obj) -> bool:
    """Whether an object is being deleted and nothing holds it any more; a namespace has finalizers of its own."""
    meta = obj["metadata"]
    held = meta.get("finalizers") or meta.get("deletionGracePeriodSeconds")
    return "deletionTimestamp" in meta and not held and not (resource == "namespaces" and obj.get("spec", {}).get("finalizers"))


def _preconditions(resource: str, old: Obj, wanted: Wanted) -> None:
    meta, kind = old["metadata"], RESOURCES[resource].kind
    if wanted.uid and wanted.uid != meta["uid"]:
        why = f"the UID in the precondition ({wanted.uid}) does not match the UID in record ({meta['uid']}). The object might have been deleted and then recreated"
        raise answers.conflict(resource, meta["name"], why, kind=kind)
    if wanted.version and wanted.version != meta["resourceVersion"]:
        held = meta["resourceVersion"]
        why = f"the ResourceVersion in the precondition ({wanted.version}) does not match the ResourceVersion in record ({held}). The object might have been modified"
        raise answers.conflict(resource, meta["name"], why, kind=kind)


def _marked(api: ApiServer, resource: str, old: Obj, wanted: Wanted) -> Obj | None:
    """The object marked for deletion; None: it may go unmarked; `old`: nothing changes."""
    strategy = strategy_of(resource)
    meta = old["metadata"]
    finalizers = _finalizers(resource, meta, wanted)
    if strategy.graceful:
        return _graceful(api, resource, old, finalizers, wanted)
    if not finalizers and "deletionTimestamp" not in meta:
        return None
    if "deletionTimestamp" in meta:
        return old if finalizers == list(meta.get("finalizers", ())) else _with(old, finalizers, {})
    return _with(old, finalizers, {"deletionTimestamp": api.world.stamp(), "deletionGracePeriodSeconds": 0})


def _graceful(api: ApiServer, resource: str, old: Obj, finalizers: list[str], wanted: Wanted) -> Obj:
    """TD-6: the grace period begins, or gets shorter."""
    meta = old["metadata"]
    if "deletionTimestamp" in meta:
        held = meta.get("deletionGracePeriodSeconds", 0)
        seconds = None if wanted.grace is None else max(wanted.grace, 1) if wanted.grace < 0 else wanted.grace
        if seconds is None or seconds >= held:
            return old if finalizers == list(meta.get("finalizers", ())) else _with(old, finalizers, {})
        begun = api.world.instant(meta["deletionTimestamp"]) - held * 1000
        end = begun + seconds * 1000  # a shorter grace counts from the first request
        if end <= api.world.now:
            end, seconds = api.world.now, 1 if seconds else 0
    else:
        seconds = strategy_of(resource).grace(old, wanted.grace)
        end = api.world.now + seconds * 1000
    stamp = api.world.stamp(end)
    return _with(old, finalizers, {"deletionTimestamp": stamp, "deletionGracePeriodSeconds": seconds})


def _with(old: Obj, finalizers: list[str], marks: Obj) -> Obj:
    """`old` with new finalizers and marks; beginning to delete counts the generation on."""
    meta = {**{key: value for key, value in old["metadata"].items() if key != "finalizers"}, **marks}
    if finalizers:
        meta["finalizers"] = finalizers
    if "deletionTimestamp" not in old["metadata"] and "generation" in meta and marks:
        meta["generation"] += 1
    return {**old, "metadata": meta}


def _finalizers(resource: str, meta: Obj, wanted: Wanted) -> list[str]:
    """The finalizers after the wish for the dependents is put into them."""
    held = list(meta.get("finalizers", ()))
    if wanted.propagation:
        wish = {"Orphan": ORPHAN, "Foreground": FOREGROUND}.get(wanted.propagation, "")
    elif ORPHAN in held or FOREGROUND in held:
        wish = ORPHAN if ORPHAN in held else FOREGROUND
    else:
        wish = ORPHAN if resource in ORPHANED_BY_DEFAULT else ""
    rest = [each for each in held if each not in (ORPHAN, FOREGROUND)]
    return [*rest, wish] if wish else rest


def _namespace(api: ApiServer, old: Obj, wanted: Wanted, cause: Cause | None, *, dry_run: bool) -> Obj:
    """A namespace turns Terminating; it goes once its finalizers are gone."""
    meta = old["metadata"]
    if "deletionTimestamp" not in meta:
        marked = {
            **old,
            "metadata": {**meta, "deletionTimestamp": api.world.stamp()},
            "status": {**old.get("status", {}), "phase": "Terminating"},
        }
        return marked if dry_run else api.store.put("namespaces", marked, cause)
    if old.get("spec", {}).get("finalizers"):
        text = "The system is ensuring all content is removed from this namespace.  Upon completion, this namespace will automatically be purged by the system."
        raise answers.conflict("namespaces", meta["name"], text)
    return old if dry_run else api.store.remove("namespaces", old, cause)
