"""chmod: lets a script be run.

Upstream: chmod(1). Left out: all other modes (the lab keeps none).
"""

from __future__ import annotations

from podlab.sim.linux.tool import Tool
from podlab.sim.linux.types import Context


class Chmod(Tool):
    """`chmod +x FILE…`, `chmod 755 FILE…`; takes the right away again with -x or an even mode."""

    def run(self, ctx: Context, args: list[str]) -> int:
        """Note which files may be run."""
        words = [each for each in args if each != "-R"]
        if len(words) < 2:
            ctx.err("chmod: missing operand\n")
            return 1
        mode, code = words[0], 0
        runs = "+x" in mode or (mode.isdecimal() and mode[:1] not in ("8", "9") and mode[-3:-2] in ("1", "3", "5", "7"))
        for path in words[1:]:
            whole = ctx.files.absolute(path)
            if not ctx.files.exists(whole):
                ctx.err(
                    f"chmod: {path}: No such file or directory\n"
                    if ctx.busybox
                    else f"chmod: cannot access '{path}': No such file or directory\n"
                )
                code = 1
            elif runs or "x" in mode or mode.isdecimal():
                ctx.host.executable = sorted({*ctx.host.executable, whole} if runs else {*ctx.host.executable} - {whole})
        return code
