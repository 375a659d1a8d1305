"""printf: formatted words.

Upstream: printf(1). Left out: see `shell.printing`.
"""

from __future__ import annotations

from podlab.sim.linux.tool import Tool
from podlab.sim.linux.types import Context
from podlab.sim.shell import printing


class Printf(Tool):
    """`printf FORMAT [ARGUMENT…]`."""

    def run(self, ctx: Context, args: list[str]) -> int:
        """Print them."""
        if not args:
            ctx.err("printf: missing operand\n")
            return 1
        ctx.out(printing.printf(args[0], args[1:]))
        return 0
