"""The PATCH verb: what the four kinds of patches make of an object, and how they fail.

Upstream: staging/src/k8s.io/apiserver/pkg/endpoints/handlers/patch.go. Left out: CBOR patches.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import msgspec
from msgspec import Struct

from podlab.sim.api.canonical import DecodeError, canonical, json_kind
from podlab.sim.api.resources import RESOURCES, Resource
from podlab.sim.api.schema import Type, types
from podlab.sim.api.validation.errors import invalid, invalid_object, required
from podlab.sim.apiserver import answers
from podlab.sim.apiserver.create import schema_of
from podlab.sim.apiserver.managed.apply import applied, check, created, entry_of, owned
from podlab.sim.apiserver.managed.entries import Entry, read, render
from podlab.sim.apiserver.patch import json_patch, merge, strategic
from podlab.sim.apiserver.patch.go_format import go_value
from podlab.sim.apiserver.patch.unstructured import misfit
from podlab.sim.apiserver.subresources import check_scale, scale_of
from podlab.sim.apiserver.update import change
from podlab.sim.changes import Cause, Obj
from podlab.sim.errors import StatusError

if TYPE_CHECKING:
    from podlab.sim.apiserver.server import ApiServer

PatchType = Literal["merge", "json", "strategic", "apply"]
REJECTED = "the server rejected our request due to an error in our request"


class Patch(Struct):
    """A patch and how it is meant."""

    body: Any
    type: PatchType
    by: str
    subresource: str = ""
    manager: str = ""
    force: bool = False
    strict: bool = False
    warnings: list[str] | None = None


def patch(api: ApiServer, resource: str, name: str, namespace: str, wanted: Patch, cause: Cause | None, *, dry_run: bool) -> Obj:
    """Patch an object; what it is then."""
    row = RESOURCES[resource]
    if wanted.type == "apply":
        return _apply(api, row, name, namespace, wanted, cause, dry_run=dry_run)
    old = api.get(resource, name, namespace)
    shown = scale_of(old) if wanted.subresource == "scale" else {"apiVersion": row.api_version, "kind": row.kind, **old}
    schema = types()["autoscaling/v1.Scale"] if wanted.subresource == "scale" else schema_of(row)
    if _names_owners(wanted):
        shown = {**shown, "metadata": {**shown["metadata"], "managedFields": api.managed_fields(old)}}
    new = _decoded(schema, wanted, _applied(schema, shown, wanted))
    fields = new.get("metadata", {}).pop("managedFields", None)
    _same_name(new, name)
    if wanted.subresource == "scale":
        new = _scaled(old, new)
    sent: list[Obj] = []
    found = change(api, resource, old, new, by=wanted.by, subresource=wanted.subresource, patch=True, warnings=wanted.warnings, sent=sent)
    entry = entry_of(api, row, wanted.manager, wanted.subresource)
    held = None if fields is None else read(fields)
    owners = owned(api, row, old, sent[0] if sent else found, entry, still=found is old, held=held)
    return api.write(resource, old, found, cause, dry_run=dry_run, owners=owners)


def _names_owners(wanted: Patch) -> bool:
    """Whether the patch speaks of metadata.managedFields, which the objects here do not hold."""
    if wanted.type == "json":
        return isinstance(wanted.body, list) and any(
            isinstance(each, dict) and str(each.get("path", "")).startswith("/metadata/managedFields") for each in wanted.body
        )
    return isinstance(wanted.body, dict) and "managedFields" in (wanted.body.get("metadata") or {})


def _apply(api: ApiServer, row: Resource, name: str, namespace: str, wanted: Patch, cause: Cause | None, *, dry_run: bool) -> Obj:
    """Server-side apply: what is missing is made."""
    if not wanted.manager:
        raise invalid_object("PatchOptions", "meta.k8s.io", "", [required("fieldManager", "is required for apply patch")])
    config = check(row, wanted.body, name, namespace)
    entry = entry_of(api, row, wanted.manager, wanted.subresource, apply=True)
    old = api.find(row.plural, name, namespace)
    if old is None:
        if wanted.subresource:
            raise answers.not_found(row.plural, name)
        made = api.create(row.plural, config, by=wanted.by, cause=cause, dry_run=dry_run, warnings=wanted.warnings)
        owners = [created(row, config, entry)]
        return _shown(api, made, owners, dry_run=dry_run)
    new, owners = applied(api, row, old, config, entry, force=wanted.force)
    found = change(api, row.plural, old, new, by=wanted.by, subresource=wanted.subresource, patch=True, warnings=wanted.warnings)
    if found is old and render(owners) != api.managed_fields(old) and not dry_run:
        found = {**old}
    stored = api.write(row.plural, old, found, cause, dry_run=dry_run)
    return _shown(api, stored, owners, dry_run=dry_run)


def _shown(api: ApiServer, obj: Obj, owners: list[Entry], *, dry_run: bool) -> Obj:
    """The object after an apply; a dry run shows the owners that it would have."""
    if not dry_run:
        api.state.managed[obj["metadata"]["uid"]] = owners
        return obj
    return {**obj, "metadata": {**obj["metadata"], "managedFields": render(owners)}}


def _applied(schema: Type, shown: Obj, wanted: Patch) -> Obj:
    """The object after the patch, not yet checked."""
    body = wanted.body
    if wanted.type == "json":
        if not isinstance(body, list):
            raise answers.bad_request(
                f"error decoding patch: json: cannot unmarshal {json_kind(body)} into Go value of type []handlers.jsonPatchOp"
            )
        try:
            found = json_patch.apply(shown, body)
        except json_patch.PatchError:
            raise StatusError("Invalid", REJECTED, details={}) from None
    elif not isinstance(body, dict):
        raise answers.bad_request(
            f"error decoding patch: json: cannot unmarshal {json_kind(body)} into Go value of type map[string]interface {{}}"
        )
    elif wanted.type == "merge":
        found = merge.merge(shown, body)
    else:
        try:
            found = strategic.merge(shown, body, schema)
        except strategic.StrategicError as error:
            raise answers.internal(str(error)) from None
    return found if isinstance(found, dict) else {}


def _decoded(schema: Type, wanted: Patch, found: Obj) -> Obj:
    """The patched object as the server's types hold it; a wrong type speaks of the patch."""
    unknown: list[str] = []
    try:
        new = canonical(schema, found, unknown)
    except DecodeError as error:
        why = misfit(schema, found) if wanted.type == "strategic" else ""
        raise _unfit(wanted, found, why or str(error)) from None
    complaints = [f'unknown field "{each}"' for each in unknown]
    if complaints and wanted.strict:
        raise _unfit(wanted, found, f"strict decoding error: {', '.join(complaints)}")
    if wanted.warnings is not None:
        wanted.warnings += complaints
    return new


def _unfit(wanted: Patch, found: Obj, why: str) -> StatusError:
    text = go_value(wanted.body) if wanted.type == "strategic" else msgspec.json.encode(found).decode()
    return invalid_object("", "", "", [invalid("patch", text, why)])


def _same_name(new: Obj, name: str) -> None:
    held = new.get("metadata", {}).get("name", "")
    if held != name:
        raise answers.bad_request(f"the name of the object ({held}) does not match the name on the URL ({name})")


def _scaled(old: Obj, scale: Obj) -> Obj:
    """The object with the replicas of its Scale."""
    check_scale(old["metadata"]["name"], scale["spec"].get("replicas", 0))
    meta = {**old["metadata"], "resourceVersion": scale["metadata"].get("resourceVersion", "")}
    return {**old, "metadata": meta, "spec": {**old["spec"], "replicas": scale["spec"].get("replicas", 0)}}
