"""Go templates, as far as `-o go-template` needs them: fields, range, if, with, functions and variables.

Upstream: text/template of the Go standard library. Left out: define, block, template, break, continue.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from msgspec import Struct, field

from podlab.sim.kubectl.gotemplate_funcs import KNOWN, CallError, TemplateError, call, truth

_TOKEN = re.compile(r'"(?:\\.|[^"\\])*"|`[^`]*`|\(|\)|\||:=|=|,|[^\s()|,=]+')

_WORDS = ("range", "if", "with", "else", "end", "true", "false", "nil")
_LEFT_OUT = ("define", "template", "block", "break", "continue")
_FIELD = re.compile(r"\.\w.*")


class Node(Struct):
    """`kind`: text, action, range, if, with; `body` and `other` are its parts."""

    kind: str
    text: str = ""
    body: list[Node] = field(default_factory=list)
    other: list[Node] = field(default_factory=list)


def parse(template: str) -> list[Node]:
    """The nodes of a template; TemplateError."""
    pieces = list(_pieces(template))
    nodes, at = _parse(pieces, 0)
    if at < len(pieces):
        raise TemplateError(f"template: output:1: unexpected {{{{{pieces[at][1]}}}}}")
    return nodes


def render(nodes: list[Node], template: str, data: Any) -> str:
    """The text of a template on data; TemplateError."""
    try:
        return "".join(_run(nodes, data, {"$": data}))
    except CallError as error:
        before = template[: max(0, template.find(error.at))]
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n") - 1
        raise TemplateError(f'template: output:{line}:{column}: executing "output" at <{error.at}>: {error}') from None


def _pieces(template: str) -> Iterator[tuple[str, str]]:
    at, trim = 0, False
    for match in re.finditer(r"\{\{(-?)\s*(.*?)\s*(-?)\}\}", template, re.S):
        text = template[at : match.start()]
        text = text.lstrip() if trim else text
        text = text.rstrip() if match[1] else text
        if text:
            yield "text", text
        yield "action", match[2]
        at, trim = match.end(), bool(match[3])
    rest = template[at:].lstrip() if trim else template[at:]
    if "{{" in rest:
        raise TemplateError("template: output:1: unclosed action")
    if rest:
        yield "text", rest


def _parse(pieces: list[tuple[str, str]], at: int) -> tuple[list[Node], int]:
    nodes: list[Node] = []
    while at < len(pieces):
        kind, text = pieces[at]
        word = text.split(" ", 1)[0] if kind == "action" else ""
        if kind == "action":
            _check(text[len(word) :] if word in _WORDS else text)
        if word in ("end", "else"):
            return nodes, at
        if word in ("range", "if", "with"):
            node, at = _block(pieces, at, word, text[len(word) :].strip())
            nodes.append(node)
        elif kind == "text" or not text.startswith("/*"):
            if word in _LEFT_OUT:
                raise TemplateError(f"not supported in this lab: {{{{{word}}}}} in a template")
            nodes.append(Node(kind, text))
        at += 1
    return nodes, at


def _check(text: str) -> None:
    """Whether every function is there."""
    for token in _TOKEN.findall("" if text.startswith("/*") else text):
        if re.fullmatch(r"[A-Za-z_]\w*", token) and token not in KNOWN and token not in _WORDS and token not in _LEFT_OUT:
            raise TemplateError(f'template: output:1: function "{token}" not defined')


def _block(pieces: list[tuple[str, str]], at: int, word: str, condition: str) -> tuple[Node, int]:
    body, at = _parse(pieces, at + 1)
    other: list[Node] = []
    if at < len(pieces) and pieces[at][1].startswith("else"):
        rest = pieces[at][1][4:].strip()
        if rest.startswith("if "):
            nested, at = _block(pieces, at, "if", rest[3:].strip())
            return Node(word, condition, body, [nested]), at
        other, at = _parse(pieces, at + 1)
    if at >= len(pieces):
        raise TemplateError("template: output:1: unexpected EOF")
    return Node(word, condition, body, other), at


def _run(nodes: list[Node], dot: Any, names: dict[str, Any]) -> Iterator[str]:
    for node in nodes:
        if node.kind == "text":
            yield node.text
        elif node.kind == "action":
            yield _action(node.text, dot, names)
        elif node.kind == "range":
            yield from _range(node, dot, names)
        else:
            value = _value(node.text, dot, names)
            inner = value if node.kind == "with" else dot
            yield from _run(node.body, inner, dict(names)) if truth(value) else _run(node.other, dot, names)


def _action(text: str, dot: Any, names: dict[str, Any]) -> str:
    assigned = re.match(r"(\$\w+)\s*:?=\s*(.*)", text, re.S)
    if assigned:
        names[assigned[1]] = _value(assigned[2], dot, names)
        return ""
    return str(call("print", [_value(text, dot, names)]))


def _range(node: Node, dot: Any, names: dict[str, Any]) -> Iterator[str]:
    match = re.match(r"((?:\$\w+)(?:\s*,\s*\$\w+)?)\s*:=\s*(.*)", node.text, re.S)
    variables = re.findall(r"\$\w+", match[1]) if match else []
    value = _value(match[2] if match else node.text, dot, names)
    pairs = [(key, value[key]) for key in sorted(value)] if isinstance(value, dict) else list(enumerate(value or []))
    if not pairs:
        yield from _run(node.other, dot, names)
    for key, each in pairs:
        given = (each,) if len(variables) == 1 else (key, each)
        yield from _run(node.body, each, names | dict(zip(variables, given, strict=False)))


def _value(text: str, dot: Any, names: dict[str, Any]) -> Any:
    tokens = _TOKEN.findall(text)
    try:
        value, _ = _pipeline(tokens, 0, dot, names)
    except CallError as error:
        error.at = error.at or text
        raise
    return value


def _pipeline(tokens: list[str], at: int, dot: Any, names: dict[str, Any]) -> tuple[Any, int]:
    value: Any = None
    first = True
    while at < len(tokens):
        parts: list[Any] = []
        while at < len(tokens) and tokens[at] not in ("|", ")"):
            part, at = _operand(tokens, at, dot, names)
            parts.append(part)
        value = _command(parts if first else [*parts, value])
        first = False
        if at < len(tokens) and tokens[at] == ")":
            return value, at
        at += 1
    return value, at


class _Function(Struct):
    name: str


def _operand(tokens: list[str], at: int, dot: Any, names: dict[str, Any]) -> tuple[Any, int]:
    token = tokens[at]
    if token == "(":
        value, at = _pipeline(tokens, at + 1, dot, names)
        follows = tokens[at + 1] if at + 1 < len(tokens) else ""
        return (_path(value, follows[1:]), at + 2) if _FIELD.fullmatch(follows) else (value, at + 1)
    if token[0] in '"`':
        return (token[1:-1] if token[0] == "`" else re.sub(r"\\(.)", lambda m: {"n": "\n", "t": "\t"}.get(m[1], m[1]), token[1:-1])), at + 1
    if re.fullmatch(r"-?\d+", token):
        return int(token), at + 1
    if token in ("true", "false", "nil"):
        return {"true": True, "false": False, "nil": None}[token], at + 1
    if token.startswith("$"):
        name, _, path = token.partition(".")
        return _path(names.get(name), path), at + 1
    if token.startswith("."):
        return _path(dot, token[1:]), at + 1
    return _Function(token), at + 1


def _path(value: Any, path: str) -> Any:
    for part in filter(None, path.split(".")):
        if isinstance(value, dict):
            value = value.get(part)
        elif value is not None:
            raise TemplateError(f"template: output: can't evaluate field {part} in type interface {{}}")
    return value


def _command(parts: list[Any]) -> Any:
    if parts and isinstance(parts[0], _Function):
        return call(parts[0].name, parts[1:])
    return parts[0] if parts else None
