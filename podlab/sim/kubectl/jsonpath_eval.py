"""JSONPath templates: running them on data.

Upstream: staging/src/k8s.io/client-go/util/jsonpath/jsonpath.go, third_party/forked/golang/template/funcs.go. Left out: the random order
of what is found below a map (here that of its keys).
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator
from typing import Any

from podlab.sim.api.goyaml import go_scalar, to_json
from podlab.sim.kubectl.jsonpath import JsonPathError, Node, parse

_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_GO_TYPES = {dict: "map[string]interface {}", str: "string", bool: "bool", int: "int64", float: "float64"}


def render(template: str, data: Any, *, missing_error: bool = False) -> str:
    """The text of a template; JsonPathError in Go's words when it cannot be run."""
    return "".join(" ".join(map(text_of, found)) for found in results(template, data, missing_error=missing_error))


def find(template: str, data: Any) -> list[Any]:
    """All values that a template finds."""
    return [value for found in results(template, data) for value in found]


def results(template: str, data: Any, *, missing_error: bool = False) -> list[list[Any]]:
    """What each node of a template finds, as often as it is run."""
    return _Run(parse(template), missing_error).find(data, 0)


class _Run:
    """`begun`, `within`, `ending`: ranges that have just begun, are being run, are about to end; `ended`: the node of the last end."""

    def __init__(self, nodes: list[Node], strict: bool) -> None:
        self.nodes, self.strict = nodes, strict
        self.begun = self.within = self.ending = self.ended = 0

    def find(self, data: Any, at: int) -> list[list[Any]]:
        found: list[list[Any]] = []
        while at < len(self.nodes):
            here = self.walk([self.nodes[at]], [data])
            if 0 < self.ending <= self.within:
                self.ending -= 1
                self.ended = at
                break
            if self.begun:
                found += self.range(here, at)
                at = max(at, self.ended) + 1
                continue
            found.append(here)
            at += 1
        return found

    def range(self, values: list[Any], at: int) -> list[list[Any]]:
        """The nodes up to the end, for each value; where there is none only to see where the end is."""
        self.begun -= 1
        self.within += 1
        found = [self.find(value, at + 1) for value in values or [None]]
        self.within -= 1
        return [each for every in found for each in every] if values else []

    def walk(self, steps: list[Node], values: list[Any]) -> list[Any]:
        """The values that steps lead to, each from those of the one before."""
        for step in steps:
            values = self.step(step, values)
        return values

    def step(self, step: Node, values: list[Any]) -> list[Any]:
        kind = step[0]
        if kind == "list":
            return self.walk(step[1], values)
        if kind in ("text", "value"):
            return [step[1]]
        if kind == "identifier":
            return self.identifier(step[1], values)
        if kind == "union":
            return [found for steps in step[1] for found in self.walk(steps, values)]
        if kind == "field":
            return self.field(step[1], values)
        return [found for value in values for found in self.into(step, value)]

    def identifier(self, name: str, values: list[Any]) -> list[Any]:
        if name == "range":
            self.begun += 1
            return values
        if name != "end":
            raise JsonPathError(f"unrecognized identifier {name}")
        if not self.within:
            raise JsonPathError("not in range, nothing to end")
        self.ending += 1
        return []

    def field(self, name: str, values: list[Any]) -> list[Any]:
        found = [value[name] for value in values if isinstance(value, dict) and name in value]
        if values and not found and self.strict:
            raise JsonPathError(f"{name} is not found")
        return found

    def into(self, step: Node, value: Any) -> list[Any]:
        if step[0] == "wildcard":
            return _children(value)
        if step[0] == "recursive":
            return list(_below(value))
        if step[0] == "array":
            return [] if value is None else _slice(value, *step[1:])
        if not isinstance(value, list):
            raise JsonPathError(f"{go_print(value)} is not array or slice and cannot be filtered")
        return [each for each in value if self.passes(step, each)]

    def passes(self, step: Node, value: Any) -> bool:
        left = self.walk(step[1], [value])
        if step[2] == "exists" or not left:
            return bool(left)
        right = self.walk(step[3], [value]) if len(left) == 1 else []
        if len(left) > 1 or len(right) > 1:
            raise JsonPathError("can only compare one element at a time")
        return bool(right) and _compare(left[0], step[2], right[0])


def text_of(value: Any) -> str:
    """A found value as text: strings raw, objects as JSON."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    return to_json(value, indent=None) if isinstance(value, (dict, list)) else go_scalar(value)


def _children(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [value[key] for key in sorted(value)]
    return list(value) if isinstance(value, list) else []


def _below(value: Any) -> Iterator[Any]:
    """Everything that has something in it, all of one level before what is below it."""
    children = _children(value)
    if children:
        yield value
        for each in children:
            yield from _below(each)


def _slice(value: Any, first: int | None, last: int | str | None, step: int | None) -> list[Any]:
    if not isinstance(value, list):
        raise JsonPathError(f"{_GO_TYPES.get(type(value), '<nil>')} is not array or slice")
    length = len(value)
    start = first or 0
    end = start + 1 if last == "next" else length if last is None else int(last)
    start += length if start < 0 else 0
    end += length if end < 0 or (end == 0 and last == "next") else 0
    if start == end:
        return []
    if not 0 <= start < length:
        raise JsonPathError(f"array index out of bounds: index {start}, length {length}")
    if not 0 <= end <= length:
        raise JsonPathError(f"array index out of bounds: index {end - 1}, length {length}")
    if start > end:
        raise JsonPathError(f"starting index {start} is greater than ending index {end}")
    if step is not None and step <= 0:
        raise JsonPathError("step must be > 0")
    return value[start : end : step or 1]


def _compare(left: Any, sign: str, right: Any) -> bool:
    if sign not in _COMPARISONS:
        raise JsonPathError(f"unrecognized filter operator {sign}")
    basic = (str, bool, int, float)
    if not isinstance(left, basic) or not isinstance(right, basic) or (isinstance(left, bool) and sign not in ("==", "!=")):
        raise JsonPathError("invalid type for comparison")
    if type(left) is not type(right):
        raise JsonPathError("incompatible types for comparison")
    return _COMPARISONS[sign](left, right)


def go_print(value: Any) -> str:
    """A value in Go's `%v`."""
    if isinstance(value, dict):
        return "map[" + " ".join(f"{key}:{go_print(value[key])}" for key in sorted(value)) + "]"
    if isinstance(value, list):
        return "[" + " ".join(map(go_print, value)) + "]"
    return "<nil>" if value is None else text_of(value)


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
    return f'"{escaped(text)}"'


def escaped(text: str) -> str:
    """What stands between the quotes of `%q`."""
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
