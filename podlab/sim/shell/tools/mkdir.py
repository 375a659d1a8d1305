"""mkdir: makes directories.

Upstream: mkdir(1). Left out: -m.
"""

from __future__ import annotations

from podlab.sim.linux.tool import Tool
from podlab.sim.linux.types import Context
from podlab.sim.shell.printing import options


class Mkdir(Tool):
    """`mkdir [-p] DIR…`."""

    def run(self, ctx: Context, args: list[str]) -> int:
        """Make them."""
        given, paths = options(args, "m")
        code = 0
        for path in paths:
            try:
                ctx.files.mkdir(path, parents="p" in given)
            except OSError as error:
                ctx.err(
                    f"mkdir: can't create directory '{path}': {error.strerror}\n"
                    if ctx.busybox
                    else f"mkdir: cannot create directory '{path}': {error.strerror}\n".replace("'", "\u2018", 1).replace("'", "\u2019", 1)
                )
                code = 1
        return code
