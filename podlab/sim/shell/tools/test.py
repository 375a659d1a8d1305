"""test and [: conditions, as a program.

Upstream: test(1). Left out: see `shell.condition`.
"""

from __future__ import annotations

from podlab.sim.linux.tool import Tool
from podlab.sim.linux.types import Context
from podlab.sim.shell import condition
from podlab.sim.shell.expansion import ShellError


class Test(Tool):
    """`test EXPRESSION`, `[ EXPRESSION ]`."""

    def run(self, ctx: Context, args: list[str]) -> int:
        """0: true, 1: false, 2: cannot be read."""
        name = ctx.process.argv[0].rpartition("/")[2]
        if name == "[" and args[-1:] != ["]"]:
            ctx.err("[: missing ]\n")
            return 2
        try:
            return 0 if condition.test(ctx, args[:-1] if name == "[" else args) else 1
        except ShellError as error:
            ctx.err(f"{name}: {error.words}\n")
            return 2
