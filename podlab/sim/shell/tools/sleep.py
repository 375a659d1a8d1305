"""sleep: waits.

Upstream: sleep(1). Left out: nothing.
"""

from __future__ import annotations

from podlab.sim.linux.tool import Tool
from podlab.sim.linux.types import Context, Exit, Forever, Sleep, Wait, Wake
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
            if word in ("inf", "infinity"):
                return Forever()
            ms = milliseconds(word)
            if ms is None:
                ctx.err(
                    f"sleep: invalid number '{word}'\n"
                    if ctx.busybox
                    else f"sleep: invalid time interval '{word}'\nTry 'sleep --help' for more information.\n"
                )
                return Exit(1)
            total += ms
        return Sleep(total)

    def resume(self, ctx: Context, wake: Wake) -> Wait:
        """Slept."""
        return Exit(0) if wake.why == "timer" else Forever()
