"""echo: its words, on a line.

Upstream: echo(1). Left out: nothing.
"""

from __future__ import annotations

from podlab.sim.linux.tool import Tool
from podlab.sim.linux.types import Context
from podlab.sim.shell import printing


class Echo(Tool):
    """`echo [-neE] WORD…`."""

    def run(self, ctx: Context, args: list[str]) -> int:
        """Print them."""
        ctx.out(printing.echo(args))
        return 0
