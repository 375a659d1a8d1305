"""uname: the kernel.

Upstream: uname(1). Left out: -i, -o.
"""

from __future__ import annotations

from podlab.sim.linux.tool import Tool
from podlab.sim.linux.types import Context

FIELDS = {"s": "Linux", "n": "", "r": "6.1.0", "v": "#1 SMP PREEMPT_DYNAMIC", "m": "x86_64"}


class Uname(Tool):
    """`uname [-asnrvm]`."""

    def run(self, ctx: Context, args: list[str]) -> int:
        """Print it."""
        wanted = "".join(each.lstrip("-") for each in args) or "s"
        fields = FIELDS | {"n": ctx.host.hostname}
        ctx.out(
            " ".join(value for key, value in fields.items() if key in wanted or "a" in wanted)
            + (" GNU/Linux" if "a" in wanted else "")
            + "\n"
        )
        return 0
