"""xargs: words from standard input as arguments.

Upstream: xargs(1). Left out: -P, -0 with other separators.
"""

from __future__ import annotations

import shlex

from msgspec import Struct, field

from podlab.sim.linux.tool import Tool, integer
from podlab.sim.linux.types import Child, Context, Exit, Read, Wait, Wake


class Memory(Struct):
    """What has come, the command lines still to run, the child, and the code so far."""

    text: str = ""
    command: list[str] = field(default_factory=list)
    each: int = 0
    replace: str = ""
    empty: bool = True
    lines: list[list[str]] = field(default_factory=list)
    read: bool = False
    pid: int = 0
    code: int = 0


class Xargs(Tool):
    """`xargs [-n N] [-I MARK] [-r] [COMMAND…]`."""

    def start(self, ctx: Context) -> Wait:
        """Read the arguments, then standard input."""
        memory, args = ctx.memory(Memory), ctx.process.argv[1:]
        while args and args[0].startswith("-"):
            word = args.pop(0)
            if word[:2] == "-n":
                memory.each = integer(word[2:] or args.pop(0))
            elif word[:2] == "-I":
                memory.replace = word[2:] or args.pop(0)
            elif word == "-r":
                memory.empty = False
        memory.command = args or ["echo"]
        return self._read(ctx, memory)

    def resume(self, ctx: Context, wake: Wake) -> Wait:
        """More input, or a command has ended."""
        memory = ctx.memory(Memory)
        if not memory.read:
            return self._read(ctx, memory)
        code = ctx.exit_code(memory.pid)
        if code is None:
            return Child(memory.pid)
        memory.code = 123 if 0 < code < 126 else max(memory.code, code)
        return self._next(ctx, memory)

    def _read(self, ctx: Context, memory: Memory) -> Wait:
        while (text := ctx.read(0)) is not None:
            if text == "":
                return Read(0)
            memory.text += text
        memory.read = True
        if memory.replace:
            memory.lines = [
                [each.replace(memory.replace, line.strip()) for each in memory.command] for line in memory.text.splitlines() if line.strip()
            ]
            return self._next(ctx, memory)
        try:
            words = shlex.split(memory.text)
        except ValueError:
            ctx.err("xargs: unmatched quote\n")
            return Exit(1)
        step = memory.each or len(words) or 1
        memory.lines = [memory.command + words[here : here + step] for here in range(0, len(words), step)]
        if not words and memory.empty and not ctx.busybox:
            memory.lines = [memory.command]
        return self._next(ctx, memory)

    def _next(self, ctx: Context, memory: Memory) -> Wait:
        if not memory.lines:
            return Exit(memory.code)
        argv = memory.lines.pop(0)
        try:
            memory.pid = ctx.spawn(argv, fds={**ctx.process.fds, 0: "null"})
        except OSError:
            ctx.err(f"xargs: {argv[0]}: No such file or directory\n")
            return Exit(127)
        return Child(memory.pid)
