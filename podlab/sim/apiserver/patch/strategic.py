"""Strategic merge patch: lists of objects are merged by a key that the schema names.

Upstream: staging/src/k8s.io/apimachinery/pkg/util/strategicpatch/patch.go. Left out: nothing but merging of unknown types.
"""

from __future__ import annotations

from typing import Any

from podlab.sim.api.schema import Field, Type, types
from podlab.sim.apiserver.patch.go_format import go_value
from podlab.sim.changes import Obj

PATCH = "$patch"
RETAIN = "$retainKeys"
DELETE_PREFIX = "$deleteFromPrimitiveList/"
ORDER_PREFIX = "$setElementOrder/"
_MAP = Field(type="any", form="map")


class StrategicError(Exception):
    """A patch that cannot be merged; the server answers 500 with this text."""


def merge(original: Obj, patch: Obj, schema: Type | None) -> Obj:
    """`original` with `patch` merged in by the strategies of `schema`; neither is changed. StrategicError."""
    directive = patch.get(PATCH)
    if directive is not None:
        return _directed(directive, patch)
    out = dict(original)
    if RETAIN in patch:
        out = _retained(out, patch)
    for key, value in patch.items():
        if key in (PATCH, RETAIN):
            continue
        if key.startswith(DELETE_PREFIX):
            _delete_primitives(out, key[len(DELETE_PREFIX) :], value)
        elif key.startswith(ORDER_PREFIX):
            if key[len(ORDER_PREFIX) :] not in patch:
                _reorder(out, key[len(ORDER_PREFIX) :], value, schema)
        elif value is None:
            out.pop(key, None)
        else:
            out[key] = _merged(out.get(key), value, _field(schema, key), patch.get(ORDER_PREFIX + key))
    return out


def _directed(directive: Any, patch: Obj) -> Obj:
    if directive == "replace":
        return {key: value for key, value in patch.items() if key != PATCH}
    if directive == "delete":
        return {}
    raise StrategicError(f"unknown patch type: {go_value(directive)} in map: {go_value(patch)}")


def _retained(original: Obj, patch: Obj) -> Obj:
    keys = patch[RETAIN]
    if not isinstance(keys, list):
        raise StrategicError("invalid patch format of retainKeys directive")
    missing = [key for key, value in patch.items() if key != RETAIN and value is not None and key not in keys]
    if missing:
        raise StrategicError("patch contains fields not in retainKeys list")
    return {key: value for key, value in original.items() if key in keys}


def _field(schema: Type | None, name: str) -> Field:
    found = schema.fields.get(name) if schema is not None else None
    return found or _MAP


def _merged(old: Any, new: Any, field: Field, order: Any) -> Any:
    if isinstance(new, dict) and field.form != "list":
        inner = types()[field.ref] if field.ref and not field.form else None
        if "replace" in field.strategy.split(","):
            return new
        return merge(old if isinstance(old, dict) else {}, new, inner)
    if isinstance(new, list) and "merge" in field.strategy.split(","):
        return _merged_list(old if isinstance(old, list) else [], new, field, order)
    return new


def _merged_list(old: list[Any], new: list[Any], field: Field, order: Any) -> list[Any]:
    if not field.ref:
        found = _with_order([*old, *(each for each in new if each not in old)], order, None)
        return list(dict.fromkeys(found)) if order is None else found
    return _merged_objects(old, new, field, order)


def _merged_objects(old: list[Any], new: list[Any], field: Field, order: Any) -> list[Any]:
    key = field.key
    kept, wanted = _specials(old, new, key)
    if kept is None:
        return wanted
    schema = types()[field.ref]
    out, added = list(kept), []
    for each in wanted:
        value = _key_of(each, key)
        at = next((number for number, held in enumerate(out) if held.get(key) == value), None)
        if at is not None:
            out[at] = merge(out[at], each, schema)
        else:
            added.append(merge({}, each, schema))
    if order is not None:
        _check_order(order, wanted, key)
        return _with_order([*added, *out], order, key, server=[each.get(key) for each in old])
    return _normal_order([*added, *out], [_key_of(each, key) for each in wanted], [each.get(key) for each in old], key)


def _specials(old: list[Any], new: list[Any], key: str) -> tuple[list[Any] | None, list[Any]]:
    """The list without what is deleted, and what is left of the patch; None: the list is replaced."""
    wanted, replace = [], False
    kept = list(old)
    for each in new:
        if not isinstance(each, dict):
            raise StrategicError("expected all elements in the list to be objects")
        directive = each.get(PATCH)
        if directive == "replace":
            replace = True
            rest = {name: value for name, value in each.items() if name != PATCH}
            if rest:
                wanted.append(rest)
        elif directive == "delete":
            value = _key_of(each, key)
            kept = [held for held in kept if held.get(key) != value]
        elif directive == "merge":
            raise StrategicError("merging list cannot yet be specified in the patch")
        elif directive is not None:
            raise StrategicError(f"unknown patch type: {go_value(directive)} in map: {go_value(each)}")
        else:
            wanted.append(each)
    return (None, wanted) if replace else (kept, wanted)


def _key_of(item: Obj, key: str) -> Any:
    if key not in item:
        raise StrategicError(f"map: {go_value(item)} does not contain declared merge key: {key}")
    return item[key]


def _check_order(order: Any, wanted: list[Any], key: str | None) -> None:
    """The patch's items must stand in the order list, in the same order."""
    listed = [each.get(key) if key else each for each in order]
    mine = [each.get(key) if key else each for each in wanted]
    at = 0
    for value in mine:
        while at < len(listed) and listed[at] != value:
            at += 1
        if at == len(listed):
            text = "The order in patch list:\n{}\n doesn't match $setElementOrder list:\n{}\n"
            raise StrategicError(text.format(go_value(wanted), go_value(order)))


def _with_order(items: list[Any], order: Any, key: str | None, server: list[Any] | None = None) -> list[Any]:
    if order is None:
        return items
    listed = [each.get(key) if key else each for each in order]
    named = sorted((each for each in items if _value(each, key) in listed), key=lambda each: listed.index(_value(each, key)))
    rest = [each for each in items if _value(each, key) not in listed]
    return _interleaved(named, rest, server or [_value(each, key) for each in items], key)


def _normal_order(items: list[Any], patch: list[Any], server: list[Any], key: str) -> list[Any]:
    """What the patch names in its order, the others as on the server."""
    named = sorted((each for each in items if each.get(key) in patch), key=lambda each: patch.index(each.get(key)))
    rest = [each for each in items if each.get(key) not in patch]
    return _interleaved(named, rest, server, key)


def _interleaved(named: list[Any], rest: list[Any], server: list[Any], key: str | None) -> list[Any]:
    """Two ordered lists as one: an item that only the server has keeps its place before those that follow it there."""
    place = {value: number for number, value in reversed(list(enumerate(server)))}
    out: list[Any] = []
    left, right = list(named), list(rest)
    while left and right:
        first, second = place.get(_value(left[0], key)), place.get(_value(right[0], key))
        take_right = first is not None and second is not None and second < first
        out.append(right.pop(0) if take_right else left.pop(0))
    return [*out, *left, *right]


def _value(item: Any, key: str | None) -> Any:
    return item.get(key) if key else item


def _delete_primitives(out: Obj, name: str, values: Any) -> None:
    if isinstance(out.get(name), list):
        out[name] = [each for each in out[name] if each not in values]


def _reorder(out: Obj, name: str, order: Any, schema: Type | None) -> None:
    if isinstance(out.get(name), list):
        key = _field(schema, name).key if _field(schema, name).ref else None
        out[name] = _with_order(out[name], order, key)
