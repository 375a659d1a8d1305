"""The functions of Go templates, and how Go prints values.

Upstream: text/template/funcs.go, and kubectl's `exists` and `base64decode`. Left out: call.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from html import escape
from typing import Any
from urllib.parse import quote_plus


class TemplateError(Exception):
    """A template that cannot be read or run."""


class CallError(Exception):
    """A function that failed; `at`: the pipeline that it stands in."""

    at = ""


def truth(value: Any) -> bool:
    """Whether Go's `if` takes it."""
    return bool(value)


def call(name: str, args: list[Any]) -> Any:
    """Call one of the known functions; CallError."""
    try:
        return _FUNCTIONS[name](*args)
    except (TypeError, ValueError, KeyError, IndexError, AttributeError) as error:
        raise CallError(f"error calling {name}: {error}") from None


def shown(value: Any) -> str:
    """A value as fmt.Print writes it."""
    if value is None:
        return "<no value>"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return "map[" + " ".join(f"{key}:{shown(value[key])}" for key in sorted(value)) + "]"
    return "[" + " ".join(shown(each) for each in value) + "]" if isinstance(value, list) else str(value)


def _printf(form: str, *args: Any) -> str:
    rest = list(args)

    def one(match: re.Match[str]) -> str:
        if match[0] == "%%":
            return "%"
        value = rest.pop(0) if rest else None
        text = f'"{value}"' if match[2] == "q" else shown(value)
        width = int(match[1] or "0")
        return text.ljust(-width) if width < 0 else text.rjust(width)

    return re.sub(r"%(-?\d+)?([vsdqt%])", one, form)


def _index(value: Any, *keys: Any) -> Any:
    for key in keys:
        if value is None:
            raise ValueError("index of untyped nil")
        if not isinstance(value, dict) and isinstance(key, int) and not 0 <= key < len(value):
            raise ValueError(f"index out of range: {key}")
        value = value.get(key) if isinstance(value, dict) else value[key]
    return value


def _exists(value: Any, *keys: Any) -> bool:
    try:
        return _index(value, *keys) is not None
    except (AttributeError, TypeError, ValueError, IndexError):
        return False


def _slice(value: Any, *places: int) -> Any:
    first, last = (*places, *(0, len(value))[len(places) :])[:2]
    if not 0 <= first <= last <= len(value):
        raise ValueError(f"index out of range: {last if last > len(value) else first}")
    return value[first:last]


def _js(*args: Any) -> str:
    signs = {"\\": "\\\\", "'": "\\'", '"': '\\"', "<": "\\u003C", ">": "\\u003E", "&": "\\u0026", "=": "\\u003D"}
    return "".join(signs.get(each, each) for each in "".join(map(shown, args)))


_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "and": lambda *args: next((each for each in args if not truth(each)), args[-1]),
    "or": lambda *args: next((each for each in args if truth(each)), args[-1]),
    "not": lambda value: not truth(value),
    "len": len,
    "index": _index,
    "exists": _exists,
    "print": lambda *args: "".join(shown(each) for each in args),
    "println": lambda *args: " ".join(shown(each) for each in args) + "\n",
    "printf": _printf,
    "eq": lambda first, *others: any(first == each for each in others),
    "ne": lambda first, second: first != second,
    "lt": lambda first, second: first < second,
    "le": lambda first, second: first <= second,
    "gt": lambda first, second: first > second,
    "ge": lambda first, second: first >= second,
    "slice": _slice,
    "html": lambda *args: escape("".join(map(shown, args))).replace("&quot;", "&#34;").replace("&#x27;", "&#39;"),
    "js": _js,
    "urlquery": lambda *args: quote_plus("".join(map(shown, args))),
    "base64decode": lambda text: base64.b64decode(text).decode("utf-8", "replace"),
}
KNOWN = frozenset(_FUNCTIONS)
