"""YAML and JSON as Go writes them: sorted keys, sequences not indented, quotes only where needed.

Upstream: sigs.k8s.io/yaml (a fork of yaml.v2, whose emitter is libyaml's), encoding/json. Left out: binary strings.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import yaml

_DUMPER = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
_WORDS = {
    *(
        "y",
        "Y",
        "yes",
        "Yes",
        "YES",
        "on",
        "On",
        "ON",
        "true",
        "True",
        "TRUE",
        "n",
        "N",
        "no",
        "No",
        "NO",
        "off",
        "Off",
        "OFF",
        "false",
        "False",
        "FALSE",
    ),
    *(
        "",
        "~",
        "null",
        "Null",
        "NULL",
        "<<",
        ".nan",
        ".NaN",
        ".NAN",
        ".inf",
        ".Inf",
        ".INF",
        "+.inf",
        "+.Inf",
        "+.INF",
        "-.inf",
        "-.Inf",
        "-.INF",
    ),
}
_INTEGER = re.compile(r"[-+]?(0[xX][0-9a-fA-F_]+|0[oO]?[0-7_]+|0[bB][01_]+|[0-9][0-9_]*)")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_BASE60 = re.compile(r"[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?")
_TIMESTAMP = re.compile(r"\d{4}-\d{1,2}-\d{1,2}(?:[Tt ]\d{1,2}:\d{1,2}:\d{1,2}(?:\.\d+)?(?: ?(?:[Zz]|[-+]\d{1,2}(?::\d\d)?))?)?")


def to_yaml(value: Any) -> str:
    """A value as `kubectl -o yaml` prints it, with its last newline."""
    text: str = yaml.emit(_document(value), Dumper=_DUMPER, allow_unicode=True, width=80)
    return text.removesuffix("...\n")


def _document(value: Any) -> Iterator[yaml.Event]:
    yield yaml.StreamStartEvent()
    yield yaml.DocumentStartEvent(explicit=False)
    yield from _events(value)
    yield yaml.DocumentEndEvent(explicit=False)
    yield yaml.StreamEndEvent()


def _events(value: Any) -> Iterator[yaml.Event]:
    if isinstance(value, dict):
        yield yaml.MappingStartEvent(None, None, True, flow_style=False)
        for key in sorted(value, key=_natural):
            yield _scalar(key)
            yield from _events(value[key])
        yield yaml.MappingEndEvent()
    elif isinstance(value, list):
        yield yaml.SequenceStartEvent(None, None, True, flow_style=False)
        for each in value:
            yield from _events(each)
        yield yaml.SequenceEndEvent()
    else:
        yield _scalar(value)


def _scalar(value: Any) -> yaml.Event:
    if isinstance(value, str):
        style = "|" if "\n" in value else '"' if _means_something_else(value) else None
        return yaml.ScalarEvent(None, None, (True, True), value, style=style)
    return yaml.ScalarEvent(None, None, (True, False), go_scalar(value), style=None)


def go_scalar(value: Any) -> str:
    """A JSON scalar as Go's encoders write it (strings as they are)."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    return str(value)


def _means_something_else(text: str) -> bool:
    """Whether YAML 1.1 would read the plain text as another type than a string."""
    if text in _WORDS:
        return True
    if text[0] not in "+-.0123456789":
        return False
    number = text if text[0] == "." else text.replace("_", "")
    return _FLOAT.fullmatch(number) is not None or any(each.fullmatch(text) is not None for each in (_INTEGER, _BASE60, _TIMESTAMP))


def _natural(key: str) -> list[tuple[int, int, str]]:
    """yaml.v2 sorts keys with numbers by their value, and letters after other signs."""
    out: list[tuple[int, int, str]] = []
    for digits, other in re.findall(r"(\d+)|(\D)", key):
        if digits:
            out.append((1, int(digits), digits))
        else:
            out.append((2 if other.isalpha() else 0, 0, other))
    return out


def to_json(value: Any, *, indent: int | None = 4, sort: bool = True) -> str:
    """JSON as Go writes it (`<`, `>` and `&` escaped), without a newline at its end; `indent` None: compact."""
    separators = (",", ":") if indent is None else (",", ": ")
    text = json.dumps(value, indent=indent, sort_keys=sort, separators=separators, ensure_ascii=False)
    for sign, escaped in (("<", "\\u003c"), (">", "\\u003e"), ("&", "\\u0026"), ("\u2028", "\\u2028"), ("\u2029", "\\u2029")):
        text = text.replace(sign, escaped)
    return text


def to_kyaml(value: Any) -> str:
    """KYAML: YAML in flow style with braces, quoted strings and a comma after everything."""
    return "---\n" + _kyaml(value, "") + "\n"


def _kyaml(value: Any, pad: str) -> str:
    if isinstance(value, dict):
        return _kyaml_map(value, pad) if value else "{}"
    if isinstance(value, list):
        return _kyaml_list(value, pad) if value else "[]"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    return go_scalar(value)


def _kyaml_map(value: dict[str, Any], pad: str) -> str:
    inner = pad + "  "
    lines = [f"{inner}{_kyaml_key(key)}: {_kyaml(value[key], inner)}," for key in sorted(value, key=_natural)]
    return "{\n" + "\n".join(lines) + f"\n{pad}}}"


def _kyaml_list(value: list[Any], pad: str) -> str:
    if all(isinstance(each, (dict, list)) and each for each in value):
        return "[" + ", ".join(_kyaml(each, pad) for each in value) + "]"
    inner = pad + "  "
    return "[\n" + "\n".join(f"{inner}{_kyaml(each, inner)}," for each in value) + f"\n{pad}]"


def _kyaml_key(key: str) -> str:
    plain = re.fullmatch(r"[A-Za-z_][A-Za-z0-9_./-]*", key) is not None and not _means_something_else(key)
    return key if plain else json.dumps(key, ensure_ascii=False)
