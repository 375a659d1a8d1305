"""uniq: equal lines that follow each other, once.

Upstream: uniq(1). Left out: -f, -s.
"""

from __future__ import annotations

from podlab.sim.linux.tool import Feed, Filter
from podlab.sim.linux.types import Context
from podlab.sim.shell.printing import options


class Uniq(Filter):
    """`uniq [-cdu] [FILE]`."""

    def begin(self, ctx: Context, feed: Feed, args: list[str]) -> int | None:
        """What to show."""
        feed.options, feed.files = options(args)
        return None

    def line(self, ctx: Context, feed: Feed, text: str) -> bool:
        """The same as the one before, or another."""
        text = text.removesuffix("\n")
        if feed.held and feed.held[0] == text:
            feed.notes["count"] += 1
        else:
            self._show(ctx, feed)
            feed.held, feed.notes["count"] = [text], 1
        return True

    def end(self, ctx: Context, feed: Feed) -> int:
        """The last one."""
        self._show(ctx, feed)
        return feed.code

    def _show(self, ctx: Context, feed: Feed) -> None:
        count = feed.notes.get("count", 0)
        if feed.held and not ("d" in feed.options and count < 2) and not ("u" in feed.options and count > 1):
            ctx.out((f"{count:>7} " if "c" in feed.options else "") + feed.held[0] + "\n")
