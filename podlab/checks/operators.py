"""What the marks of an expression do: each makes a function of functions, and counts its steps."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from podlab.checks.scope import Overrun, Scope

Fn = Callable[[Scope], Any]
MOST_TEXT = 100_000

__all__ = ["Overrun"]


def choice(test: Fn, then: Fn, other: Fn) -> Fn:
    """`a ? b : c`."""
    return lambda scope: then(scope) if test(scope) is True else other(scope)


def either(parts: list[Fn]) -> Fn:
    """`a || b`: true when one is."""
    return lambda scope: any(part(scope) is True for part in parts)


def both(parts: list[Fn]) -> Fn:
    """`a && b`: true when all are."""
    return lambda scope: all(part(scope) is True for part in parts)


def unary(mark: str, fn: Fn) -> Fn:
    """`!a`, `-a`."""
    if mark == "!":
        return lambda scope: fn(scope) is not True
    return lambda scope: None if (value := fn(scope)) is None else -value


def relation(mark: str, left: Fn, right: Fn, *, nullable: bool) -> Fn:
    """A comparison; with an absent value it is false, unless one side is the literal null (`nullable`)."""
    compare = COMPARISONS[mark]
    if nullable:
        return lambda scope: compare(left(scope), right(scope))

    def run(scope: Scope) -> bool:
        one, other = left(scope), right(scope)
        return one is not None and other is not None and compare(one, other)

    return run


def _same(one: Any, other: Any) -> bool:
    return one == other and isinstance(one, bool) == isinstance(other, bool)


def _within(one: Any, other: Any) -> bool:
    return isinstance(other, list | dict) and one in other


COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "==": _same,
    "!=": lambda one, other: not _same(one, other),
    "<": lambda one, other: bool(one < other),
    "<=": lambda one, other: bool(one <= other),
    ">": lambda one, other: bool(one > other),
    ">=": lambda one, other: bool(one >= other),
    "in": _within,
}


def arithmetic(mark: str, left: Fn, right: Fn) -> Fn:
    """`+ - * / %`; whole numbers are divided toward zero, as in CEL; null with anything is null."""

    def run(scope: Scope) -> Any:
        one, other = left(scope), right(scope)
        if one is None or other is None:
            return None
        if mark == "+" and isinstance(one, str | list):
            scope.spend(len(one) // 100)
            if len(one) + len(other) > MOST_TEXT:
                raise Overrun
            return one + other
        return _number(mark, one, other)

    return run


def _number(mark: str, one: Any, other: Any) -> Any:
    if not isinstance(one, int | float) or not isinstance(other, int | float):
        raise TypeError
    if mark in "+-":
        return one + other if mark == "+" else one - other
    if mark == "*":
        return one * other
    if isinstance(one, float) or isinstance(other, float):
        return one / other
    whole = abs(one) // abs(other) * (1 if (one < 0) == (other < 0) else -1)
    return whole if mark == "/" else one - whole * other


def index(fn: Fn, key: Fn) -> Fn:
    """`a.b`, `a[b]`: null where there is none."""

    def run(scope: Scope) -> Any:
        value, at = fn(scope), key(scope)
        if isinstance(value, dict):
            return value.get(at)
        if isinstance(value, list) and isinstance(at, int) and 0 <= at < len(value):
            return value[at]
        return None

    return run


def member(fn: Fn, name: str) -> Fn:
    """`a.b`: null where there is none."""

    def run(scope: Scope) -> Any:
        value = fn(scope)
        return value.get(name) if isinstance(value, dict) else None

    return run


def listed(parts: list[Fn]) -> Fn:
    """`[a, b]`."""
    return lambda scope: [part(scope) for part in parts]


def mapped(pairs: list[tuple[Fn, Fn]]) -> Fn:
    """`{a: b}`."""
    return lambda scope: {key(scope): value(scope) for key, value in pairs}


def present(fn: Fn) -> Fn:
    """`has(a.b)`."""
    return lambda scope: fn(scope) is not None


def call(method: Callable[..., Any], arguments: list[Fn]) -> Fn:
    """`a.size()`: null of null."""

    def run(scope: Scope) -> Any:
        values = [argument(scope) for argument in arguments]
        return None if values[0] is None else method(*values)

    return run


def call_with_scope(function: Callable[..., Any], arguments: list[Fn]) -> Fn:
    """`ready(p)`."""

    def run(scope: Scope) -> Any:
        scope.spend(1)
        return function(scope, *[argument(scope) for argument in arguments])

    return run


def macro(name: str, fn: Fn, variable: str, body: Fn) -> Fn:
    """`a.all(x, test)` and its kin, over a list or the keys of a map."""
    finish = MACROS[name]

    def run(scope: Scope) -> Any:
        values = fn(scope)
        if values is None:
            return None
        scope.spend(len(values))
        before = scope.loops.get(variable)

        def each(value: Any) -> Any:
            scope.loops[variable] = value
            scope.spend(1)
            return body(scope)

        result = finish(list(values), each)
        scope.loops[variable] = before
        return result

    return run


MACROS: dict[str, Callable[[list[Any], Callable[[Any], Any]], Any]] = {
    "all": lambda values, test: all(test(each) is True for each in values),
    "exists": lambda values, test: any(test(each) is True for each in values),
    "exists_one": lambda values, test: sum(test(each) is True for each in values) == 1,
    "map": lambda values, test: [test(each) for each in values],
    "filter": lambda values, test: [each for each in values if test(each) is True],
}
