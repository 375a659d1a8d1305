"""sleep: waits.

Upstream: sleep(1). Left out: nothing.
"""

from __future__ import annotations

from podlab.sim.linux.tool import Tool
from podlab.sim.linux.types import Context, Exit, Sleep, Wait
from podlab.sim.shell.printing import milliseconds


class Sleeper(Tool):
    """`sleep N[smhd]…`, `sleep infinity`."""

    def start(self, ctx: Context) -> Wait:
        """Sleep the sum of the durations."""
        args = ctx.process.argv[1:]
        if not args:
            ctx.err(
                "BusyBox v1.36.1 multi-call binary.\n\nUsage: sleep [N]...\n"
                if ctx.busybox
                else "sleep: missing operand\nTry 'sleep --help' for more information.\n"
            )
            return Exit(1)
        total = 0
        for word in args:
            ms = 10**12 if word in ("inf", "infinity") else milliseconds(word)
            if ms is None:
                ctx.err(
                    f"sleep: invalid number '{word}'\n"
                    if ctx.busybox
                    else f"sleep: invalid time interval '{word}'\nTry 'sleep --help' for more information.\n"
                )
                return Exit(1)
            total += ms
        return Sleep(total)
