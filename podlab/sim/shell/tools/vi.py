"""vi, nano: the page's editor takes their place; less, more, top: programs that take the whole screen, refused.

An editor on the workstation's terminal tells the page which file to open (an OSC sequence that terminals do not show) and waits for a line.

Upstream: vi(1). Left out: editing in the terminal itself, and in containers.
"""

from __future__ import annotations

from podlab.sim.linux.tool import Tool
from podlab.sim.linux.types import Context, Exit, Read, Wait, Wake

OPEN = "\x1b]7001;{}\x07"
"""Read by `static/src/elements/terminals`."""
EDITORS = ("vi", "vim", "nano")


class FullScreen(Tool):
    """A program that needs the whole screen; the editors among them open the page's own."""

    def start(self, ctx: Context) -> Wait:
        """Open the file beside the terminal, and wait; or say what to use instead."""
        name, files = ctx.process.argv[0].rpartition("/")[2], [each for each in ctx.process.argv[1:] if not each.startswith(("-", "+"))]
        if name in EDITORS and files and ctx.is_tty(0) and ctx.host.name == "workstation":
            path = ctx.files.absolute(files[-1])
            ctx.out(f"{OPEN.format(path)}{files[-1]} is open in the editor beside the terminal. Save it there, then press Enter here.\n")
            return Read(0)
        instead = (
            "use `cat`"
            if name in ("less", "more")
            else "use `ps`"
            if name == "top"
            else "use the editor beside the terminal, or `cat > file <<EOF`"
        )
        ctx.err(f"not supported in this lab: {name} ({instead})\n")
        return Exit(1)

    def resume(self, ctx: Context, wake: Wake) -> Wait:
        """A line was typed: the file is as the learner wants it."""
        if wake.why == "signal":
            return Exit(130)
        return Read(0) if ctx.read(0) == "" else Exit(0)
