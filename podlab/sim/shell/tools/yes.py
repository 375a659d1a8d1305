"""yes: says y, and says it again.

Upstream: yes(1). Left out: nothing.
"""

from __future__ import annotations

from podlab.sim.linux.tool import Tool
from podlab.sim.linux.types import Context, Sleep, Wait, Wake


class Yes(Tool):
    """`yes [WORD…]`: a line every `shell.command` ms."""

    def start(self, ctx: Context) -> Wait:
        """The first one."""
        ctx.out((" ".join(ctx.process.argv[1:]) or "y") + "\n")
        return Sleep(ctx.world.timings["shell.command"])

    def resume(self, ctx: Context, wake: Wake) -> Wait:
        """And the next."""
        return self.start(ctx)
