"""basename and dirname: the last part of a path, and what comes before it.

Upstream: basename(1). Left out: -a.
"""

from __future__ import annotations

import posixpath

from podlab.sim.linux.tool import Tool
from podlab.sim.linux.types import Context


class Basename(Tool):
    """`basename PATH [SUFFIX]`, `dirname PATH`."""

    def run(self, ctx: Context, args: list[str]) -> int:
        """Print it."""
        name = ctx.process.argv[0].rpartition("/")[2]
        if not args:
            ctx.err(f"{name}: missing operand\n")
            return 1
        path = args[0].rstrip("/") or "/"
        if name == "dirname":
            ctx.out((posixpath.dirname(path) or ".") + "\n")
        else:
            base = posixpath.basename(path) or "/"
            ctx.out((base.removesuffix(args[1]) if len(args) > 1 and base != args[1] else base) + "\n")
        return 0
