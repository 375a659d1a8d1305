"""id: who one is.

Upstream: id(1). Left out: groups by name.
"""

from __future__ import annotations

from podlab.sim.linux.tool import Tool
from podlab.sim.linux.types import Context


class Id(Tool):
    """`id [-u|-g] [-n]`, `whoami`."""

    def run(self, ctx: Context, args: list[str]) -> int:
        """Root, but for the learner."""
        name, number = (ctx.image.user, "1000") if ctx.image.user else ("root", "0")
        letters = "".join(each.lstrip("-") for each in args if each.startswith("-"))
        if ctx.process.argv[0].endswith("whoami") or ("n" in letters and letters.strip("n") in ("u", "g")):
            ctx.out(name + "\n")
        elif letters in ("u", "g", "G"):
            ctx.out(number + "\n")
        else:
            ctx.out(
                f"uid={number}({name}) gid={number}({name})"
                + (" groups=0(root),10(wheel)" if ctx.busybox and number == "0" else f" groups={number}({name})")
                + "\n"
            )
        return 0
