"""The fields of every served kind: their types, merge keys and list kinds, and whether Go would leave them out when empty.

Upstream: staging/src/k8s.io/api (types.go of each group), made by `podlab/cli/schema.py`. Left out: protobuf, validation patterns.
"""

from __future__ import annotations

import functools
from importlib import resources
from typing import Literal

import msgspec
from msgspec import Struct, field

Scalar = Literal["string", "bool", "int32", "int64", "float", "quantity", "intOrString", "time", "microTime", "bytes", "any", ""]


class Field(Struct):
    """One field. `ref` names the type of an object, else `type` the scalar; `form` says whether it is one, a list or a map of it.

    `key` and `strategy` are strategic merge's, `list_type` and `list_keys` server-side apply's; `keep`: shown although empty.
    """

    type: Scalar = ""
    ref: str = ""
    form: Literal["", "list", "map"] = ""
    required: bool = False
    key: str = ""
    strategy: str = ""
    list_type: str = ""
    list_keys: list[str] = field(default_factory=list)
    atomic: bool = False
    enum: list[str] = field(default_factory=list)
    keep: bool = False


class Type(Struct):
    """An object type: its fields by name; `atomic`: server-side apply takes it as one value."""

    fields: dict[str, Field]
    atomic: bool = False
    name: str = ""
    kept: list[str] = field(default_factory=list)


class EmptyRules(Struct):
    """What Go shows of empty fields: by type name, or `*` for all types. `structs`: objects always shown; `values`: zero is left out."""

    structs: dict[str, list[str]]
    nulls: dict[str, list[str]]
    values: dict[str, list[str]]
    pointers: dict[str, list[str]]


@functools.cache
def types() -> dict[str, Type]:
    """All types by name, as `core/v1.Pod`."""
    package = resources.files("podlab.sim.api")
    found = msgspec.json.decode(package.joinpath("schema.json").read_bytes(), type=dict[str, Type])
    rules = msgspec.yaml.decode(package.joinpath("empty.yaml").read_bytes(), type=EmptyRules)
    for name, each in found.items():
        each.name = name
        _apply(rules, each)
    return found


def _apply(rules: EmptyRules, type_: Type) -> None:
    """Mark the fields that are shown although they are empty."""
    for name, each in type_.fields.items():
        scalar = not each.ref and not each.form
        value = each.type == "string" or _named(rules.values, type_.name, name)
        pointer = (scalar and not value) or _named(rules.pointers, type_.name, name)
        each.keep = each.required or pointer or _named(rules.structs, type_.name, name) or _named(rules.nulls, type_.name, name)
        if each.required or _named(rules.structs, type_.name, name) or _named(rules.nulls, type_.name, name):
            type_.kept.append(name)


def _named(table: dict[str, list[str]], type_: str, name: str) -> bool:
    return name in table.get(type_, ()) or name in table.get("*", ())


def type_of(api_version: str, kind: str) -> Type | None:
    """The type of an object: `type_of("apps/v1", "Deployment")`."""
    group, _, version = api_version.rpartition("/")
    return types().get(f"{group.split('.')[0] or 'core'}/{version}.{kind}")


@functools.cache
def descriptions() -> dict[str, dict[str, str]]:
    """What each type (under the empty name) and field is for, for `kubectl explain`."""
    return msgspec.json.decode(resources.files("podlab.sim.api").joinpath("descriptions.json").read_bytes(), type=dict[str, dict[str, str]])
