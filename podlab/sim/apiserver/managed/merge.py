"""Merging a configuration into an object by the schema, and taking out what a manager no longer wants.

Upstream: structured-merge-diff/typed (Merge, RemoveItems). Left out: nothing.
"""

from __future__ import annotations

from typing import Any

from podlab.sim.api.schema import Field, Type
from podlab.sim.apiserver.managed.paths import Path, Paths, children, items_of
from podlab.sim.changes import Obj


def merge(type_: Type, live: Obj, config: Obj) -> Obj:
    """`live` with what `config` says; neither is changed."""
    merged: Obj = _merged(Field(ref=type_.name), live, config)
    return merged


def _merged(field: Field, old: Any, new: Any) -> Any:
    if new is None or old is None or children(field, new) is None:
        return new
    if field.form == "list":
        return _lists(field, old, new)
    below = children(field, new) or {}
    out = dict(old)
    for name, value in new.items():
        found = below.get(f"f:{name}")
        out[name] = value if found is None or name not in old else _merged(found[0], old[name], value)
    return out


def _lists(field: Field, old: list[Any], new: list[Any]) -> list[Any]:
    """Items by key: those of the live list in place, new ones after them."""
    held, wanted = items_of(field, old) or {}, items_of(field, new) or {}
    inner = Field(type=field.type, ref=field.ref)
    kept = [_merged(inner, each, wanted[key]) if key in wanted else each for key, each in held.items()]
    return [*kept, *(each for key, each in wanted.items() if key not in held)]


def without(type_: Type, obj: Obj, paths: Paths) -> Obj:
    """`obj` without some of its fields."""
    out = obj
    for path in sorted(paths, key=len, reverse=True):
        out = _removed(Field(ref=type_.name), out, path)
    return out


def _removed(field: Field, value: Any, path: Path) -> Any:
    below = children(field, value)
    if below is None or path[0] not in below:
        return value
    inner, each = below[path[0]]
    gone = len(path) == 1
    rest = None if gone else _removed(inner, each, path[1:])
    if field.form == "list":
        items = items_of(field, value) or {}
        return [(rest if key == path[0] else item) for key, item in items.items() if not (gone and key == path[0])]
    name = path[0][2:]
    return {key: (rest if key == name else item) for key, item in value.items() if not (gone and key == name)}
