"""stat: what is known of a file.

Upstream: stat(1). Left out: inodes, owners, times.
"""

from __future__ import annotations

from podlab.sim.linux.sizes import size_of
from podlab.sim.linux.tool import Tool
from podlab.sim.linux.types import Context


class Stat(Tool):
    """`stat [-c FORMAT] FILE…` with %n, %s, %F."""

    def run(self, ctx: Context, args: list[str]) -> int:
        """Print it."""
        form = args[1] if args[:1] == ["-c"] and len(args) > 1 else None
        code = 0
        for path in args[2:] if form is not None else args:
            if not ctx.files.exists(path):
                ctx.err(
                    f"stat: can't stat '{path}': No such file or directory\n"
                    if ctx.busybox
                    else f"stat: cannot statx '{path}': No such file or directory\n"
                )
                code = 1
                continue
            is_dir = ctx.files.is_dir(path)
            size, kind = (4096, "directory") if is_dir else (size_of(ctx.files.read(path)), "regular file")
            if form is not None:
                ctx.out(form.replace("%n", path).replace("%s", str(size)).replace("%F", kind) + "\n")
            else:
                ctx.out(f"  File: {path}\n  Size: {size:<10}\tBlocks: {-(-size // 512):<10} IO Block: 4096   {kind}\n")
        return code
