"""rm: removes files, with -r directories too.

Upstream: rm(1). Left out: -i.
"""

from __future__ import annotations

from podlab.sim.linux.tool import Tool
from podlab.sim.linux.types import Context
from podlab.sim.shell.printing import options


class Rm(Tool):
    """`rm [-rf] PATH…`."""

    def run(self, ctx: Context, args: list[str]) -> int:
        """Remove them; -f is silent about what is not there."""
        given, paths = options(args)
        force, deep = "f" in given, "r" in given or "R" in given
        if not paths and not force:
            ctx.err("rm: missing operand\n")
            return 1
        return max((self._remove(ctx, path, force, deep) for path in paths), default=0)

    def _remove(self, ctx: Context, path: str, force: bool, deep: bool) -> int:
        files = ctx.files
        start = "rm: can't remove" if ctx.busybox else "rm: cannot remove"
        if not files.exists(path):
            if not force:
                ctx.err(f"{start} '{path}': No such file or directory\n")
            return int(not force)
        if files.is_dir(path) and not deep:
            ctx.err(f"rm: '{path}' is a directory\n" if ctx.busybox else f"{start} '{path}': Is a directory\n")
            return 1
        try:
            for each in reversed(list(files.walk(path))):
                files.remove(each)
        except OSError as error:
            ctx.err(f"{start} '{path}': {error.strerror}\n")
            return 1
        return 0
