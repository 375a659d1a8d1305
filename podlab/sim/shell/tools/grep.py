"""grep: lines that match.

Upstream: grep(1). Left out: -P, --include, colours.
"""

from __future__ import annotations

import re

from podlab.sim.linux.tool import Feed, Filter, integer
from podlab.sim.linux.types import Context
from podlab.sim.shell.patterns import BadPattern, compile_pattern
from podlab.sim.shell.printing import options


class Grep(Filter):
    """`grep [-EFivcnqolhwxrs] [-A N] [-B N] [-C N] [-m N] [-e] PATTERN [FILE…]`; exit code 0: found, 1: not, 2: trouble."""

    def begin(self, ctx: Context, feed: Feed, args: list[str]) -> int | None:
        """The pattern and the files."""
        args = [f"-C{each[1:]}" if re.fullmatch(r"-\d+", each) else each for each in args]
        patterns, args = _patterns(args)
        feed.options, words = options(args, "ABCm")
        if not patterns and not words:
            ctx.err(
                "BusyBox v1.36.1 multi-call binary.\n\nUsage: grep [-HhnlLoqvsrRiwFE] [-m N] [-A|B|C N] { PATTERN | -e PATTERN... } [FILE]...\n"
                if ctx.busybox
                else "Usage: grep [OPTION]... PATTERNS [FILE]...\nTry 'grep --help' for more information.\n"
            )
            return 2
        if ctx.process.argv[0].endswith("egrep"):
            feed.options["E"] = ""
        feed.options["pattern"] = "\n".join(patterns) if patterns else words.pop(0)
        if "r" in feed.options or "R" in feed.options:
            words = [path for each in words or ["."] for path in ctx.files.walk(each) if not ctx.files.is_dir(path)]
        feed.files, feed.notes["files"] = words, len(words)
        feed.notes |= {"number": 0, "count": 0, "after": 0, "shown": 0, "found": 0}
        try:
            _matcher(feed)
        except BadPattern as error:
            ctx.err(f"grep: bad regex '{feed.options['pattern']}': {error}\n" if ctx.busybox else f"grep: {error}\n")
            return 2
        return None

    def line(self, ctx: Context, feed: Feed, text: str) -> bool:
        """Show it, or the lines around one that matches."""
        given, notes, line = feed.options, feed.notes, text.removesuffix("\n")
        notes["number"] += 1
        found = [match for each in _matcher(feed) if (match := each.search(line))]
        if bool(found) == ("v" in given):
            self._context(ctx, feed, line)
            return True
        notes["count"] += 1
        notes["found"] = 1
        if "q" in given:
            return False
        if "l" not in given and "c" not in given:
            self._show(ctx, feed, line, _matcher(feed))
        return "m" not in given or notes["count"] < integer(given["m"])

    def _context(self, ctx: Context, feed: Feed, line: str) -> None:
        if feed.notes["after"] > 0:
            feed.notes["after"] -= 1
            self._print(ctx, feed, line, "-", feed.notes["number"])
            return
        before = integer(feed.options.get("B") or feed.options.get("C") or "0")
        feed.held = [*feed.held, line][-before:] if before else []

    def _show(self, ctx: Context, feed: Feed, line: str, patterns: list[re.Pattern[str]]) -> None:
        given, number = feed.options, feed.notes["number"]
        first = number - len(feed.held)
        if {"A", "B", "C"} & set(given) and feed.notes["shown"] and first > feed.notes["shown"] + 1:
            ctx.out("--\n")
        for here, each in enumerate(feed.held):
            self._print(ctx, feed, each, "-", first + here)
        feed.held = []
        if "o" in given:
            for match in patterns[0].finditer(line):
                self._print(ctx, feed, match[0], ":", number)
        else:
            self._print(ctx, feed, line, ":", number)
        feed.notes["after"] = integer(given.get("A") or given.get("C") or "0")

    def _print(self, ctx: Context, feed: Feed, line: str, mark: str, number: int) -> None:
        feed.notes["shown"] = number
        ctx.out(self._name(feed, mark) + (f"{number}{mark}" if "n" in feed.options else "") + line + "\n")

    def _name(self, feed: Feed, mark: str) -> str:
        named = (feed.notes["files"] > 1 or "H" in feed.options) and "h" not in feed.options
        return f"{'(standard input)' if feed.name == '-' else feed.name}{mark}" if named else ""

    def file_end(self, ctx: Context, feed: Feed) -> None:
        """The count, or the name, of one file."""
        if "c" in feed.options:
            ctx.out(f"{self._name(feed, ':')}{feed.notes['count']}\n")
        elif "l" in feed.options and feed.notes["count"]:
            ctx.out(f"{feed.name}\n")
        feed.notes |= {"number": 0, "count": 0, "after": 0, "shown": 0}
        feed.held = []

    def end(self, ctx: Context, feed: Feed) -> int:
        """Whether something was found."""
        if feed.code and not ("q" in feed.options and feed.notes["found"]):
            return 2
        return 0 if feed.notes["found"] else 1


def _patterns(args: list[str]) -> tuple[list[str], list[str]]:
    """The values of `-e`, and the other arguments."""
    patterns, rest = [], []
    words = list(args)
    while words:
        word = words.pop(0)
        if word == "-e" and words:
            patterns.append(words.pop(0))
        else:
            rest.append(word)
    return patterns, rest


def _matcher(feed: Feed) -> list[re.Pattern[str]]:
    given = feed.options
    out = []
    for text in given["pattern"].split("\n"):
        fold = "i" in given or "y" in given
        pattern = (
            compile_pattern(re.escape(text), extended=True, fold=fold)
            if "F" in given
            else compile_pattern(text, extended="E" in given, fold=fold)
        )
        source = f"^(?:{pattern.pattern})$" if "x" in given else rf"(?<!\w)(?:{pattern.pattern})(?!\w)" if "w" in given else pattern.pattern
        out.append(re.compile(source, pattern.flags))
    return out
