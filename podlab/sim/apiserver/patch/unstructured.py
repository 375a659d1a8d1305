"""What a strategic merge patch says of a value that does not fit its field: the converter's words, which know no place.

Upstream: staging/src/k8s.io/apimachinery/pkg/runtime/converter.go. Left out: the Go names of strings of a type of their own (PullPolicy …).
"""

from __future__ import annotations

from typing import Any

from podlab.sim.api.schema import Field, Type, types

_GO = {"string": "string", "bool": "bool", "int32": "int32", "int64": "int64", "float": "float64"}
_NUMBERS = ("int32", "int64", "float64")


def misfit(type_: Type, value: Any) -> str:
    """Why an object cannot be made a `type_`; empty: it can, or its field reads the value by itself and has words of its own."""
    if value is None:
        return ""
    if not isinstance(value, dict):
        return f"cannot restore struct from: {_kind(value)}"
    found = (_field(each, value[name]) for name, each in type_.fields.items() if name in value)
    return next(filter(None, found), "")


def _field(field: Field, value: Any) -> str:
    if value is None:
        return ""
    if field.form == "list":
        return _first(field, value) if isinstance(value, list) else f"cannot restore slice from {_kind(value)}"
    if field.form == "map":
        return _first(field, list(value.values())) if isinstance(value, dict) else f"cannot restore map from {_kind(value)}"
    return _item(field, value)


def _first(field: Field, values: list[Any]) -> str:
    return next(filter(None, (_item(field, each) for each in values)), "")


def _item(field: Field, value: Any) -> str:
    if field.ref:
        return misfit(types()[field.ref], value)
    if field.type == "bytes":
        return "" if isinstance(value, str) else f"cannot restore slice from {_kind(value)}"
    wanted, given = _GO.get(field.type, ""), _kind(value)
    if value is None or not wanted or wanted == given:
        return ""
    if given == "int64":
        return "" if wanted in _NUMBERS else _refused(given, wanted, converts=wanted == "string")
    if given == "float64" and wanted in _NUMBERS:
        return "" if value.is_integer() else _refused(given, wanted, converts=True)
    return _refused(given, wanted, converts=False)


def _refused(given: str, wanted: str, *, converts: bool) -> str:
    """`converts`: Go could, by turning a number into a letter or cutting it."""
    return f"cannot convert {given} to {wanted}" if converts else f"unrecognized type: {wanted}"


def _kind(value: Any) -> str:
    """Go's name of a JSON value's kind."""
    if isinstance(value, bool):
        return "bool"
    names: dict[type, str] = {str: "string", int: "int64", float: "float64", list: "slice", dict: "map"}
    return names[type(value)]
