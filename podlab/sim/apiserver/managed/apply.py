"""Server-side apply, and the book-keeping of other writes that name a manager.

Upstream: apimachinery/pkg/util/managedfields/internal (structuredmerge.go, lastapplied.go). Left out: nothing.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from podlab.sim.api.canonical import DecodeError, canonical
from podlab.sim.api.goyaml import to_json
from podlab.sim.api.resources import Resource
from podlab.sim.api.schema import Type
from podlab.sim.apiserver import answers
from podlab.sim.apiserver.create import schema_of
from podlab.sim.apiserver.managed import entries as book
from podlab.sim.apiserver.managed.entries import APPLY, UPDATE, Entry
from podlab.sim.apiserver.managed.merge import merge, without
from podlab.sim.apiserver.managed.paths import Paths, compare, field_set
from podlab.sim.apiserver.managed.typed import misfits
from podlab.sim.changes import Obj

if TYPE_CHECKING:
    from podlab.sim.apiserver.server import ApiServer


KUBECTL = "kubectl"
"""The manager that may take over from client-side apply."""
LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"


def check(row: Resource, body: Any, name: str, namespace: str) -> Obj:
    """The configuration, which must be of the right kind and know only known fields."""
    if not isinstance(body, dict):
        raise answers.bad_request("error decoding YAML: the configuration is not an object")
    version, kind = body.get("apiVersion", ""), body.get("kind", "")
    if (version, kind) != (row.api_version, row.kind):
        group = version if "/" in version else f"/{version}"
        raise answers.bad_request(f"invalid object type: {group}, Kind={kind}")
    told = misfits(schema_of(row), body)
    if told:
        group = row.api_version if row.group else f"/{row.version}"
        held = (body.get("metadata") or {}).get("namespace", "")
        raise answers.internal(f"failed to create typed patch object ({held}/{name}; {group}, Kind={row.kind}): {told}")
    meta = {**(body.get("metadata") or {}), "name": name}
    return {**body, "metadata": {**meta, "namespace": namespace} if namespace else meta}


def applied(api: ApiServer, row: Resource, live: Obj, config: Obj, entry: Entry, *, force: bool) -> tuple[Obj, list[Entry]]:
    """The object after an apply, and who owns what then; Conflict where it would take fields from others."""
    type_ = schema_of(row)
    held = api.state.managed.get(live["metadata"]["uid"], [])
    last = book.find(held, entry.key)
    wanted = _wanted(type_, config, entry.subresource)
    others: Paths = {path for each in held if each.key != entry.key for path in each.paths}
    dropped = {path for path in (last.paths if last else set()) - wanted if not _owned(path, others | wanted)}
    new = without(type_, merge(type_, live, config), dropped)
    added, changed, removed = compare(type_, live, new)
    clash = [] if force else book.conflicts(held, entry.key, added | changed)
    if clash and entry.manager == KUBECTL:
        client_side = _last_applied(type_, live)
        clash = [each for each in clash if each[1] not in client_side]
    if clash:
        raise book.refuse(clash)
    moved = bool(added | changed | removed)
    mine = entry.owning(wanted)
    mine.at = entry.at if moved else (last.at if last else "")
    rest = [each for each in book.taken(held, entry.key, added | changed, removed) if each.key != entry.key]
    return _with_annotation(new, config) if entry.manager == KUBECTL else new, [*rest, mine]


def _last_applied(type_: Type, live: Obj) -> Paths:
    """The fields that client-side apply wrote and that still are as it wrote them: kubectl may take these from it."""
    text = (live["metadata"].get("annotations") or {}).get(LAST_APPLIED)
    if not text:
        return set()
    try:
        last = canonical(type_, json.loads(text))
    except (ValueError, DecodeError, AttributeError):
        return set()
    return field_set(type_, last).difference(*compare(type_, last, live))


def _with_annotation(new: Obj, config: Obj) -> Obj:
    """The annotation of client-side apply, where there is one, follows what kubectl applies."""
    annotations = new["metadata"].get("annotations") or {}
    if LAST_APPLIED not in annotations:
        return new
    meta = {key: value for key, value in config["metadata"].items() if key != "managedFields"}
    own = {key: value for key, value in (meta.pop("annotations", None) or {}).items() if key != LAST_APPLIED}
    text = to_json({**config, "metadata": meta | ({"annotations": own} if own else {})}, indent=None) + "\n"
    return {**new, "metadata": {**new["metadata"], "annotations": {**annotations, LAST_APPLIED: text}}}


def _owned(path: tuple[str, ...], owned: Paths) -> bool:
    """Whether somebody owns the field or anything below it."""
    return any(each[: len(path)] == path for each in owned)


def _wanted(type_: Type, config: Obj, subresource: str) -> Paths:
    return _own_door(field_set(type_, config), subresource)


def _own_door(paths: Paths, subresource: str) -> Paths:
    """What a door may own: the status is the status door's alone."""
    if subresource == "status":
        return {each for each in paths if each[0] == "f:status"}
    return {each for each in paths if each[0] != "f:status"}


def created(row: Resource, config: Obj, entry: Entry) -> Entry:
    """The first entry of an object that an apply made."""
    return entry.owning(_wanted(schema_of(row), config, ""))


def begun(row: Resource, sent: Obj, entry: Entry) -> Entry:
    """The first entry of an object that was created: all that was sent and defaulted."""
    type_ = schema_of(row)
    added, changed, _ = compare(type_, canonical(type_, {}), sent)
    return entry.owning(_own_door(added | changed, ""))


def owned(
    api: ApiServer, row: Resource, old: Obj, sent: Obj, entry: Entry, *, still: bool, held: list[Entry] | None = None
) -> list[Entry] | None:
    """Who owns what after an ordinary write; None: nobody is named, or all stays as it was (`still`: the object does).

    `held`: what the write itself says of who owns what.
    """
    if held is None and (not entry.manager or sent is old):
        return None
    was = api.state.managed.get(old["metadata"]["uid"], [])
    held = was if held is None else held
    added, changed, removed = (_own_door(each, entry.subresource) for each in compare(schema_of(row), old, sent))
    last = book.find(held, entry.key)
    mine = (last or entry).owning(((last.paths if last else set()) - removed) | added | changed)
    mine.at = entry.at
    rest = [each for each in book.taken(held, entry.key, added | changed, removed) if each.key != entry.key]
    found = [*rest, mine] if mine.fields else rest
    return None if still and _without_times(found) == _without_times(was) else found


def _without_times(entries: list[Entry]) -> list[tuple[Any, ...]]:
    return sorted((each.key, each.fields) for each in entries)


def entry_of(api: ApiServer, row: Resource, manager: str, subresource: str = "", *, apply: bool = False) -> Entry:
    """An entry without fields, for a write that happens now."""
    return Entry(manager, APPLY if apply else UPDATE, row.api_version, subresource, api.world.stamp())
