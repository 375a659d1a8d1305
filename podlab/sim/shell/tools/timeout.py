"""timeout and nohup: run a command, within bounds.

Upstream: timeout(1), nohup(1). Left out: -k, nohup.out.
"""

from __future__ import annotations

from podlab.sim.linux import signals
from podlab.sim.linux.tool import Tool
from podlab.sim.linux.types import Child, Context, Exit, Wait, Wake
from podlab.sim.shell.printing import milliseconds


class Timeout(Tool):
    """`timeout [-s SIGNAL] SECONDS COMMAND…`: exit code 124 (BusyBox: 143) when the time was up."""

    def start(self, ctx: Context) -> Wait:
        """Start the command."""
        args, signal = ctx.process.argv[1:], "TERM"
        if args[:1] == ["-s"]:
            signal, args = signals.name_of("".join(args[1:2])) or "TERM", args[2:]
        limit = milliseconds(args[0]) if args else None
        if limit is None or len(args) < 2:
            ctx.err("timeout: missing operand\n")
            return Exit(125)
        try:
            pid = ctx.spawn(args[1:])
        except OSError:
            ctx.err(f"timeout: can't execute '{args[1]}': No such file or directory\n")
            return Exit(127)
        ctx.process.state |= {"pid": pid, "signal": signal, "until": ctx.world.now + limit, "late": False}
        return Child(pid, limit)

    def resume(self, ctx: Context, wake: Wake) -> Wait:
        """Has it ended, or is the time up?"""
        state = ctx.process.state
        code = ctx.exit_code(state["pid"])
        if code is not None:
            return Exit(code if not state["late"] or ctx.busybox else 124)
        if ctx.world.now >= state["until"] and not state["late"]:
            state["late"] = True
            ctx.kill(state["pid"], state["signal"])
        return Child(state["pid"], max(0, state["until"] - ctx.world.now) if not state["late"] else None)


class Nohup(Tool):
    """`nohup COMMAND…`: SIGHUP does not end it."""

    def start(self, ctx: Context) -> Wait:
        """Ignore SIGHUP, become the command."""
        args = ctx.process.argv[1:]
        ctx.process.ignored.append("HUP")
        try:
            return ctx.exec(args) if args else Exit(125)
        except OSError:
            ctx.err(f"nohup: can't execute '{args[0]}': No such file or directory\n")
            return Exit(127)
