"""Label selectors: parsing `a=b,c in (d)`, LabelSelector objects, matching.

Upstream: staging/src/k8s.io/apimachinery/pkg/labels/selector.go, pkg/apis/meta/v1/helpers.go. Left out: nothing.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from podlab.sim.api import names

_TOKEN = re.compile(r"\s*(==|!=|[=!,()<>]|[^\s=!,()<>]+)")
_WORDS = {"in": "in", "notin": "notin"}
_SYMBOLS = {"=": "=", "==": "==", "!=": "!=", ">": "gt", "<": "lt"}
_EXPECTED = "in, notin, =, ==, !=, gt, lt"


class Requirement(Struct, frozen=True):
    """One term: `operator` is in, notin, =, ==, !=, exists, !, gt or lt."""

    key: str
    operator: str
    values: tuple[str, ...] = ()

    def holds(self, labels: Mapping[str, str]) -> bool:
        """Whether labels meet the term."""
        value = labels.get(self.key)
        if self.operator in ("in", "=", "=="):
            return value is not None and value in self.values
        if self.operator in ("notin", "!="):
            return value is None or value not in self.values
        if self.operator == "exists":
            return value is not None
        if self.operator == "!":
            return value is None
        return _compared(value, self.operator, self.values[0])


def _compared(value: str | None, operator: str, bound: str) -> bool:
    if value is None or not re.fullmatch(r"[+-]?\d+", value):
        return False
    return int(value) > int(bound) if operator == "gt" else int(value) < int(bound)


Selector = tuple[Requirement, ...]


@functools.lru_cache(maxsize=1024)
def parse(text: str) -> Selector:
    """The terms of a selector's text, sorted by key; ValueError in the API server's words."""
    parser = _Parser(text)
    return tuple(sorted(parser.terms(), key=lambda each: each.key))


class _Parser:
    """Recursive descent over the tokens, as upstream's."""

    def __init__(self, text: str) -> None:
        self._tokens = _TOKEN.findall(text)
        self._at = 0

    def _peek(self) -> str:
        return self._tokens[self._at] if self._at < len(self._tokens) else ""

    def _take(self) -> str:
        token = self._peek()
        self._at += 1
        return token

    def terms(self) -> list[Requirement]:
        found: list[Requirement] = []
        while True:
            token = self._peek()
            if not token:
                return found
            if token != "!" and not _is_name(token):
                raise ValueError(f"found '{token}', expected: !, identifier, or 'end of string'")
            found.append(self._term())
            token = self._take()
            if not token:
                return found
            if token != ",":
                raise ValueError(f"found '{token}', expected: ',' or 'end of string'")
            token = self._peek()
            if token != "!" and not _is_name(token):
                raise ValueError(f"found '{token}', expected: identifier after ','")

    def _term(self) -> Requirement:
        absent = self._peek() == "!"
        if absent:
            self._take()
        key = self._take()
        if not _is_name(key):
            raise ValueError(f"unable to parse requirement: found '{key}', expected: identifier")
        _check_key(key)
        if absent or self._peek() in ("", ","):
            return Requirement(key, "!" if absent else "exists")
        operator = self._operator()
        if operator in ("in", "notin"):
            return _made(key, operator, self._values())
        return _made(key, operator, (self._exact(),))

    def _operator(self) -> str:
        token = self._take()
        found = _WORDS.get(token) or _SYMBOLS.get(token)
        if found is None:
            raise ValueError(f"unable to parse requirement: found '{token}', expected: {_EXPECTED}")
        return found

    def _exact(self) -> str:
        token = self._peek()
        if token in ("", ","):
            return ""
        self._take()
        if not _is_name(token):
            raise ValueError(f"unable to parse requirement: found '{token}', expected: identifier")
        return token

    def _values(self) -> tuple[str, ...]:
        token = self._take()
        if token != "(":
            raise ValueError(f"unable to parse requirement: found '{token}' expected: '('")
        values: list[str] = []
        previous = "("
        while True:
            token = self._take()
            if token == ")":
                if previous in ("(", ","):
                    values.append("")
                return tuple(sorted(set(values)))
            if token == ",":
                if previous in ("(", ","):
                    values.append("")
            elif _is_name(token) and previous in ("(", ","):
                values.append(token)
            else:
                expected = {"(": "',', ')' or identifier", ",": "',', or identifier"}.get(previous, "',' or ')'")
                raise ValueError(f"unable to parse requirement: found '{token}', expected: {expected}")
            previous = token


def _is_name(token: str) -> bool:
    return bool(token) and token not in ("==", "!=", "=", "!", ",", "(", ")", "<", ">")


def _check_key(key: str) -> None:
    wrong = names.qualified(key)
    if wrong:
        raise ValueError(f'unable to parse requirement: key: Invalid value: "{key}": {"; ".join(wrong)}')


def _made(key: str, operator: str, values: tuple[str, ...]) -> Requirement:
    if operator in ("gt", "lt") and not re.fullmatch(r"[+-]?\d+", values[0]):
        raise ValueError(
            f"unable to parse requirement: values[0][{key}]: Invalid value: \"{values[0]}\": for 'Gt', 'Lt' operators, the value must be an integer"
        )
    for number, value in enumerate(values):
        wrong = names.label_value(value)
        if wrong:
            raise ValueError(f'unable to parse requirement: values[{number}][{key}]: Invalid value: "{value}": {"; ".join(wrong)}')
    return Requirement(key, operator, values)


def of(selector: Mapping[str, Any]) -> Selector:
    """The terms of a LabelSelector object (matchLabels, matchExpressions); an empty one matches everything."""
    found = [Requirement(key, "=", (value,)) for key, value in selector.get("matchLabels", {}).items()]
    words = {"In": "in", "NotIn": "notin", "Exists": "exists", "DoesNotExist": "!"}
    expressions = selector.get("matchExpressions", ())
    found += [Requirement(each["key"], words[each["operator"]], tuple(sorted(each.get("values") or ()))) for each in expressions]
    return tuple(sorted(found, key=lambda each: each.key))


def as_object(selector: Selector) -> dict[str, Any]:
    """The LabelSelector object of terms; ValueError for an operator that it does not have."""
    equal, more = {}, []
    for each in selector:
        if each.operator in ("=", "=="):
            equal[each.key] = each.values[0]
            continue
        word = {"in": "In", "notin": "NotIn", "!=": "NotIn", "exists": "Exists", "!": "DoesNotExist"}.get(each.operator)
        if word is None:
            raise ValueError(f'"{each.operator}" is not a valid label selector operator')
        more.append({"key": each.key, "operator": word} | ({"values": list(each.values)} if each.values else {}))
    return ({"matchLabels": equal} if equal else {}) | ({"matchExpressions": more} if more else {})


def matches(selector: Mapping[str, Any] | None, labels: Mapping[str, str]) -> bool:
    """Whether labels meet a LabelSelector object; none matches nothing."""
    return selector is not None and meets(of(selector), labels)


def meets(selector: Selector, labels: Mapping[str, str]) -> bool:
    """Whether labels meet every term."""
    return all(each.holds(labels) for each in selector)


def render(selector: Selector) -> str:
    """The text of a selector."""
    return ",".join(_text(each) for each in selector)


def _text(term: Requirement) -> str:
    if term.operator == "exists":
        return term.key
    if term.operator == "!":
        return f"!{term.key}"
    if term.operator in ("in", "notin"):
        return f"{term.key} {term.operator} ({','.join(term.values)})"
    symbol = {"gt": ">", "lt": "<"}.get(term.operator, term.operator)
    return f"{term.key}{symbol}{term.values[0]}"
