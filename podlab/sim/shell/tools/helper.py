"""help: what the lab's terminal has.

Upstream: help(1). Left out: nothing.
"""

from __future__ import annotations

from podlab.sim.linux.tool import Tool
from podlab.sim.linux.types import Context
from podlab.sim.shell.tools.ls import columns

GRAMMAR = "cmd1 | cmd2   cmd > file   cmd >> file   cmd < file   2>&1   <<EOF   a && b   a || b   a ; b   cmd &\n$NAME ${NAME:-x} $(cmd) $((1+2)) *.yaml   if for while until case functions trap wait   Ctrl-C Ctrl-D Ctrl-Z\n"


class Help(Tool):
    """`help`."""

    def run(self, ctx: Context, args: list[str]) -> int:
        """List the commands and the shell's grammar."""
        names = [name for name in ctx.linux.processes.programs.names(ctx.host) if name != "["]
        ctx.out("This terminal is a workstation outside the cluster. It has:\n" + columns(names, min(ctx.columns, 100)) + "\n" + GRAMMAR)
        ctx.out("`ssh NODE` opens a shell on a node, `kubectl exec -it POD -- sh` one in a container.\n")
        return 0
