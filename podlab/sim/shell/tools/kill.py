"""kill and killall, as programs (in a shell kill is a builtin).

Upstream: kill(1), killall(1). Left out: job numbers.
"""

from __future__ import annotations

from podlab.sim.linux import signals
from podlab.sim.linux.tool import Tool
from podlab.sim.linux.types import Context, Process


class Kill(Tool):
    """`kill [-SIGNAL|-s SIGNAL] PID…`, `killall [-SIGNAL] NAME…`."""

    def run(self, ctx: Context, args: list[str]) -> int:
        """Send the signal; 1 when one is missing."""
        name = ctx.process.argv[0].rpartition("/")[2]
        if args[:1] == ["-s"] and len(args) > 1:
            args = [f"-{args[1]}", *args[2:]]
        signal: str | None = "TERM"
        if args and args[0].startswith("-"):
            signal = signals.name_of(args[0][1:])
            if signal is None:
                ctx.err(f"{name}: bad signal name '{args[0][1:]}'\n")
                return 1
            args = args[1:]
        code = 0
        for word in args:
            found = self._find(ctx, name, word)
            if not found:
                ctx.err(
                    f"{name}: {word}: no process killed\n" if name == "killall" else f"{name}: can't kill pid {word}: No such process\n"
                )
                code = 1
            for process in found:
                if signal and signal != "0":
                    ctx.kill(process.pid, signal)
        return code

    @staticmethod
    def _find(ctx: Context, name: str, word: str) -> list[Process]:
        if name != "killall":
            process = ctx.linux.processes.by_number(ctx.host.name, int(word)) if word.isdecimal() else None
            return [process] if process else []
        return [
            each
            for each in ctx.linux.processes.visible(ctx.host.name)
            if each.program.rpartition("/")[2] == word and each.pid != ctx.process.pid
        ]
