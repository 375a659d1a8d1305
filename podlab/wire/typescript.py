"""The frames as TypeScript: `static/src/{questions,wire}.ts` are this module's `render()`, written by `python manage.py wire`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache

import msgspec
from msgspec import inspect

from podlab.home import ROOT
from podlab.sim.commands import Command
from podlab.sim.questions import Answer, Question
from podlab.wire import frames
from podlab.wire.changes import WireChange

FOLDER = ROOT / "static" / "src"
HEAD = "// Made by `python manage.py wire` from podlab/wire: do not edit.\n"
QUESTIONS = {"Question": Question, "Answer": Answer}
FRAMES = {"Command": Command, "WireChange": WireChange, "ClientFrame": frames.ClientFrame, "ServerFrame": frames.ServerFrame}


def render() -> dict[str, str]:
    """The files, whole, by name: what is asked and answered in one, every other frame in the other."""
    asked: dict[str, inspect.StructType] = {}
    for union in QUESTIONS.values():
        _collect(inspect.type_info(union), asked)
    framed = dict(asked)
    for union in FRAMES.values():
        _collect(inspect.type_info(union), framed)
    head = [HEAD, f'import type {{ {", ".join(sorted(QUESTIONS))} }} from "./questions";\n']
    head += ['export type * from "./questions";\n', f"export const MAX_FRAME = {frames.MAX_FRAME};\n"]
    return {
        "questions.ts": _file([HEAD], asked, QUESTIONS),
        "wire.ts": _file(head, {name: info for name, info in framed.items() if name not in asked}, FRAMES),
    }


def _file(head: list[str], structs: dict[str, inspect.StructType], unions: Mapping[str, object]) -> str:
    parts = [_interface(name, structs[name]) for name in sorted(structs)]
    return "\n".join(head + parts + [_union(name, union) for name, union in unions.items()])


def _collect(info: inspect.Type, found: dict[str, inspect.StructType]) -> None:
    """Every struct that `info` reaches, by name."""
    if isinstance(info, inspect.StructType):
        if info.cls.__name__ in found:
            return
        found[info.cls.__name__] = info
    for inner in _parts(info):
        _collect(inner, found)


def _parts(info: inspect.Type) -> Iterable[inspect.Type]:
    match info:
        case inspect.StructType():
            return [field.type for field in info.fields]
        case inspect.UnionType():
            return info.types
        case inspect.ListType():
            return [info.item_type]
        case inspect.TupleType():
            return info.item_types
        case inspect.DictType():
            return [info.value_type]
    return []


def _interface(name: str, info: inspect.StructType) -> str:
    doc = " ".join((info.cls.__doc__ or "").split())
    lines = [f"/** {doc} */", f"export interface {name} {{"]
    if info.tag_field:
        lines.append(f"  {info.tag_field}: {_literal(info.tag)};")
    for field in info.fields:
        optional = "" if field.required or _always_sent(info, field) else "?"
        lines.append(f"  {field.encode_name}{optional}: {_type(field.type)};")
    return "\n".join([*lines, "}\n"])


def _always_sent(info: inspect.StructType, field: inspect.Field) -> bool:
    """Structs of the server with defaults that are sent all the same."""
    return not info.cls.__struct_config__.omit_defaults and not info.forbid_unknown_fields and field.default is not msgspec.UNSET


def _union(name: str, union: object) -> str:
    return f"export type {name} = {_spelled(union)};\n"


def _spelled(union: object) -> str:
    info = inspect.type_info(union)
    assert isinstance(info, inspect.UnionType)
    return _either(info)


@cache
def _names() -> dict[str, str]:
    """The unions that have a name, by what they spell out to."""
    return {_spelled(union): name for name, union in (QUESTIONS | FRAMES).items()}


def _either(info: inspect.UnionType) -> str:
    return " | ".join(dict.fromkeys(_type(each) for each in info.types if not _is_unset(each)))


def _literal(value: object) -> str:
    return msgspec.json.encode(value).decode()


def _type(info: inspect.Type) -> str:
    """The TypeScript type of one msgspec type."""
    match info:
        case inspect.StructType():
            return info.cls.__name__
        case inspect.UnionType():
            return _names().get(_either(info), _either(info))
        case inspect.ListType():
            inner = _type(info.item_type)
            return f"({inner})[]" if " | " in inner else f"{inner}[]"
        case inspect.TupleType():
            return f"[{', '.join(_type(each) for each in info.item_types)}]"
        case inspect.DictType():
            return f"Record<string, {_type(info.value_type)}>"
        case inspect.LiteralType():
            return " | ".join(_literal(value) for value in info.values)
    return _plain(info)


def _plain(info: inspect.Type) -> str:
    names = {
        "IntType": "number",
        "FloatType": "number",
        "StrType": "string",
        "BoolType": "boolean",
        "NoneType": "null",
        "AnyType": "unknown",
    }
    return names[type(info).__name__]


def _is_unset(info: inspect.Type) -> bool:
    return isinstance(info, inspect.CustomType) and info.cls is msgspec.UnsetType
