"""rmdir: removes empty directories.

Upstream: rmdir(1). Left out: -p.
"""

from __future__ import annotations

from podlab.sim.linux.tool import Tool
from podlab.sim.linux.types import Context


class Rmdir(Tool):
    """`rmdir DIR…`."""

    def run(self, ctx: Context, args: list[str]) -> int:
        """Remove them."""
        code = 0
        for path in args:
            try:
                if not ctx.files.is_dir(path):
                    raise OSError(0, "Not a directory" if ctx.files.exists(path) else "No such file or directory")
                ctx.files.remove(path)
            except OSError as error:
                ctx.err(f"rmdir: '{path}': {error.strerror}\n" if ctx.busybox else f"rmdir: failed to remove '{path}': {error.strerror}\n")
                code = 1
        return code
