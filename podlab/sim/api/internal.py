"""Objects as Go's internal types print them: upper-case names, every field, in the order of the struct.

Upstream: pkg/apis/core/types.go (the order is data in `internal.yaml`). Left out: types that no message shows.
"""

from __future__ import annotations

import functools
import json
from importlib import resources
from typing import Any

import msgspec
from msgspec import Struct

from podlab.sim.api.schema import Field, types
from podlab.sim.changes import Obj


class Raw(Struct, frozen=True):
    """A value that is shown as this JSON."""

    value: Any


@functools.cache
def _orders() -> dict[str, str]:
    text = resources.files("podlab.sim.api").joinpath("internal.yaml").read_bytes()
    return msgspec.yaml.decode(text, type=dict[str, str])


def internal(type_: str, obj: Obj) -> Obj:
    """`obj` with the names and the order of the internal type; what is not set is null or zero."""
    order = _orders().get(type_)
    fields = types()[type_].fields
    names = order.split() if order else sorted(fields)
    out: Obj = {}
    for name in names:
        shown, _, held = name.partition("=")
        held = held or shown[0].lower() + shown[1:]
        held = held if held in fields else _lowered(held, fields)
        field = fields.get(held)
        out[shown] = None if field is None else _value(type_, field, held, obj.get(held))
    return out


def _lowered(name: str, fields: dict[str, Field]) -> str:
    """`hTTPGet` → `httpGet`: the field whatever its capitals."""
    wanted = name.lower()
    return next((each for each in fields if each.lower() == wanted), name)


def _value(owner: str, field: Field, name: str, value: Any) -> Any:
    if value is None:
        return _zero(owner, field, name)
    if field.form == "list":
        return [internal(field.ref, each) if field.ref else each for each in value]
    if field.form == "map":
        return dict(sorted(value.items()))
    return internal(field.ref, value) if field.ref else value


def _zero(owner: str, field: Field, name: str) -> Any:
    if field.form:
        return None
    if field.ref:
        return internal(field.ref, {}) if name in types()[owner].kept else None
    if field.keep and not field.required:
        return None
    return {"string": "", "bool": False, "intOrString": 0, "quantity": "0"}.get(field.type, 0 if field.type.startswith("int") else None)


def text(value: Any) -> str:
    """Indented by one blank, as the diffs are."""
    return json.dumps(value, indent=1, ensure_ascii=False)
