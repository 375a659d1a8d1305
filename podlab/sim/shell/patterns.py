"""Regular expressions of grep and sed as Python's.

Upstream: POSIX regex(7), basic and extended. Left out: back references in extended ones, equivalence classes.
"""

from __future__ import annotations

import functools
import re
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

CLASSES = {
    "alpha": "a-zA-Z",
    "digit": "0-9",
    "alnum": "a-zA-Z0-9",
    "upper": "A-Z",
    "lower": "a-z",
    "space": r"\s",
    "blank": " \t",
    "punct": r"!-/:-@\[-`{-~",
    "xdigit": "0-9a-fA-F",
}
TOKEN = re.compile(r"\\.|\[\^?\]?(?:\[:\w+:\]|[^\]])*\]|.", re.DOTALL)


REPEATS_MAX = 5


class BadPattern(ValueError):
    """The pattern cannot be read."""


@functools.lru_cache(maxsize=256)
def compile_pattern(text: str, *, extended: bool, fold: bool = False) -> re.Pattern[str]:
    """The pattern as Python reads it; BadPattern."""
    out = "".join(_token(each, extended, here) for here, each in enumerate(TOKEN.findall(text)))
    try:
        compiled = re.compile(out, re.IGNORECASE if fold else 0)
        if _repeats(parser.parse(out)) > REPEATS_MAX:
            raise BadPattern("not supported in this lab: so many repetitions, or one in another")
    except (re.error, RecursionError) as error:
        raise BadPattern(str(error)) from None
    return compiled


def _repeats(tree: Any, *, inside: bool = False) -> int:
    """How many unbounded repetitions there are; one inside another counts for too many: Python's matcher takes exponential time for them."""
    count = 0
    for operation, argument in tree:
        name = str(operation)
        if name.endswith("REPEAT"):
            many = argument[1] > 1
            if many and inside:
                return REPEATS_MAX + 1
            count += int(many) + _repeats(argument[2], inside=inside or many)
        elif name == "SUBPATTERN":
            count += _repeats(argument[-1], inside=inside)
        elif name == "BRANCH":
            count += sum(_repeats(each, inside=inside) for each in argument[1]) + (REPEATS_MAX + 1 if inside else 0)
    return count


def _token(token: str, extended: bool, here: int) -> str:
    if token.startswith("[") and len(token) > 1:
        start = 2 if token.startswith("[^") else 1
        pieces = re.split(r"\[:(\w+):\]", token[start:-1])
        inside = "".join(
            CLASSES.get(piece, "") if here % 2 else re.sub(r"([\\\[\]&|~])", r"\\\1", piece) for here, piece in enumerate(pieces)
        )
        return token[:start] + inside + "]"
    if token.startswith("\\") and len(token) == 2:
        plain = token[1]
        if plain in "<>":
            return r"\b"
        if plain in "wWsSbB" or plain.isdecimal():
            return token
        if not extended and plain in "(){}|+?":
            return plain
        return {"n": "\n", "t": "\t"}.get(plain, re.escape(plain))
    if not extended and token in "(){}|+?":
        return "\\" + token
    if token == "*" and here == 0:
        return r"\*"
    return token
