"""JSONPath templates: reading them.

A template is a list of nodes: text, or an action of path steps. Steps are tuples, so that a parsed template is plain data.

Upstream: staging/src/k8s.io/client-go/util/jsonpath/parser.go. Left out: nothing.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

Node = tuple[Any, ...]
"""("text", s) | ("field", name) | ("wildcard",) | ("slice", start, end, step) | ("index", list of nodes) | ("recursive",) |
("filter", left, operator, right) | ("union", [[node]]) | ("range",) | ("end",) | ("list", [node])"""

_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "\\": "\\", '"': '"', "'": "'", "b": "\b", "f": "\f", "v": "\v", "a": "\a"}


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
    body = text[1:-1]
    return re.sub(r"\\(.)", lambda m: _ESCAPES.get(m[1], m[1]), body)


class _Parser:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def template(self) -> list[Node]:
        nodes: list[Node] = []
        while self.at < len(self.text):
            opening = self.text.find("{", self.at)
            if opening < 0:
                nodes.append(("text", self.text[self.at :]))
                break
            if opening > self.at:
                nodes.append(("text", self.text[self.at : opening]))
            self.at = opening + 1
            nodes.append(("list", self.action()))
        return nodes

    def action(self) -> list[Node]:
        nodes: list[Node] = []
        while True:
            sign = self.peek()
            if sign == "":
                raise JsonPathError("unclosed action")
            if sign == "}":
                self.at += 1
                return nodes
            self.step(sign, nodes)

    def peek(self) -> str:
        return self.text[self.at : self.at + 1]

    def step(self, sign: str, nodes: list[Node]) -> None:
        if sign in " \t\n\r@$":
            self.at += 1
        elif sign == "[":
            nodes.append(self.bracket())
        elif sign in "\"'":
            nodes.append(("text", unquote(self.quoted(sign))))
        elif sign == ".":
            self.dot(nodes)
        elif sign.isalpha() or sign in "_*-" or sign.isdigit():
            nodes.append(self.word())
        else:
            raise JsonPathError(f"unrecognized character in action: U+{ord(sign):04X} '{sign}'")

    def dot(self, nodes: list[Node]) -> None:
        if self.text.startswith("..", self.at):
            self.at += 2
            nodes.append(("recursive",))
            if self.peek() not in "}[.":
                nodes.append(self.field())
            return
        self.at += 1
        if self.peek() not in ("}", "[", " ", ""):
            nodes.append(self.field())

    def field(self) -> Node:
        if self.peek() == "*":
            self.at += 1
            return ("wildcard",)
        name = ""
        while (sign := self.peek()) and sign not in " \t\n\r.[]{},$@)(=!<>":
            if sign == "\\":
                self.at += 1
                sign = self.peek()
            name += sign
            self.at += 1
        if not name:
            raise JsonPathError(
                "unclosed action" if not self.peek() else f"unrecognized character in action: U+{ord(self.peek()):04X} '{self.peek()}'"
            )
        return ("field", name)

    def word(self) -> Node:
        match = re.compile(r"-?[\w.*]+").match(self.text, self.at)
        if match is None:
            raise JsonPathError(f"unrecognized identifier {self.peek()}")
        self.at = match.end()
        word = match[0]
        if word in ("range", "end"):
            return (word,)
        if re.fullmatch(r"-?\d+(\.\d+)?", word):
            return ("number", word)
        if word in ("true", "false"):
            return ("bool", word == "true")
        raise JsonPathError(f"unrecognized identifier {word}")

    def quoted(self, sign: str) -> str:
        match = re.compile(rf"{sign}(?:\\.|[^{sign}\\])*{sign}", re.S).match(self.text, self.at)
        if match is None:
            raise JsonPathError("unterminated quoted string")
        self.at = match.end()
        return match[0]

    def bracket(self) -> Node:
        start = self.at
        if self.text.startswith("[?(", start):
            return self.filter()
        end = self._closing(start)
        body = self.text[start + 1 : end].strip()
        self.at = end + 1
        return _bracket(body)

    def _closing(self, start: int) -> int:
        at, quote = start + 1, ""
        while at < len(self.text):
            sign = self.text[at]
            if quote:
                quote = "" if sign == quote else quote
            elif sign in "\"'":
                quote = sign
            elif sign == "]":
                return at
            at += 1
        raise JsonPathError("unterminated array")

    def filter(self) -> Node:
        start = self.at + 3
        at, depth, quote = start, 1, ""
        while at < len(self.text) and depth:
            sign = self.text[at]
            if quote:
                quote = "" if sign == quote else quote
            elif sign in "\"'":
                quote = sign
            else:
                depth += (sign == "(") - (sign == ")")
            at += 1
        if depth or self.text[at : at + 1] != "]":
            raise JsonPathError("unterminated filter")
        self.at = at + 1
        return _filter(self.text[start : at - 1])


def _bracket(body: str) -> Node:
    if body == "*":
        return ("wildcard",)
    if "," in body and not re.fullmatch(r"'[^']*'|\"[^\"]*\"", body):
        return ("union", [[_bracket(each.strip())] for each in body.split(",")])
    if re.fullmatch(r"'(?:\\.|[^'])*'|\"(?:\\.|[^\"])*\"", body):
        return ("field", unquote(body))
    match = re.fullmatch(r"(-?\d*)(:-?\d*)?(:-?\d*)?", body)
    if match is None or not body:
        raise JsonPathError(f"invalid array index {body}")
    if match[2] is None:
        return ("index", int(match[1]))
    return ("slice", *(int(part.lstrip(":")) if part and part != ":" else None for part in match.groups()))


def _filter(body: str) -> Node:
    match = re.match(r"^(.*?)\s*(==|!=|<=|>=|<|>)\s*(.*)$", body.strip(), re.S)
    if match is None:
        return ("filter", _operand(body), "exists", [])
    return ("filter", _operand(match[1]), match[2], _operand(match[3]))


def _operand(text: str) -> list[Node]:
    return _Parser(text.strip() + "}").action()
