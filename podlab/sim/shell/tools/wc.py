"""wc: counts lines, words and bytes.

Upstream: wc(1). Left out: -L.
"""

from __future__ import annotations

from podlab.sim.linux.sizes import ZEROS, size_of
from podlab.sim.linux.tool import Feed, Filter
from podlab.sim.linux.types import Context
from podlab.sim.shell.printing import options


class Wc(Filter):
    """`wc [-lwcm] [FILE…]`."""

    def begin(self, ctx: Context, feed: Feed, args: list[str]) -> int | None:
        """What to count."""
        feed.options, feed.files = options(args)
        feed.notes |= {"named": len(feed.files), "l": 0, "w": 0, "c": 0}
        return None

    def line(self, ctx: Context, feed: Feed, text: str) -> bool:
        """Count one line."""
        feed.notes["l"] += text.endswith("\n")
        feed.notes["w"] += 0 if text.startswith(ZEROS) else len(text.split())
        feed.notes["c"] += size_of(text)
        return True

    def file_end(self, ctx: Context, feed: Feed) -> None:
        """The counts of one file."""
        counts = {key: feed.notes[key] for key in "lwc"}
        self._show(ctx, feed, counts, "" if feed.name == "-" and not feed.notes["named"] else feed.name)
        for key, count in counts.items():
            feed.notes["sum" + key] = feed.notes.get("sum" + key, 0) + count
            feed.notes[key] = 0

    def end(self, ctx: Context, feed: Feed) -> int:
        """And their sum."""
        if feed.notes["named"] > 1:
            self._show(ctx, feed, {key: feed.notes.get("sum" + key, 0) for key in "lwc"}, "total")
        return feed.code

    def _show(self, ctx: Context, feed: Feed, counts: dict[str, int], name: str) -> None:
        wanted = [key for key in "lwc" if key in feed.options or (key == "c" and "m" in feed.options)] or ["l", "w", "c"]
        single = len(wanted) == 1
        if single:
            text = str(counts[wanted[0]])
        elif ctx.busybox:
            text = " ".join(f"{counts[key]:>9}" for key in wanted)
        else:
            text = " ".join(f"{counts[key]:>7}" for key in wanted) if feed.name == "-" else " ".join(str(counts[key]) for key in wanted)
        ctx.out(f"{text} {name}\n" if name else f"{text}\n")
