"""JSONPath templates: reading them.

A template is a list of nodes, each a text or the steps of an action. Steps are tuples, so that a parsed template is plain data.

Upstream: staging/src/k8s.io/client-go/util/jsonpath/parser.go. Left out: nothing.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

Node = tuple[Any, ...]
"""("text", s) | ("field", name) | ("wildcard",) | ("array", from, to, step) | ("recursive",) | ("filter", left, operator, right) |
("union", [[node]]) | ("identifier", name) | ("value", bool or number) | ("list", [node]). Of an array each is a number or None,
`to` also "next": the one after `from`."""

_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "\\": "\\", '"': '"', "'": "'", "b": "\b", "f": "\f", "v": "\v", "a": "\a"}
_ENDS = frozenset(" \t\r\n.,[]$@{}")
_KEY = re.compile(r"'([^']*)'$")
_ARRAY = re.compile(r"(-?\d*)(:-?\d*)?(:-?\d*)?$")
_NUMBER = re.compile(r"[+-]?[\d.]*")
_COMPARISON = re.compile(r"([^!<>=]+)([!<>=]+)(.+)$", re.S)


class JsonPathError(Exception):
    """What is wrong with a template, in the parser's words."""


@lru_cache(maxsize=256)
def parse(text: str) -> list[Node]:
    """The nodes of a template such as `{range .items[*]}{.metadata.name}{"\\n"}{end}`."""
    return _Parser(text).template()


def relaxed(expression: str) -> str:
    """`x.y`, `.x.y`, `{x.y}` and `{.x.y}` all mean `{.x.y}`; JsonPathError otherwise."""
    if not expression:
        return ""
    match = re.match(r"^\{\.?([^{}]+)\}$|^\.?([^{}]+)$", expression)
    if match is None:
        raise JsonPathError("unexpected path string, expected a 'name1.name2' or '.name1.name2' or '{name1.name2}' or '{.name1.name2}'")
    return "{." + (match[1] or match[2]) + "}"


def unquote(text: str) -> str:
    """A quoted Go string's value."""
    return re.sub(r"\\(.)", lambda m: _ESCAPES.get(m[1], m[1]), text[1:-1])


def _action(text: str) -> list[Node]:
    """The steps of a piece that stands for itself."""
    steps: list[Node] = parse("{" + text + "}")[0][1]
    return steps


class _Parser:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def template(self) -> list[Node]:
        nodes: list[Node] = []
        while self.at < len(self.text):
            opening = self.text.find("{", self.at)
            end = opening if opening >= 0 else len(self.text)
            if end > self.at:
                nodes.append(("text", self.text[self.at : end]))
            self.at = end + 1
            if opening >= 0:
                nodes.append(("list", self.action()))
        return nodes

    def action(self) -> list[Node]:
        steps: list[Node] = []
        while (sign := self.peek()) != "}":
            if sign in ("", "\r", "\n"):
                raise JsonPathError("unclosed action")
            self.step(sign, steps)
        self.at += 1
        return steps

    def peek(self) -> str:
        return self.text[self.at : self.at + 1]

    def step(self, sign: str, steps: list[Node]) -> None:
        if self.text.startswith("[?(", self.at):
            steps.append(self.filter())
        elif self.text.startswith("..", self.at):
            self.recursive(steps)
        elif sign in " @$":
            self.at += 1
        elif sign == "[":
            steps += self.array()
        elif sign in "\"'":
            steps.append(("text", self.quoted(sign)))
        elif sign == ".":
            self.at += 1
            steps.append(self.field())
        elif sign in "+-" or sign.isdigit():
            steps.append(self.number())
        elif sign.isalpha() or sign == "_":
            steps.append(self.identifier())
        else:
            raise JsonPathError(f"unrecognized character in action: U+{ord(sign):04X} '{sign}'")

    def recursive(self, steps: list[Node]) -> None:
        if steps and steps[-1][0] == "recursive":
            raise JsonPathError("invalid multiple recursive descent")
        self.at += 2
        steps.append(("recursive",))
        if self.peek().isalnum() or self.peek() == "_":
            steps.append(self.field())

    def field(self) -> Node:
        start = self.at
        while (sign := self.peek()) and sign not in _ENDS:
            self.at += 2 if sign == "\\" else 1
        name = self.text[start : self.at]
        return ("wildcard",) if name == "*" else ("field", name.replace("\\", ""))

    def identifier(self) -> Node:
        start = self.at
        while (sign := self.peek()) and sign not in _ENDS:
            self.at += 1
        word = self.text[start : self.at]
        return ("value", word == "true") if word in ("true", "false") else ("identifier", word)

    def number(self) -> Node:
        found = _NUMBER.match(self.text, self.at)
        text = found[0] if found else ""
        self.at += len(text)
        try:
            return ("value", float(text) if "." in text else int(text))
        except ValueError:
            raise JsonPathError(f"cannot parse number {text}") from None

    def quoted(self, sign: str) -> str:
        end = self.at + 1
        while self.text[end : end + 1] != sign or self.text[end - 1] == "\\":
            if self.text[end : end + 1] in ("", "\n"):
                raise JsonPathError("unterminated quoted string")
            end += 1
        text = self.text[self.at : end + 1]
        self.at = end + 1
        return unquote(text)

    def array(self) -> list[Node]:
        end = self.text.find("]", self.at)
        if end < 0 or "\n" in self.text[self.at : end]:
            raise JsonPathError("unterminated array")
        body = self.text[self.at + 1 : end]
        self.at = end + 1
        parts = body.split(",")
        if len(parts) > 1:
            return [("union", [_action(f"[{each.strip(' ')}]") for each in parts])]
        key = _KEY.match(body)
        return _action(f".{key[1]}") if key else [_array(":" if body == "*" else body)]

    def filter(self) -> Node:
        start = at = self.at + 3
        pair, ended = "", False
        while (sign := self.text[at : at + 1]) != ")" or bool(pair) != ended:
            if sign in ("", "\n"):
                raise JsonPathError("unterminated filter")
            if sign in "\"'" and not pair:
                pair = sign
            elif sign == pair and self.text[at - 1] != "\\":
                ended = True
            at += 1
        if self.text[at + 1 : at + 2] != "]":
            raise JsonPathError("unclosed array expect ]")
        self.at = at + 2
        body = self.text[start:at]
        found = _COMPARISON.match(body)
        return ("filter", _action(found[1]), found[2], _action(found[3])) if found else ("filter", _action(body), "exists", [])


def _array(body: str) -> Node:
    found = _ARRAY.match(body)
    if found is None:
        raise JsonPathError(f"invalid array index {body}")
    first, last, step = (None if part is None or part in ("", ":") else int(part.removeprefix(":")) for part in found.groups())
    return ("array", first, "next" if found[2] is None else last, step)
