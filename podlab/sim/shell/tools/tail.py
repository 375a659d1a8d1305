"""tail: the last lines, and with -f those that come.

Upstream: tail(1). Left out: -c with units, --pid.
"""

from __future__ import annotations

from podlab.sim.linux.tool import Tool, integer, lines_of, refusal
from podlab.sim.linux.types import Context, Exit, Forever, Read, Wait, Wake
from podlab.sim.shell.printing import options

GREED_MS, GREED, ENDLESS = 50, 64 * 1024 * 1024, 1 << 50


class Tail(Tool):
    """`tail [-n N|-N|-n +N] [-c N] [-f|-F] [FILE…]`; of /dev/zero it never finds the end, and takes memory until it is killed."""

    def start(self, ctx: Context) -> Wait:
        """Read the arguments."""
        args = [f"-n{each[1:]}" if each[1:].isdecimal() and each.startswith("-") else each for each in ctx.process.argv[1:]]
        given, files = options(args, "nc")
        state = ctx.process.state
        state |= {"given": given, "files": files, "seen": {}, "text": ""}
        if "/dev/zero" in files:
            return self._greed(ctx)
        if not files:
            return self._from_input(ctx)
        code = self._first(ctx, given, files)
        follow = "f" in given or "F" in given
        if not follow or (code and "F" not in given):
            return Exit(code)
        ctx.process.follows = True
        return Forever()

    def resume(self, ctx: Context, wake: Wake) -> Wait:
        """More input, more of a file, or more memory."""
        files = ctx.process.state["files"]
        return self._follow(ctx) if files else self._from_input(ctx)

    def _greed(self, ctx: Context) -> Wait:
        ctx.linux.memory.take(ctx.process, GREED)
        ctx.linux.memory.grow(ctx.process, GREED, GREED_MS, ENDLESS)
        return Forever()

    def _from_input(self, ctx: Context) -> Wait:
        state = ctx.process.state
        while (text := ctx.read(0)) is not None:
            if text == "":
                return Read(0)
            state["text"] += text
        ctx.out(last_of(state["text"], state["given"]))
        return Exit(0)

    def _first(self, ctx: Context, given: dict[str, str], files: list[str]) -> int:
        code = 0
        for here, path in enumerate(files):
            try:
                text = ctx.files.read(path)
            except OSError as error:
                ctx.err(refusal(ctx, "tail", path, error) if ctx.busybox else f"tail: cannot open '{path}' for reading: {error.strerror}\n")
                code = 1
                continue
            if len(files) > 1:
                ctx.out(("\n" if here else "") + f"==> {path} <==\n")
            ctx.out(last_of(text, given))
            ctx.process.state["seen"][path] = len(text)
        return code

    def _follow(self, ctx: Context) -> Wait:
        seen = ctx.process.state["seen"]
        for path in ctx.process.state["files"]:
            if not ctx.files.is_file(path):
                continue
            text = ctx.files.read(path)
            before = seen.get(path, 0)
            if len(text) != before:
                ctx.out(text[before:] if len(text) > before else text)
                seen[path] = len(text)
        return Forever()


def last_of(text: str, given: dict[str, str]) -> str:
    """What tail shows of a text."""
    if "c" in given:
        count = given["c"]
        return text[integer(count) - 1 :] if count.startswith("+") else text[-integer(count.lstrip("-")) :]
    count = given.get("n") or "10"
    lines = lines_of(text)
    if count.startswith("+"):
        return "".join(lines[max(0, integer(count) - 1) :])
    wanted = integer(count.lstrip("-"))
    return "".join(lines[-wanted:]) if wanted else ""
