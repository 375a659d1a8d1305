"""What apply sends: the strategic merge patch between last applied, manifest and live object.

Upstream: staging/src/k8s.io/apimachinery/pkg/util/strategicpatch/patch.go (CreateThreeWayMergePatch, diffMaps, diffLists). Left out: conflicts
(apply overwrites).
"""

from __future__ import annotations

from typing import Any

from podlab.sim.api.resources import Resource
from podlab.sim.api.schema import Field, Type, type_of
from podlab.sim.api.schema import types as all_types

Map = dict[str, Any]


def three_way(resource: Resource, original: Map, modified: Map, current: Map) -> Map:
    """The patch that leads `current` to `modified`, removing what only `original` had; {} for nothing to do."""
    type_ = type_of(resource.api_version, resource.kind)
    changes = _maps(current, modified, type_, deletions=False)
    removals = _maps(original, modified, type_, deletions=True)
    return _joined(removals, changes, type_)


def two_way(resource: Resource, original: Map, modified: Map) -> Map:
    """The patch from one to the other."""
    type_ = type_of(resource.api_version, resource.kind)
    return _joined(_maps(original, modified, type_, deletions=True), _maps(original, modified, type_, deletions=False), type_)


def _maps(old: Map, new: Map, type_: Type | None, *, deletions: bool) -> Map:
    """The differences of two maps: only what vanished, or only what is new or other."""
    out: Map = {}
    for key in sorted({*old, *new}):
        field = _field(type_, key)
        if key not in new:
            if deletions:
                out[key] = None
        elif key not in old:
            if not deletions:
                out[key] = new[key]
        else:
            _values(out, key, old[key], new[key], field, deletions)
    return out


def _field(type_: Type | None, key: str) -> Field | None:
    return None if type_ is None else type_.fields.get(key)


def _below(field: Field | None) -> Type | None:
    return all_types().get(field.ref) if field is not None and field.ref else None


def _values(out: Map, key: str, old: Any, new: Any, field: Field | None, deletions: bool) -> None:
    if isinstance(old, dict) and isinstance(new, dict):
        below = None if field is None or field.form == "map" else _below(field)
        found = _maps(old, new, below, deletions=deletions)
        if field is not None and "retainKeys" in field.strategy and (found or set(old) - set(new)) and not deletions:
            found["$retainKeys"] = sorted(new)
        if found:
            out[key] = found
    elif isinstance(old, list) and isinstance(new, list) and field is not None and "merge" in field.strategy:
        _lists(out, key, old, new, field, deletions)
    elif old != new and not deletions:
        out[key] = new


def _lists(out: Map, key: str, old: list[Any], new: list[Any], field: Field, deletions: bool) -> None:
    if not field.key:
        _scalars(out, key, old, new, deletions)
        return
    found = _items(old, new, field, deletions)
    moved = [each.get(field.key) for each in new] != [
        each.get(field.key) for each in old if any(each.get(field.key) == other.get(field.key) for other in new)
    ]
    if found:
        out[key] = found
    if found or (moved and not deletions):
        out[f"$setElementOrder/{key}"] = [{field.key: each[field.key]} for each in new if field.key in each]


def _items(old: list[Map], new: list[Map], field: Field, deletions: bool) -> list[Map]:
    before = {each.get(field.key): each for each in old}
    after = {each.get(field.key): each for each in new}
    out: list[Map] = []
    for name in sorted({*before, *after}, key=str):
        if name not in after:
            if deletions:
                out.append({"$patch": "delete", field.key: name})
        elif name not in before:
            if not deletions:
                out.append(after[name])
        else:
            found = _maps(before[name], after[name], _below(field), deletions=deletions)
            if found:
                out.append({**found, field.key: name})
    return out


def _scalars(out: Map, key: str, old: list[Any], new: list[Any], deletions: bool) -> None:
    if deletions:
        gone = [each for each in old if each not in new]
        if gone:
            out[f"$deleteFromPrimitiveList/{key}"] = gone
    else:
        more = [each for each in new if each not in old]
        if more:
            out[key] = more
            out[f"$setElementOrder/{key}"] = new


def _joined(one: Map, other: Map, type_: Type | None) -> Map:
    """Two patches in one; lists are joined by their merge key."""
    out = dict(one)
    for key, value in other.items():
        field = _field(type_, key)
        held = out.get(key)
        if isinstance(held, dict) and isinstance(value, dict):
            out[key] = _joined(held, value, _below(field))
        elif isinstance(held, list) and isinstance(value, list) and field is not None and field.key:
            out[key] = _joined_lists(held, value, field)
        else:
            out[key] = value
    return out


def _joined_lists(one: list[Map], other: list[Map], field: Field) -> list[Map]:
    out = {each[field.key]: each for each in one}
    for each in other:
        name = each[field.key]
        out[name] = _joined(out[name], each, _below(field)) if name in out else each
    return list(out.values())
