"""Bases for the programs of the userland: those that end at once, and those that work line by line.

Upstream: none. Left out: nothing.
"""

from __future__ import annotations

import re

from msgspec import Struct, field

from podlab.sim.linux.types import Context, Exit, Read, Wait, Wake


class Tool:
    """A command that every image with a shell has (unless the image lacks it). Subclasses say what it does in `run`."""

    handles: frozenset[str] = frozenset()

    def start(self, ctx: Context) -> Wait:
        """Do everything at once."""
        return Exit(self.run(ctx, ctx.process.argv[1:]))

    def resume(self, ctx: Context, wake: Wake) -> Wait:
        """Tools that wait override this."""
        return Exit(0)

    def run(self, ctx: Context, args: list[str]) -> int:
        """Do it; returns the exit code."""
        raise NotImplementedError


class UsageError(Exception):
    """A program cannot make sense of what it was given; it says so in its own name and ends with 1."""


def integer(text: str) -> int:
    """A number that the learner wrote; UsageError."""
    if not re.fullmatch(r"[-+]?[0-9]{1,12}", text):
        raise UsageError(f"invalid number '{text}'")
    return int(text)


class Feed(Struct):
    """What a filter remembers: files still to read, how it ended so far, the line that is not whole yet, and what the subclass notes."""

    files: list[str] = field(default_factory=list)
    options: dict[str, str] = field(default_factory=dict)
    code: int = 0
    name: str = ""
    partial: str = ""
    notes: dict[str, int] = field(default_factory=dict)
    held: list[str] = field(default_factory=list)


class Filter(Tool):
    """A command that works through its files, or standard input as it comes, line by line."""

    def start(self, ctx: Context) -> Wait:
        """Read the arguments, then work."""
        feed = ctx.memory(Feed)
        code = self.begin(ctx, feed, ctx.process.argv[1:])
        feed.files = feed.files or ["-"]
        return Exit(code) if code is not None else self._work(ctx, feed)

    def resume(self, ctx: Context, wake: Wake) -> Wait:
        """More input has come."""
        return self._work(ctx, ctx.memory(Feed))

    def begin(self, ctx: Context, feed: Feed, args: list[str]) -> int | None:
        """Understand the arguments: files go to `feed.files`; a number ends the command with that code."""
        feed.files = [each for each in args if not each.startswith("-") or each == "-"]
        return None

    def line(self, ctx: Context, feed: Feed, text: str) -> bool:
        """One line, with its LF (the last may lack it); False: nothing more is wanted."""
        raise NotImplementedError

    def file_end(self, ctx: Context, feed: Feed) -> None:
        """A file (or standard input) has ended."""

    def end(self, ctx: Context, feed: Feed) -> int:
        """All input is done; returns the exit code."""
        return feed.code

    def _work(self, ctx: Context, feed: Feed) -> Wait:
        while feed.files:
            feed.name = feed.files[0]
            if feed.name == "-":
                done = self._standard_input(ctx, feed)
                if done is None:
                    return Read(0)
                if not done:
                    return Exit(self.end(ctx, feed))
            elif not self._file(ctx, feed):
                return Exit(self.end(ctx, feed))
            feed.files.pop(0)
        return Exit(self.end(ctx, feed))

    def _standard_input(self, ctx: Context, feed: Feed) -> bool | None:
        """True: it has ended; False: enough; None: wait for more."""
        while True:
            text = ctx.read(0)
            if text == "":
                return None
            lines = lines_of(feed.partial + (text or ""))
            feed.partial = lines.pop() if text is not None and lines and not lines[-1].endswith("\n") else ""
            for each in lines:
                if not self.line(ctx, feed, each):
                    return False
            if text is None:
                self.file_end(ctx, feed)
                return True

    def _file(self, ctx: Context, feed: Feed) -> bool:
        try:
            text = ctx.files.read(feed.name)
        except OSError as error:
            ctx.err(refusal(ctx, ctx.process.argv[0], feed.name, error))
            feed.code = max(feed.code, 1)
            return True
        for each in lines_of(text):
            if not self.line(ctx, feed, each):
                return False
        self.file_end(ctx, feed)
        return True


def lines_of(text: str) -> list[str]:
    """The lines of a text, each with its LF (the last may lack it)."""
    lines = [each + "\n" for each in text.split("\n")]
    last = lines.pop()[:-1]
    return [*lines, last] if last else lines


def refusal(ctx: Context, command: str, path: str, error: OSError) -> str:
    """How a tool says that it cannot read a file."""
    words = error.strerror or "Input/output error"
    if ctx.busybox and isinstance(error, IsADirectoryError):
        return f"{command}: read error: {words}\n"
    return f"{command}: can't open '{path}': {words}\n" if ctx.busybox else f"{command}: {path}: {words}\n"
