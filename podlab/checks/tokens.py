"""The words of an expression, with the bounds that keep an author's text harmless."""

from __future__ import annotations

import re
from typing import NamedTuple

LENGTH = 2000
TOKEN = re.compile(
    r"""\s*(?:(?P<number>\d+\.\d+|\d+)
    |(?P<string>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')
    |(?P<name>[A-Za-z_]\w*)
    |(?P<mark>\|\||&&|==|!=|<=|>=|[-+*/%!<>?:.,()\[\]{}]))""",
    re.VERBOSE,
)
ESCAPES = {"n": "\n", "t": "\t", "r": "\r"}


class ExpressionError(ValueError):
    """An expression that cannot be understood or is too large; `column` (from 1) says where."""

    def __init__(self, text: str, column: int, why: str) -> None:
        super().__init__(f"column {column}: {why}")
        self.text = text
        self.column = column
        self.why = why


class Token(NamedTuple):
    """`kind`: number, string, name, mark or end; `value`: what it stands for; `column` from 1."""

    kind: str
    value: str
    column: int


def tokens(text: str) -> list[Token]:
    """The words of `text`, an `end` last; ExpressionError."""
    if len(text) > LENGTH:
        raise ExpressionError(text, LENGTH, f"an expression has at most {LENGTH} characters")
    found: list[Token] = []
    at = 0
    while text[at:].strip():
        match = TOKEN.match(text, at)
        if match is None:
            column = len(text) - len(text[at:].lstrip()) + 1
            raise ExpressionError(text, column, _meaningless(text[column - 1]))
        kind = str(match.lastgroup)
        value = _unquoted(match[kind]) if kind == "string" else match[kind]
        found.append(Token(kind, value, match.start(kind) + 1))
        at = match.end()
    return [*found, Token("end", "", len(text) + 1)]


def _meaningless(sign: str) -> str:
    if sign in "\"'":
        return f"the quote {sign} is not closed"
    doubled = f"; did you mean '{sign}{sign}'?" if sign in "=&|" else ""
    return f"{sign!r} means nothing here{doubled}"


def _unquoted(word: str) -> str:
    return re.sub(r"\\(.)", lambda match: ESCAPES.get(match[1], match[1]), word[1:-1])
