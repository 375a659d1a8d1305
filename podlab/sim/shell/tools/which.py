"""which: where a command is.

Upstream: which(1). Left out: -a.
"""

from __future__ import annotations

from podlab.sim.linux.tool import Tool
from podlab.sim.linux.types import Context


class Which(Tool):
    """`which NAME…`."""

    def run(self, ctx: Context, args: list[str]) -> int:
        """Print the paths; 1 when one is missing."""
        names = ctx.linux.processes.programs.names(ctx.host)
        ctx.out("".join(f"/bin/{name}\n" for name in args if name in names))
        return int(any(name not in names for name in args))
