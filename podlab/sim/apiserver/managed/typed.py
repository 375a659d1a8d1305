"""What server-side apply says of a configuration that does not fit its type, before anything else looks at it.

Upstream: structured-merge-diff/typed (validate.go, helpers.go). Left out: nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from podlab.sim.api.schema import Field, Type, types
from podlab.sim.apiserver.managed.paths import items_of, key_of, shown
from podlab.sim.apiserver.patch.go_format import go_value

_ANY = ("quantity", "intOrString", "time", "microTime")


def misfits(type_: Type, obj: Any) -> str:
    """Everything that does not fit, as one text; empty where all does."""
    found = list(_object(type_, obj, ""))
    return found[0] if len(found) == 1 else "\n".join(["errors:", *(f"  {each}" for each in found)]) if found else ""


def _told(path: str, text: str) -> str:
    return f"{path}: {text}" if path else text


def _object(type_: Type, value: Any, path: str) -> Iterator[str]:
    if value is None:
        return
    if not isinstance(value, dict):
        yield _told(path, f"expected map, got {_go(value)}")
        return
    for name, each in value.items():
        field = type_.fields.get(name)
        if field is None:
            yield _told(f"{path}.{name}", "field not declared in schema")
        else:
            yield from _field(field, each, f"{path}.{name}")


def _field(field: Field, value: Any, path: str) -> Iterator[str]:
    if value is None:
        return
    inner = Field(type=field.type, ref=field.ref)
    if field.form == "list":
        yield from _list(field, inner, value, path)
    elif field.form == "map":
        if not isinstance(value, dict):
            yield _told(path, f"expected map, got {_go(value)}")
            return
        for name, each in value.items():
            yield from _field(inner, each, f"{path}.{name}")
    elif field.ref:
        yield from _object(types()[field.ref], value, path)
    else:
        yield from _scalar(field.type, value, path)


def _list(field: Field, inner: Field, value: Any, path: str) -> Iterator[str]:
    if not isinstance(value, list):
        yield _told(path, f"expected list, got {_go(value)}")
        return
    seen: list[str] = []
    for number, each in enumerate(value):
        try:
            name = _element(field, each, number)
        except ValueError as error:
            yield _told(path, f"element {number}: {error}")
            return
        if name in seen:
            yield _told(path, f"duplicate entries for key {name}")
        seen.append(name)
        yield from _field(inner, each, path + name)


def _element(field: Field, item: Any, number: int) -> str:
    """`[name="c"]`; ValueError for an item of an associative list that has no key."""
    if field.list_type == "set":
        return f"[={_literal(item)}]"
    if field.list_type != "map":
        return f"[{number}]"
    if not isinstance(item, dict):
        raise ValueError("associative list with keys may not have non-map elements")
    missing = [key for key in field.list_keys if key not in key_of(field, item)]
    if missing:
        raise ValueError(f'associative list with keys has an element that omits key field "{missing[0]}" (and doesn\'t have default value)')
    return shown(tuple(items_of(field, [item]) or ()))


def _literal(value: Any) -> str:
    return f'"{value}"' if isinstance(value, str) else go_value(value)


def _scalar(kind: str, value: Any, path: str) -> Iterator[str]:
    if kind in ("string", "bytes"):
        if not isinstance(value, str):
            yield _told(path, f"expected string, got &value.valueUnstructured{{Value:{_go_syntax(value)}}}")
    elif kind == "bool":
        if not isinstance(value, bool):
            yield _told(path, f"expected boolean, got &value.valueUnstructured{{Value:{_go_syntax(value)}}}")
    elif kind in ("int32", "int64", "float"):
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            yield _told(path, f"expected numeric (int or float), got {_go_type(value)}")
    elif kind in _ANY and isinstance(value, (dict, list)):
        yield _told(path, f"expected any scalar, got {_go(value)}")


def _go(value: Any) -> str:
    """`%v` of the wrapped value."""
    return f"&{{{go_value(value)}}}"


def _go_type(value: Any) -> str:
    names: dict[type, str] = {str: "string", bool: "bool", list: "[]interface {}", dict: "map[string]interface {}"}
    return names[type(value)]


def _go_syntax(value: Any) -> str:
    """`%#v`: as it would stand in a program."""
    if isinstance(value, str):
        return _literal(value)
    if isinstance(value, list):
        return f"[]interface {{}}{{{', '.join(map(_go_syntax, value))}}}"
    if isinstance(value, dict):
        return f"map[string]interface {{}}{{{', '.join(f'{_literal(key)}:{_go_syntax(value[key])}' for key in sorted(value))}}}"
    return "interface {}(nil)" if value is None else go_value(value)
