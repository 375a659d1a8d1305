"""touch: makes an empty file, or says that one has changed.

Upstream: touch(1). Left out: times.
"""

from __future__ import annotations

from podlab.sim.linux.tool import Tool
from podlab.sim.linux.types import Context
from podlab.sim.shell.printing import options


class Touch(Tool):
    """`touch [-c] FILE…`."""

    def run(self, ctx: Context, args: list[str]) -> int:
        """Make what is missing."""
        given, paths = options(args, "dtr")
        code = 0
        if not paths:
            ctx.err("touch: missing file operand\n")
            return 1
        for path in paths:
            try:
                if not ctx.files.exists(path) and "c" not in given:
                    ctx.files.write(path, "")
            except OSError as error:
                ctx.err(f"touch: {path}: {error.strerror}\n" if ctx.busybox else f"touch: cannot touch '{path}': {error.strerror}\n")
                code = 1
        return code
