"""Sets of fields: paths through objects, lists addressed by their keys; differences of two objects as such sets.

A path is a tuple of FieldsV1 elements: `f:spec`, `k:{"name":"c"}`, `v:"x"`.

Upstream: structured-merge-diff/fieldpath, typed (ToFieldSet, Compare). Left out: nothing.
"""

from __future__ import annotations

import json
import re
from typing import Any

from podlab.sim.api.schema import Field, Type, types
from podlab.sim.changes import Obj

Path = tuple[str, ...]
Paths = set[Path]
_KEY = re.compile(r"k:(\{.*\})$")
KEY_DEFAULTS = {"protocol": "TCP"}
_STRIPPED = ("name", "namespace", "uid", "generation", "creationTimestamp", "resourceVersion", "managedFields", "selfLink")
_ALWAYS = {("f:apiVersion",), ("f:kind",), ("f:metadata",), *(("f:metadata", f"f:{name}") for name in _STRIPPED)}


def items_of(field: Field, value: list[Any]) -> dict[str, Any] | None:
    """The items of a list by their elements; None: the list is one value (atomic)."""
    if field.list_type == "map":
        return {"k:" + _compact(key_of(field, each)): each for each in value}
    if field.list_type == "set":
        return {"v:" + json.dumps(each): each for each in value}
    return None


def key_of(field: Field, item: Obj) -> Obj:
    """What tells an item of an associative list apart: a port without a protocol is one of TCP."""
    filled = KEY_DEFAULTS | item
    return {key: filled[key] for key in sorted(field.list_keys) if key in filled}


def _compact(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), sort_keys=True)


def _inner(field: Field) -> Type | None:
    return types()[field.ref] if field.ref else None


def _atomic(field: Field) -> bool:
    inner = _inner(field)
    return field.atomic or (inner is not None and inner.atomic)


def children(field: Field, value: Any) -> dict[str, tuple[Field, Any]] | None:
    """What is below a value, by element; None: it is one value."""
    if _atomic(field) or value is None:
        return None
    if field.form == "list":
        found = items_of(field, value)
        return None if found is None else {name: (Field(type=field.type, ref=field.ref), each) for name, each in found.items()}
    if field.form == "map":
        return {f"f:{name}": (Field(type=field.type, ref=field.ref), each) for name, each in value.items()}
    inner = _inner(field)
    if inner is None or not isinstance(value, dict):
        return None
    return {f"f:{name}": (inner.fields[name], each) for name, each in value.items() if name in inner.fields}


def field_set(type_: Type, obj: Obj) -> Paths:
    """The fields that a configuration sets."""
    found: Paths = set()
    _collect(Field(ref=type_.name), obj, (), found)
    return stripped(found)


def _collect(field: Field, value: Any, path: Path, found: Paths) -> None:
    below = children(field, value)
    if not below:
        found.add(path)
        return
    for element, (inner, each) in below.items():
        if field.form:
            found.add((*path, element))
        _collect(inner, each, (*path, element), found)


def compare(type_: Type, old: Obj, new: Obj) -> tuple[Paths, Paths, Paths]:
    """What was added, changed and removed."""
    added: Paths = set()
    changed: Paths = set()
    removed: Paths = set()
    _compare(Field(ref=type_.name), old, new, (), (added, changed, removed))
    return stripped(added), stripped(changed), stripped(removed)


def _compare(field: Field, old: Any, new: Any, path: Path, into: tuple[Paths, Paths, Paths]) -> None:
    if old == new:
        return
    was, now = children(field, old), children(field, new)
    if was is None and now is None:
        into[1].add(path)
        return
    for element, (inner, each) in (now or {}).items():
        if element in (was or {}):
            _compare(inner, (was or {})[element][1], each, (*path, element), into)
        else:
            _whole(inner, each, (*path, element), into[0])
    for element, (inner, each) in (was or {}).items():
        if element not in (now or {}):
            _whole(inner, each, (*path, element), into[2])


def _whole(field: Field, value: Any, path: Path, found: Paths) -> None:
    """A part that is new or gone: it and all below it."""
    found.add(path)
    for element, (inner, each) in (children(field, value) or {}).items():
        _whole(inner, each, (*path, element), found)


def stripped(paths: Paths) -> Paths:
    """Without what only the server sets."""
    return {
        each
        for each in paths
        if each and each[:2] not in _ALWAYS and each[:1] not in _ALWAYS - {("f:metadata",)} and each != ("f:metadata",)
    }


def to_fields(paths: Paths) -> Obj:
    """A set in the form of FieldsV1."""
    root: Obj = {}
    for path in sorted(paths):
        at = root
        for element in path:
            at = at.setdefault(element, {})
        at["."] = {}
    return _pruned(root)


def from_fields(node: Obj, path: Path = ()) -> Paths:
    """A set out of the form of FieldsV1."""
    found = {path} if path and (not node or "." in node) else set()
    for element, below in node.items():
        if element != ".":
            found |= from_fields(below, (*path, element))
    return found


def _pruned(node: Obj) -> Obj:
    """A leaf is `{}`; only what has something below it says `.` of itself."""
    if set(node) == {"."}:
        return {}
    return {name: _pruned(each) if name != "." else {} for name, each in node.items()}


def shown(path: Path) -> str:
    """A path as conflicts name it: `.spec.containers[name="c"].image`."""
    out = ""
    for element in path:
        key = _KEY.match(element)
        if key is not None:
            out += f"[{','.join(f'{name}={json.dumps(value)}' for name, value in json.loads(key[1]).items())}]"
        else:
            out += f"[={element[2:]}]" if element.startswith("v:") else f".{element[2:]}"
    return out
