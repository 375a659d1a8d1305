"""JSONPath templates: running them on data.

Upstream: staging/src/k8s.io/client-go/util/jsonpath/jsonpath.go. Left out: `allowMissingKeys` false (kubectl always allows them by default).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from podlab.sim.api.goyaml import go_scalar, to_json
from podlab.sim.kubectl.jsonpath import JsonPathError, Node, parse

_MISSING = object()


def render(template: str, data: Any, *, missing_error: bool = False) -> str:
    """The text of a template; JsonPathError in Go's words when it cannot be run."""
    return "".join(_nodes(parse(template), data, missing_error))


def find(template: str, data: Any) -> list[Any]:
    """All values that a template's one path finds."""
    found: list[Any] = []
    for node in parse(template):
        if node[0] == "list":
            found += walk(node[1], [data])
    return found


def _nodes(nodes: list[Node], data: Any, strict: bool) -> Iterator[str]:
    at = 0
    while at < len(nodes):
        node = nodes[at]
        if node[0] == "text":
            yield node[1]
        elif node[1] and node[1][0][0] == "range":
            end = _end_of(nodes, at)
            for each in walk(node[1][1:], [data]):
                yield from _nodes(nodes[at + 1 : end], each, strict)
            at = end
        elif node[1] and node[1][0][0] == "end":
            raise JsonPathError("not in range, nothing to end")
        else:
            yield " ".join(text_of(each) for each in walk(node[1], [data], strict))
        at += 1


def _end_of(nodes: list[Node], start: int) -> int:
    depth = 0
    for at in range(start, len(nodes)):
        if nodes[at][0] == "list" and nodes[at][1]:
            kind = nodes[at][1][0][0]
            depth += (kind == "range") - (kind == "end")
            if depth == 0:
                return at
    return len(nodes)


def text_of(value: Any) -> str:
    """A found value as text: strings raw, objects as JSON."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    return to_json(value, indent=None) if isinstance(value, (dict, list)) else go_scalar(value)


def walk(steps: list[Node], values: list[Any], strict: bool = False) -> list[Any]:
    """The values that a path leads to from `values`."""
    for step in steps:
        values = [found for value in values for found in _step(step, value, strict)]
    return values


def _step(step: Node, value: Any, strict: bool) -> list[Any]:
    kind = step[0]
    if kind == "field":
        return _field(step[1], value, strict)
    if kind in ("text", "bool"):
        return [step[1]]
    if kind == "number":
        return [float(step[1]) if "." in step[1] else int(step[1])]
    if kind == "wildcard":
        return _children(value)
    if kind == "index":
        return _index(step[1], value)
    if kind == "slice":
        return _slice(step, value)
    if kind == "union":
        return [found for path in step[1] for found in walk(path, [value], strict)]
    if kind == "recursive":
        return list(_below(value))
    return _filtered(step, value)


def _field(name: str, value: Any, strict: bool) -> list[Any]:
    if isinstance(value, dict) and name in value:
        return [value[name]]
    if strict:
        raise JsonPathError(f"{name} is not found")
    return []


def _children(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [value[key] for key in sorted(value)]
    return list(value) if isinstance(value, list) else []


def _index(at: int, value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise JsonPathError(f"{_go_type(value)} is not array or slice")
    place = at + len(value) if at < 0 else at
    if not 0 <= place < len(value):
        raise JsonPathError(f"array index out of bounds: index {place}, length {len(value)}")
    return [value[place]]


def _slice(step: Node, value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise JsonPathError(f"{_go_type(value)} is not array or slice")
    return value[slice(*step[1:])]


def _go_type(value: Any) -> str:
    names = {dict: "map[string]interface {}", str: "string", bool: "bool", int: "int64", float: "float64"}
    return names.get(type(value), "<nil>")


def _below(value: Any) -> Iterator[Any]:
    yield value
    for each in _children(value):
        yield from _below(each)


def _filtered(step: Node, value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise JsonPathError(f"{_go_type(value)} is not array or slice and cannot be filtered")
    return [each for each in value if _passes(step, each)]


def _passes(step: Node, value: Any) -> bool:
    left = walk(step[1], [value])
    if step[2] == "exists":
        return bool(left)
    right = walk(step[3], [value])
    if not left:
        return False
    if len(left) > 1:
        raise JsonPathError("can only compare one element at a time")
    return bool(right) and _compare(left[0], step[2], right[0])


def _compare(left: Any, operator: str, right: Any) -> bool:
    if operator == "==":
        return bool(left == right)
    if operator == "!=":
        return bool(left != right)
    if isinstance(left, str) is not isinstance(right, str):
        return False
    return bool({"<": left < right, ">": left > right, "<=": left <= right, ">=": left >= right}[operator])


def go_value(value: Any) -> str:
    """A value in Go's `%#v`, as error messages show the object that was given."""
    if isinstance(value, dict):
        return "map[string]interface {}{" + ", ".join(f"{_quoted(key)}:{go_value(value[key])}" for key in sorted(value)) + "}"
    if isinstance(value, list):
        return "[]interface {}{" + ", ".join(go_value(each) for each in value) + "}"
    if value is None:
        return "interface {}(nil)"
    return _quoted(value) if isinstance(value, str) else go_scalar(value)


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t") + '"'
