"""What the lab's own programs read from their environment: numbers, spans of time, amounts of memory.

Upstream: none. Left out: nothing.
"""

from __future__ import annotations

import re
from fractions import Fraction

from podlab.sim.api.quantities import whole
from podlab.sim.linux.tool import UsageError
from podlab.sim.linux.types import Context

_SECONDS = re.compile(r"\d{1,7}(\.\d{1,3})?")
_SPAN = re.compile(r"(\d{1,7})-(\d{1,7})?")
ALWAYS = 10**12


def text(ctx: Context, name: str, default: str = "") -> str:
    """A setting as it stands."""
    return ctx.process.env.get(name, default)


def number(ctx: Context, name: str, default: int) -> int:
    """A whole number; UsageError."""
    found = text(ctx, name)
    if found and not re.fullmatch(r"\d{1,9}", found):
        raise UsageError(f"{name}: not a number: {found!r}")
    return int(found) if found else default


def milliseconds(ctx: Context, name: str, default: str = "0") -> int:
    """A span of time given in seconds; UsageError."""
    found = text(ctx, name) or default
    if not _SECONDS.fullmatch(found):
        raise UsageError(f"{name}: not a number of seconds: {found!r}")
    return int(Fraction(found) * 1000)


def memory(ctx: Context, name: str, default: str = "0") -> int:
    """An amount of memory in bytes; UsageError."""
    found = text(ctx, name) or default
    try:
        return max(0, whole(found))
    except ValueError:
        raise UsageError(f"{name}: not an amount of memory: {found!r}") from None


def spans(ctx: Context, name: str) -> list[tuple[int, int]]:
    """`63-87,120-` → spans of the program's age, in ms; UsageError."""
    out = []
    for each in filter(None, text(ctx, name).replace(" ", "").split(",")):
        match = _SPAN.fullmatch(each)
        if match is None:
            raise UsageError(f"{name}: not a span of seconds like 63-87 or 120-: {each!r}")
        out.append((int(match[1]) * 1000, int(match[2]) * 1000 if match[2] else ALWAYS))
    return out
