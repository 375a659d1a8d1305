"""clear: empties the screen.

Upstream: clear(1). Left out: nothing.
"""

from __future__ import annotations

from podlab.sim.linux.terminal import CLEAR
from podlab.sim.linux.tool import Tool
from podlab.sim.linux.types import Context


class Clear(Tool):
    """`clear`."""

    def run(self, ctx: Context, args: list[str]) -> int:
        """Empty it."""
        ctx.out(CLEAR)
        return 0
