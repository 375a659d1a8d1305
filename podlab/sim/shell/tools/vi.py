"""vi, nano, less, more, top: programs that take the whole screen, refused.

Upstream: vi(1). Left out: all of it: the page has an editor.
"""

from __future__ import annotations

from podlab.sim.linux.tool import Tool
from podlab.sim.linux.types import Context


class FullScreen(Tool):
    """A program that needs the whole screen."""

    def run(self, ctx: Context, args: list[str]) -> int:
        """Say what to use instead."""
        name = ctx.process.argv[0].rpartition("/")[2]
        instead = (
            "use `cat`"
            if name in ("less", "more")
            else "use `ps`"
            if name == "top"
            else "use the editor beside the terminal, or `cat > file <<EOF`"
        )
        ctx.err(f"not supported in this lab: {name} ({instead})\n")
        return 1
