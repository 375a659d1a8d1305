"""du: how much a directory holds.

Upstream: du(1). Left out: -h of single files.
"""

from __future__ import annotations

from podlab.sim.linux.tool import Tool
from podlab.sim.linux.types import Context
from podlab.sim.shell.printing import options


class Du(Tool):
    """`du [-sh] [PATH…]`."""

    def run(self, ctx: Context, args: list[str]) -> int:
        """KiB of each directory."""
        given, paths = options(args)
        for path in paths or ["."]:
            folders = [path] if "s" in given else [each for each in ctx.files.walk(path) if ctx.files.is_dir(each)]
            for folder in reversed(folders):
                kib = -(-ctx.files.usage(folder) // 1024)
                text = f"{kib / 1024:.1f}M" if "h" in given and kib >= 1024 else f"{kib}.0K" if "h" in given else str(kib)
                ctx.out(f"{text}\t{folder}\n")
        return 0
