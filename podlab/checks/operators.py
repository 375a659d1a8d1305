"""What the marks of an expression do: each makes a function of functions, and counts its steps."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from podlab.checks.scope import Overrun, Scope

Fn = Callable[[Scope], Any]
MOST_TEXT = 100_000
FAILURES = (TypeError, ValueError, ArithmeticError)
"""How a part fails that mixes what cannot be mixed."""

__all__ = ["Overrun"]


def truth(value: Any) -> bool:
    """Whether it is true; null counts as false, and what is neither true nor false has no truth (TypeError)."""
    if value is True or value is False:
        return bool(value)
    if value is None:
        return False
    raise TypeError


def choice(test: Fn, then: Fn, other: Fn) -> Fn:
    """`a ? b : c`."""
    return lambda scope: then(scope) if truth(test(scope)) else other(scope)


def either(parts: list[Fn]) -> Fn:
    """`a || b`: true when one is."""
    return lambda scope: _decided(scope, parts, by=True)


def both(parts: list[Fn]) -> Fn:
    """`a && b`: true when all are."""
    return lambda scope: _decided(scope, parts, by=False)


def _decided(scope: Scope, parts: list[Fn], *, by: bool) -> bool:
    """`by`, if one part is that (whatever fails beside it); else the contrary, unless a part fails."""
    failed: Exception | None = None
    for part in parts:
        try:
            if truth(part(scope)) is by:
                return by
        except FAILURES as error:
            failed = error
    if failed is not None:
        raise failed
    return not by


def unary(mark: str, fn: Fn) -> Fn:
    """`!a`, `-a`."""
    if mark == "!":
        return lambda scope: not truth(fn(scope))
    return lambda scope: None if (value := fn(scope)) is None else _number("-", type(value)(0), value)


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
    return one in _several(other)


def _several(value: Any) -> list[Any] | dict[str, Any]:
    if not isinstance(value, list | dict):
        raise TypeError
    return value


def _ordered(compare: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    """Numbers with numbers, texts with texts, truths with truths."""

    def run(one: Any, other: Any) -> bool:
        if isinstance(one, bool) is not isinstance(other, bool) or isinstance(one, list):
            raise TypeError
        return bool(compare(one, other))

    return run


COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "==": _same,
    "!=": lambda one, other: not _same(one, other),
    "<": _ordered(operator.lt),
    "<=": _ordered(operator.le),
    ">": _ordered(operator.gt),
    ">=": _ordered(operator.ge),
    "in": _within,
}


def arithmetic(mark: str, left: Fn, right: Fn) -> Fn:
    """`+ - * / %` of two of a kind; whole numbers are divided toward zero, as in CEL; null with anything is null."""

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
    if type(one) is not type(other) or type(one) not in (int, float):
        raise TypeError
    if mark in "+-":
        return one + other if mark == "+" else one - other
    if mark == "*":
        return one * other
    if isinstance(one, float):
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

        result = finish(list(_several(values)), each)
        scope.loops[variable] = before
        return result

    return run


MACROS: dict[str, Callable[[list[Any], Callable[[Any], Any]], Any]] = {
    "all": lambda values, test: all(truth(test(each)) for each in values),
    "exists": lambda values, test: any(truth(test(each)) for each in values),
    "exists_one": lambda values, test: sum(truth(test(each)) for each in values) == 1,
    "map": lambda values, test: [test(each) for each in values],
    "filter": lambda values, test: [each for each in values if truth(test(each))],
}
