"""An object as it comes out of the API server's Go types: unknown fields gone, types checked, empty fields left out or shown.

Upstream: sigs.k8s.io/json (decoding), encoding/json (omitempty). Left out: case-insensitive field names.
"""

from __future__ import annotations

import re
from typing import Any

from podlab.sim.api import quantities
from podlab.sim.api.schema import Field, Type, types
from podlab.sim.changes import Obj

_GO_NAMES = {"int32": "int32", "int64": "int64", "bool": "bool", "string": "string", "float": "float64", "bytes": "string"}
_ZERO: dict[str, Any] = {"string": "", "bool": False, "int32": 0, "int64": 0, "float": 0, "intOrString": 0, "quantity": "0"}
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$")
_BASE64 = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
_LIMITS = {"int32": 2**31, "int64": 2**63}


class DecodeError(Exception):
    """A value of the wrong type, in Go's words."""


def canonical(type_: Type, value: Obj, unknown: list[str] | None = None) -> Obj:
    """`value` as the server would show it; names of unknown fields go to `unknown`. DecodeError for a wrong type."""
    return _object(type_, value, "", (), unknown if unknown is not None else [])


def _object(type_: Type, value: Any, path: str, names: tuple[str, ...], unknown: list[str]) -> Obj:
    out: Obj = {}
    fields = type_.fields
    for name, item in value.items():
        each = fields.get(name)
        where = f"{path}.{name}" if path else name
        if each is None:
            unknown.append(where)
            continue
        if item is None:
            continue
        found = _field(type_, each, item, where, (*names, name), unknown)
        if found or (each.keep and not each.form) or (each.ref and not each.form):
            out[name] = found
    for name in type_.kept:
        if name not in out:
            out[name] = _empty(fields[name])
    return out


def _empty(field: Field) -> Any:
    """What is shown of a field that was not given."""
    if field.form or field.type in ("time", "microTime", "any", "bytes") or field.ref == "meta/v1.LabelSelector":
        return None
    return _object(types()[field.ref], {}, "", (), []) if field.ref else _ZERO[field.type]


def _field(owner: Type, field: Field, value: Any, path: str, names: tuple[str, ...], unknown: list[str]) -> Any:
    if field.form == "list":
        if not isinstance(value, list):
            raise _wrong(owner, names, value, "[]" + _go_name(field))
        return [_item(owner, field, each, f"{path}[{number}]", names, unknown) for number, each in enumerate(value)]
    if field.form == "map":
        if not isinstance(value, dict):
            raise _wrong(owner, names, value, "map[string]" + _go_name(field))
        return {str(key): _item(owner, field, each, f"{path}.{key}", names, unknown) for key, each in value.items()}
    return _item(owner, field, value, path, names, unknown)


def _item(owner: Type, field: Field, value: Any, path: str, names: tuple[str, ...], unknown: list[str]) -> Any:
    if field.ref:
        if value is None:
            value = {}
        if not isinstance(value, dict):
            raise _wrong(owner, names, value, _go_name(field))
        return _object(types()[field.ref], value, path, names, unknown)
    if value is None:
        return _ZERO.get(field.type)
    return _scalar(owner, field, value, names)


def _scalar(owner: Type, field: Field, value: Any, names: tuple[str, ...]) -> Any:
    kind = field.type
    if kind in ("string", "bytes"):
        if isinstance(value, str):
            return value if kind == "string" else base64_text(value)
    elif kind == "bool":
        if isinstance(value, bool):
            return value
    elif kind in _LIMITS:
        return _integer(owner, kind, value, names)
    elif kind == "float":
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return value
    else:
        return _special(kind, value)
    raise _wrong(owner, names, value, _go_name(field))


def _integer(owner: Type, kind: str, value: Any, names: tuple[str, ...]) -> Any:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise _wrong(owner, names, value, kind)
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        value = int(value)
    if isinstance(value, float) or not -_LIMITS[kind] <= value < _LIMITS[kind]:
        raise DecodeError(
            f"json: cannot unmarshal number {_number(value)} into Go struct field {_struct(owner)}.{'.'.join(names)} of type {kind}"
        )
    return value


def _special(kind: str, value: Any) -> Any:
    """Types that decode themselves."""
    if kind == "any":
        return value
    if kind == "quantity":
        return _quantity(value)
    if kind == "intOrString":
        if isinstance(value, str):
            return value
        if isinstance(value, bool) or not isinstance(value, int):
            raise DecodeError(
                f"json: cannot unmarshal {json_kind(value)}{' ' + _number(value) if isinstance(value, float) else ''} into Go value of type int32"
            )
        return value
    if not isinstance(value, str):
        raise DecodeError(f"json: cannot unmarshal {json_kind(value)} into Go value of type string")
    if not _TIME.match(value):
        layout = "2006-01-02T15:04:05Z07:00" if kind == "time" else "2006-01-02T15:04:05.000000Z07:00"
        raise DecodeError(f'parsing time "{value}" as "{layout}": cannot parse "{value}" as "2006"')
    return value


def _quantity(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        raise DecodeError(quantities.BAD_FORMAT)
    try:
        return quantities.canonical(value.strip() if isinstance(value, str) else _number(value))
    except ValueError as error:
        raise DecodeError(str(error)) from None


def _wrong(owner: Type, names: tuple[str, ...], value: Any, go_type: str) -> DecodeError:
    where = f"Go struct field {_struct(owner)}.{'.'.join(names)}"
    return DecodeError(f"json: cannot unmarshal {json_kind(value)} into {where} of type {go_type}")


def _struct(owner: Type) -> str:
    return owner.name.rpartition(".")[2]


def _go_name(field: Field) -> str:
    return field.ref.rpartition("/")[2] if field.ref else _GO_NAMES.get(field.type, field.type)


def base64_text(text: str) -> str:
    """Base64 as Go's decoder takes it; DecodeError with the place of the first bad byte."""
    plain = text.replace("\n", "").replace("\r", "")
    padding = len(plain) - len(plain.rstrip("="))
    body = plain[: len(plain) - padding]
    bad = next((number for number, letter in enumerate(body) if letter not in _BASE64), None)
    if bad is None and (len(plain) % 4 or padding > 2):
        bad = len(body) - len(body) % 4
    if bad is not None:
        raise DecodeError(f"illegal base64 data at input byte {bad}")
    return text


def json_kind(value: Any) -> str:
    """What Go's decoder calls a JSON value."""
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, int | float):
        return "number"
    names: dict[type, str] = {str: "string", list: "array", dict: "object"}
    return names.get(type(value), "null")


def _number(value: float) -> str:
    return repr(value) if isinstance(value, float) else str(value)
