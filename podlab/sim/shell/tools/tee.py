"""tee: to files and to standard output.

Upstream: tee(1). Left out: -i.
"""

from __future__ import annotations

from podlab.sim.linux.tool import Feed, Filter
from podlab.sim.linux.types import Context
from podlab.sim.shell.printing import options


class Tee(Filter):
    """`tee [-a] [FILE…]`."""

    def begin(self, ctx: Context, feed: Feed, args: list[str]) -> int | None:
        """Empty the files, or keep them with -a."""
        feed.options, feed.held = options(args)
        for path in list(feed.held):
            try:
                ctx.files.write(path, "", append="a" in feed.options)
            except OSError as error:
                ctx.err(f"tee: {path}: {error.strerror}\n")
                feed.held.remove(path)
                feed.code = 1
        return None

    def line(self, ctx: Context, feed: Feed, text: str) -> bool:
        """To all of them."""
        ctx.out(text)
        for path in feed.held:
            ctx.files.write(path, text, append=True)
        return True
