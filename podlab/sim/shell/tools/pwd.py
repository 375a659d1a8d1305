"""pwd: where one is.

Upstream: pwd(1). Left out: -P.
"""

from __future__ import annotations

from podlab.sim.linux.tool import Tool
from podlab.sim.linux.types import Context


class Pwd(Tool):
    """`pwd`."""

    def run(self, ctx: Context, args: list[str]) -> int:
        """Print it."""
        ctx.out(ctx.process.cwd + "\n")
        return 0
