"""hostname: the machine's name.

Upstream: hostname(1). Left out: setting it.
"""

from __future__ import annotations

from podlab.sim.linux.tool import Tool
from podlab.sim.linux.types import Context


class Hostname(Tool):
    """`hostname [-i|-I]`."""

    def run(self, ctx: Context, args: list[str]) -> int:
        """The name, or with -i the address."""
        if args and args[0] in ("-i", "-I"):
            ctx.out(ctx.network.addresses.of_host(ctx.host) + ("\n" if args[0] == "-i" else " \n"))
        else:
            ctx.out(ctx.host.hostname + "\n")
        return 0
