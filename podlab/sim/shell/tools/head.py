"""head: the first lines.

Upstream: head(1). Left out: -c with units.
"""

from __future__ import annotations

from podlab.sim.linux.tool import Feed, Filter, integer
from podlab.sim.linux.types import Context
from podlab.sim.shell.printing import options


class Head(Filter):
    """`head [-n N|-N] [-c N] [FILE…]`."""

    def begin(self, ctx: Context, feed: Feed, args: list[str]) -> int | None:
        """How many lines."""
        args = [f"-n{each[1:]}" if each[1:].isdecimal() and each.startswith("-") else each for each in args]
        feed.options, feed.files = options(args, "nc")
        feed.notes["left"] = integer(feed.options.get("n") or feed.options.get("c") or "10")
        feed.notes["files"] = len(feed.files)
        return 0 if feed.notes["left"] == 0 else None

    def line(self, ctx: Context, feed: Feed, text: str) -> bool:
        """One of the first."""
        if "c" in feed.options:
            ctx.out(text[: feed.notes["left"]])
            feed.notes["left"] -= len(text)
        else:
            ctx.out(text)
            feed.notes["left"] -= 1
        return feed.notes["left"] > 0
