"""How an update becomes the object that is stored next: what it may touch, what is checked.

Upstream: staging/src/k8s.io/apiserver/pkg/registry/rest/update.go. Left out: nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from podlab.sim.api import defaults, validation
from podlab.sim.api.resources import RESOURCES, Resource
from podlab.sim.api.validation.errors import invalid_object
from podlab.sim.apiserver import admission, answers, subresources
from podlab.sim.apiserver.create import LEARNER, decoded
from podlab.sim.apiserver.strategy import strategy_of
from podlab.sim.changes import Obj

if TYPE_CHECKING:
    from podlab.sim.apiserver.server import ApiServer

KEPT = ("uid", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds", "generation", "selfLink", "managedFields")


def change(
    api: ApiServer,
    resource: str,
    old: Obj,
    obj: Obj,
    *,
    by: str,
    subresource: str = "",
    strict: bool = False,
    patch: bool = False,
    warnings: list[str] | None = None,
    sent: list[Obj] | None = None,
) -> Obj:
    """The object that an update makes of `old`; `old` itself when nothing changes. `patch`: the body was made by the server.

    What was sent, with its defaults, is put into `sent`: that is what its writer will own.
    """
    row = RESOURCES[resource]
    trusted = by != LEARNER
    _check_version(row, old, obj["metadata"], lenient=trusted and subresource == "status")
    if trusted:
        return _trusted(api, row, old, obj, subresource)
    new = decoded(row, obj, strict=strict, warnings=warnings)
    defaults.apply(row.kind, new)
    if not patch:
        _check_uid(row, old, new["metadata"])
    if sent is not None:
        sent.append(new)
    new = merged(api, row, old, new, subresource)
    if subresource in ("", "scale"):
        admission.admit_update(row, new)
    errors = subresources.errors(row, new, old, subresource) if subresource else validation.update(row, new, old)
    if errors:
        raise invalid_object(row.kind, row.group, old["metadata"]["name"], errors)
    if not subresource:
        strategy_of(resource).complete(api, new, old)
    new = settled(row, old, new, subresource)
    if new is not old:
        admission.check_update(api, row, new, old, subresource, warnings)
    return new


def _trusted(api: ApiServer, row: Resource, old: Obj, obj: Obj, subresource: str) -> Obj:
    """A component's write: taken as it is."""
    if subresource == "status":
        status = subresources.kept_class(row, obj.get("status", {}), old)
        if row.plural == "deployments":  # its controller writes the revision together with the status
            return settled(row, old, {**obj, "spec": old["spec"], "status": status}, subresource)
        return old if status == old.get("status") else {**old, "status": status}
    return settled(row, old, merged(api, row, old, obj, subresource), subresource)


def _check_version(row: Resource, old: Obj, meta: Obj, *, lenient: bool) -> None:
    version = meta.get("resourceVersion", "")
    if not version or lenient or version == old["metadata"]["resourceVersion"]:
        return
    if not version.isdigit():
        raise answers.internal(f'strconv.ParseUint: parsing "{version}": invalid syntax')
    raise answers.conflict(row.plural, old["metadata"]["name"])


def _check_uid(row: Resource, old: Obj, meta: Obj) -> None:
    held = old["metadata"]
    if meta.get("uid") and meta["uid"] != held["uid"]:
        raise answers.uid_precondition(row, held.get("namespace", ""), held["name"], meta["uid"], held["uid"])


def merged(api: ApiServer, row: Resource, old: Obj, new: Obj, subresource: str) -> Obj:
    """`new` with all that this door may not touch taken from `old`."""
    held, meta = old["metadata"], new["metadata"]
    meta = {**{key: value for key, value in meta.items() if key not in KEPT}, **{key: held[key] for key in KEPT if key in held}}
    if "uid" in new["metadata"]:
        meta["uid"] = new["metadata"]["uid"]
    if "namespace" in held:
        meta.setdefault("namespace", held["namespace"])
    meta["resourceVersion"] = held["resourceVersion"]
    new = {**new, "apiVersion": row.api_version, "kind": row.kind, "metadata": meta}
    if subresource:
        found = subresources.merged(row, old, new, subresource)
        return strategy_of(row.plural).prepare_status(api, found, old) if subresource == "status" else found
    return strategy_of(row.plural).prepare_update(api, new, old)


def settled(row: Resource, old: Obj, new: Obj, subresource: str) -> Obj:
    """`old` when nothing changed; otherwise `new`, its generation counted on where the kind has one."""
    if new == old:
        return old
    strategy = strategy_of(row.plural)
    if strategy.generation and subresource != "status" and strategy.counts(new, old):
        meta = new["metadata"]
        return {**new, "metadata": {**meta, "generation": old["metadata"].get("generation", 0) + 1}}
    return new
