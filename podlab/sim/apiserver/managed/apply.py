"""Server-side apply, and the book-keeping of other writes that name a manager.

Upstream: apimachinery/pkg/util/managedfields/internal (structuredmerge.go, lastapplied.go). Left out: migration from kubectl's annotation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from podlab.sim.api.canonical import canonical
from podlab.sim.api.resources import Resource
from podlab.sim.api.schema import Type
from podlab.sim.apiserver import answers
from podlab.sim.apiserver.create import schema_of
from podlab.sim.apiserver.managed import entries as book
from podlab.sim.apiserver.managed.entries import APPLY, UPDATE, Entry
from podlab.sim.apiserver.managed.merge import merge, without
from podlab.sim.apiserver.managed.paths import Paths, compare, field_set
from podlab.sim.changes import Obj

if TYPE_CHECKING:
    from podlab.sim.apiserver.server import ApiServer


def check(row: Resource, body: Any, name: str, namespace: str) -> Obj:
    """The configuration, which must be of the right kind and know only known fields."""
    if not isinstance(body, dict):
        raise answers.bad_request("error decoding YAML: the configuration is not an object")
    version, kind = body.get("apiVersion", ""), body.get("kind", "")
    if (version, kind) != (row.api_version, row.kind):
        group = version if "/" in version else f"/{version}"
        raise answers.bad_request(f"invalid object type: {group}, Kind={kind}")
    unknown: list[str] = []
    canonical(schema_of(row), body, unknown)
    if unknown:
        group = row.api_version if row.group else f"/{row.version}"
        held = (body.get("metadata") or {}).get("namespace", "")
        told = "".join(f".{each}: field not declared in schema" for each in unknown[:1])
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
    clash = book.conflicts(held, entry.key, added | changed)
    if clash and not force:
        raise book.refuse(clash)
    moved = bool(added | changed | removed)
    mine = entry.owning(wanted)
    mine.at = entry.at if moved else (last.at if last else "")
    rest = [each for each in book.taken(held, entry.key, added | changed, removed) if each.key != entry.key]
    return new, [*rest, mine]


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


def owned(api: ApiServer, row: Resource, old: Obj, sent: Obj, entry: Entry, *, still: bool) -> list[Entry] | None:
    """Who owns what after an ordinary write; None: nobody is named, or all stays as it was (`still`: the object does)."""
    if not entry.manager or sent is old:
        return None
    held = api.state.managed.get(old["metadata"]["uid"], [])
    added, changed, removed = (_own_door(each, entry.subresource) for each in compare(schema_of(row), old, sent))
    last = book.find(held, entry.key)
    mine = (last or entry).owning(((last.paths if last else set()) - removed) | added | changed)
    mine.at = entry.at
    rest = [each for each in book.taken(held, entry.key, added | changed, removed) if each.key != entry.key]
    found = [*rest, mine] if mine.fields else rest
    return None if still and _without_times(found) == _without_times(held) else found


def _without_times(entries: list[Entry]) -> list[tuple[Any, ...]]:
    return sorted((each.key, each.fields) for each in entries)


def entry_of(api: ApiServer, row: Resource, manager: str, subresource: str = "", *, apply: bool = False) -> Entry:
    """An entry without fields, for a write that happens now."""
    return Entry(manager, APPLY if apply else UPDATE, row.api_version, subresource, api.world.stamp())
