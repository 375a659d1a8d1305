"""watch: runs a command again and again.

Upstream: watch(1). Left out: -d, -g.
"""

from __future__ import annotations

from msgspec import Struct

from podlab.sim.linux.terminal import CLEAR
from podlab.sim.linux.tool import Tool
from podlab.sim.linux.types import Child, Context, Exit, Sleep, Wait, Wake
from podlab.sim.shell.printing import milliseconds, options


class Memory(Struct):
    """The line, how long to wait, the child that runs, and the stream that it writes to."""

    line: str = ""
    every_ms: int = 2000
    pid: int = 0
    title: bool = True


class Watch(Tool):
    """`watch [-n SECONDS] [-t] COMMAND`: every two seconds, on an empty screen."""

    def start(self, ctx: Context) -> Wait:
        """The first run."""
        args, memory = ctx.process.argv[1:], ctx.memory(Memory)
        words = 0
        while words < len(args) and args[words].startswith("-"):
            words += 2 if args[words] in ("-n", "--interval") else 1
        given, _ = options(args[:words], "n")
        memory.line, memory.title = " ".join(args[words:]), "t" not in given
        memory.every_ms = max(100, milliseconds(given.get("n", "2")) or 2000)
        if not memory.line:
            ctx.err("Usage: watch [-n SEC] [-t] PROG ARGS\n")
            return Exit(1)
        return self._run(ctx, memory)

    def resume(self, ctx: Context, wake: Wake) -> Wait:
        """It has ended: show what it wrote, wait; or run again."""
        memory = ctx.memory(Memory)
        if not memory.pid:
            return self._run(ctx, memory)
        if ctx.exit_code(memory.pid) is None:
            return Child(memory.pid)
        memory.pid = 0
        self._show(ctx, memory)
        return Sleep(memory.every_ms)

    def _run(self, ctx: Context, memory: Memory) -> Wait:
        buffer = f"buffer:watch-{ctx.process.pid}"
        memory.pid = ctx.spawn(["sh", "-c", memory.line], fds={0: "null", 1: buffer, 2: buffer})
        return Child(memory.pid)

    def _show(self, ctx: Context, memory: Memory) -> None:
        text = ctx.linux.take_buffer(f"watch-{ctx.process.pid}")
        left = f"Every {memory.every_ms // 1000}.{memory.every_ms % 1000 // 100}s: {memory.line}"
        right = f"{ctx.host.hostname}: {ctx.world.stamp().replace('T', ' ').rstrip('Z')}"
        title = left + right.rjust(max(len(right) + 1, ctx.columns - len(left))) + "\n\n" if memory.title else ""
        ctx.out(CLEAR + title + text)
