"""sed: edits lines.

Upstream: sed(1). Left out: hold space, labels, a, i, c, r, w.
"""

from __future__ import annotations

import re

from msgspec import Struct

from podlab.sim.linux.tool import Feed, Filter
from podlab.sim.linux.types import Context
from podlab.sim.shell.patterns import BadPattern, compile_pattern

COMMAND = re.compile(r"\s*(?:(\d+|\$|/(?:\\.|[^/])*/)(?:,(\d+|\$|/(?:\\.|[^/])*/))?)?\s*(!?)\s*([a-zA-Z=])")


class Edit(Struct, frozen=True):
    """One command: its addresses, its letter, and of `s` the pattern, what replaces it, and the flags."""

    first: str
    last: str
    negated: bool
    letter: str
    pattern: str = ""
    new: str = ""
    flags: str = ""


class BadScript(ValueError):
    """The script cannot be read."""


def parse(text: str) -> list[Edit]:
    """The commands of a script; BadScript."""
    edits = []
    while (text := text.lstrip(" \t\n;")) != "":
        match = COMMAND.match(text)
        if match is None:
            raise BadScript(f"unsupported command {text[0]}")
        first, last, negated, letter = match[1] or "", match[2] or "", bool(match[3]), match[4]
        text = text[match.end() :]
        if letter == "s":
            pattern, new, flags, text = _substitution(text)
            edits.append(Edit(first, last, negated, letter, pattern, new, flags))
        elif letter in "pdq=":
            edits.append(Edit(first, last, negated, letter))
        else:
            raise BadScript(f"not supported in this lab: {letter}")
    return edits


def _substitution(text: str) -> tuple[str, str, str, str]:
    mark = text[:1]
    parts: list[str] = []
    part, here = "", 1
    while here < len(text) and len(parts) < 2:
        if text[here] == "\\" and here + 1 < len(text):
            part += mark if text[here + 1] == mark else text[here : here + 2]
            here += 2
            continue
        if text[here] == mark:
            parts.append(part)
            part = ""
        else:
            part += text[here]
        here += 1
    if len(parts) < 2 or not mark:
        raise BadScript("unterminated `s' command")
    flags = re.match(r"[gipI0-9]*", text[here:])[0]  # type: ignore[index]
    return parts[0], parts[1], flags, text[here + len(flags) :]


class Sed(Filter):
    """`sed [-nE] [-i] [-e] SCRIPT [FILE…]`."""

    def begin(self, ctx: Context, feed: Feed, args: list[str]) -> int | None:
        """The script and the files."""
        scripts, words = [], list(args)
        while words:
            word = words.pop(0)
            if word in ("-e", "--expression") and words:
                scripts.append(words.pop(0))
            elif word.startswith("-") and len(word) > 1:
                feed.options |= dict.fromkeys(word[1:].split(".")[0], "")
            else:
                feed.files.append(word)
        if not scripts and feed.files:
            scripts.append(feed.files.pop(0))
        feed.options["script"] = "\n".join(scripts)
        feed.notes["line"] = 0
        try:
            for edit in parse(feed.options["script"]):
                compile_pattern(edit.pattern, extended="E" in feed.options or "r" in feed.options)
        except (BadScript, BadPattern) as error:
            ctx.err(f"sed: {error}\n" if ctx.busybox else f"sed: -e expression #1, char 1: {error}\n")
            return 1
        return None

    def line(self, ctx: Context, feed: Feed, text: str) -> bool:
        """One line is held back, for `$` is known only at the end."""
        feed.held.append(text)
        if len(feed.held) > 1:
            return self._edit(ctx, feed, feed.held.pop(0), last=False)
        return True

    def file_end(self, ctx: Context, feed: Feed) -> None:
        """With -i the file is written."""
        if "i" in feed.options:
            self._last(ctx, feed)
            ctx.files.write(feed.name, feed.options.pop("out", ""))
            feed.notes["line"] = 0

    def end(self, ctx: Context, feed: Feed) -> int:
        """The last line."""
        self._last(ctx, feed)
        return feed.code

    def _last(self, ctx: Context, feed: Feed) -> None:
        if feed.held and not feed.notes.get("quit"):
            self._edit(ctx, feed, feed.held.pop(0), last=True)

    def _put(self, ctx: Context, feed: Feed, text: str) -> None:
        if "i" in feed.options:
            feed.options["out"] = feed.options.get("out", "") + text
        else:
            ctx.out(text)

    def _edit(self, ctx: Context, feed: Feed, text: str, *, last: bool) -> bool:
        feed.notes["line"] += 1
        line, end = text.removesuffix("\n"), "\n" if text.endswith("\n") else ""
        extended = "E" in feed.options or "r" in feed.options
        for here, edit in enumerate(parse(feed.options["script"])):
            if self._meant(feed, here, edit, line, last, extended) == edit.negated:
                continue
            if edit.letter == "d":
                return True
            if edit.letter == "s":
                line, changed = substitute(edit, line, extended)
                if changed and "p" in edit.flags:
                    self._put(ctx, feed, line + end)
            elif edit.letter in "p=":
                self._put(ctx, feed, line + end if edit.letter == "p" else f"{feed.notes['line']}\n")
            elif edit.letter == "q":
                feed.notes["quit"] = 1
                break
        if "n" not in feed.options:
            self._put(ctx, feed, line + end)
        return not feed.notes.get("quit")

    def _meant(self, feed: Feed, here: int, edit: Edit, line: str, last: bool, extended: bool) -> bool:
        if not edit.last:
            return not edit.first or _at(edit.first, feed.notes["line"], line, last, extended)
        inside = f"range{here}"
        if not feed.notes.get(inside):
            feed.notes[inside] = int(_at(edit.first, feed.notes["line"], line, last, extended))
            if feed.notes[inside] and edit.last.isdecimal() and int(edit.last) <= feed.notes["line"]:
                feed.notes[inside] = 0
                return True
            return bool(feed.notes[inside])
        if _at(edit.last, feed.notes["line"], line, last, extended):
            feed.notes[inside] = 0
        return True


def _at(address: str, number: int, line: str, last: bool, extended: bool) -> bool:
    if address == "$":
        return last
    if address.isdecimal():
        return number == int(address)
    return compile_pattern(address[1:-1], extended=extended).search(line) is not None


def substitute(edit: Edit, line: str, extended: bool) -> tuple[str, bool]:
    """The line after an `s`, and whether it changed."""
    pattern = compile_pattern(edit.pattern, extended=extended, fold="i" in edit.flags or "I" in edit.flags)

    def new(match: re.Match[str]) -> str:
        return re.sub(
            r"\\(\d)|\\(.)|&",
            lambda each: (match[int(each[1])] or "") if each[1] else {"n": "\n", "t": "\t"}.get(each[2], each[2]) if each[2] else match[0],
            edit.new,
        )

    out, count = pattern.subn(new, line, count=0 if "g" in edit.flags else 1)
    return out, count > 0
