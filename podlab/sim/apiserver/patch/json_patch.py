"""JSON patch (RFC 6902), with the leniency of the library that the API server uses.

Upstream: gopkg.in/evanphx/json-patch.v4. Left out: nothing.
"""

from __future__ import annotations

from typing import Any

from podlab.sim.changes import Obj

MOST_OPERATIONS = 10_000
OPERATIONS = ("add", "remove", "replace", "move", "copy", "test")


class PatchError(Exception):
    """An operation cannot be done; the server does not tell why."""


def apply(document: Any, operations: list[Obj]) -> Any:
    """The document after all operations; the given one is not changed."""
    for each in operations:
        document = _one(document, each)
    return document


def _one(document: Any, operation: Obj) -> Any:
    name, path = operation.get("op"), operation.get("path")
    if name not in OPERATIONS or not isinstance(path, str):
        raise PatchError(f"Unexpected kind: {name}")
    parts = _parts(path)
    if name == "add":
        return _set(document, parts, operation.get("value"), insert=True)
    if name == "remove":
        return _remove(document, parts)
    if name == "replace":
        return _set(document, parts, operation.get("value"), insert=False)
    if name == "test":
        if _get(document, parts, missing=None) != operation.get("value"):
            raise PatchError(f"testing value {path} failed")
        return document
    source = _parts(str(operation.get("from", "")))
    value = _get(document, source)
    return _set(_remove(document, source) if name == "move" else document, parts, value, insert=True)


def _parts(path: str) -> list[str]:
    """The members of a pointer; what stands before the first slash is ignored, as in the library."""
    return [each.replace("~1", "/").replace("~0", "~") for each in path.split("/")[1:]]


_ABSENT = object()


def _get(document: Any, parts: list[str], missing: Any = _ABSENT) -> Any:
    for number, part in enumerate(parts):
        if isinstance(document, dict):
            if part not in document:
                if missing is not _ABSENT and number == len(parts) - 1:
                    return missing
                raise PatchError(f"missing path: {part}")
            document = document[part]
        elif isinstance(document, list):
            document = document[_index(part, len(document) - 1)]
        else:
            raise PatchError(f"missing path: {part}")
    return document


def _index(part: str, largest: int) -> int:
    """An index, maybe counted from the end (as the library allows)."""
    try:
        found = int(part)
    except ValueError:
        raise PatchError(f"bad index {part}") from None
    if found < 0:
        found += largest + 1
    if not 0 <= found <= largest:
        raise PatchError(f"index {part} out of bounds")
    return found


def _set(document: Any, parts: list[str], value: Any, *, insert: bool) -> Any:
    if not parts:
        return value
    part, rest = parts[0], parts[1:]
    if isinstance(document, dict):
        if rest and part not in document:
            raise PatchError(f"missing path: {part}")
        return {**document, part: _set(document.get(part), rest, value, insert=insert)}
    if isinstance(document, list):
        return _set_item(document, part, rest, value, insert=insert)
    raise PatchError(f"missing path: {part}")


def _set_item(items: list[Any], part: str, rest: list[str], value: Any, *, insert: bool) -> list[Any]:
    if rest:
        at = _index(part, len(items) - 1)
        return [*items[:at], _set(items[at], rest, value, insert=insert), *items[at + 1 :]]
    if not insert:
        at = _index(part, len(items) - 1)
        return [*items[:at], value, *items[at + 1 :]]
    at = len(items) if part == "-" else _index(part, len(items))
    return [*items[:at], value, *items[at:]]


def _remove(document: Any, parts: list[str]) -> Any:
    if not parts:
        raise PatchError("cannot remove the whole document")
    part, rest = parts[0], parts[1:]
    if isinstance(document, dict):
        if part not in document:
            raise PatchError(f"missing path: {part}")
        if rest:
            return {**document, part: _remove(document[part], rest)}
        return {key: value for key, value in document.items() if key != part}
    if isinstance(document, list):
        at = _index(part, len(document) - 1)
        middle = [_remove(document[at], rest)] if rest else []
        return [*document[:at], *middle, *document[at + 1 :]]
    raise PatchError(f"missing path: {part}")
