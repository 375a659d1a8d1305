"""cat: files, or standard input, as they are.

Upstream: cat(1). Left out: -v, -A.
"""

from __future__ import annotations

from podlab.sim.linux.tool import Feed, Filter
from podlab.sim.linux.types import Context
from podlab.sim.shell.printing import options


class Cat(Filter):
    """`cat [-n] [FILE…]`."""

    def begin(self, ctx: Context, feed: Feed, args: list[str]) -> int | None:
        """Files and `-n`."""
        feed.options, feed.files = options(args)
        return None

    def line(self, ctx: Context, feed: Feed, text: str) -> bool:
        """A line, with its number after -n."""
        feed.notes["line"] = feed.notes.get("line", 0) + 1
        ctx.out(f"{feed.notes['line']:>6}\t{text}" if "n" in feed.options else text)
        return True
