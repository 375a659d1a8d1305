"""sort: lines in order.

Upstream: sort(1). Left out: -k with characters, -o, -M.
"""

from __future__ import annotations

import re

from podlab.sim.linux.tool import Feed, Filter, integer
from podlab.sim.linux.types import Context
from podlab.sim.shell.printing import options


class Sort(Filter):
    """`sort [-rnuVf] [-k N] [-t C] [FILE…]`."""

    def begin(self, ctx: Context, feed: Feed, args: list[str]) -> int | None:
        """How to sort."""
        feed.options, feed.files = options(args, "kto")
        return None

    def line(self, ctx: Context, feed: Feed, text: str) -> bool:
        """Keep it."""
        feed.held.append(text.removesuffix("\n"))
        return True

    def end(self, ctx: Context, feed: Feed) -> int:
        """All of them, in order (the C locale's)."""
        given = feed.options
        lines = sorted(feed.held, key=lambda line: (key_of(line, given), line), reverse="r" in given)
        if "u" in given:
            seen: dict[object, str] = {}
            for line in lines:
                seen.setdefault(key_of(line, given), line)
            lines = list(seen.values())
        ctx.out("".join(line + "\n" for line in lines))
        return feed.code


def key_of(line: str, given: dict[str, str]) -> tuple[object, ...]:
    """What a line is sorted by."""
    if "k" in given:
        first = integer(re.split(r"[^0-9]", given["k"])[0]) - 1
        fields = line.split(given["t"]) if given.get("t") else line.split()
        line = " ".join(fields[first : first + 1] if "," in given["k"] else fields[first:])
    if "n" in given or "n" in given.get("k", ""):
        found = re.match(r"\s*(-?\d+)(?:\.(\d+))?", line)
        return (int(found[1]) * 10**6 + int((found[2] or "0")[:6].ljust(6, "0")) if found else 0,)
    if "V" in given:
        return tuple((int(piece), "") if piece.isdecimal() else (-1, piece) for piece in re.split(r"(\d+)", line) if piece)
    return (line.lower(),) if "f" in given else (line,)
