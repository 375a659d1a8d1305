"""tr: one letter for another.

Upstream: tr(1). Left out: -c with ranges of classes.
"""

from __future__ import annotations

from podlab.sim.linux.tool import Feed, Filter
from podlab.sim.linux.types import Context
from podlab.sim.shell.printing import options, unescape

CLASSES = {
    "[:upper:]": "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "[:lower:]": "abcdefghijklmnopqrstuvwxyz",
    "[:digit:]": "0123456789",
    "[:space:]": " \t\n\r",
    "[:alpha:]": "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
}


class Tr(Filter):
    """`tr [-d] [-s] SET1 [SET2]`."""

    def begin(self, ctx: Context, feed: Feed, args: list[str]) -> int | None:
        """The sets."""
        feed.options, feed.held = options(args)
        if not feed.held:
            ctx.err("tr: missing operand\n")
            return 1
        return None

    def line(self, ctx: Context, feed: Feed, text: str) -> bool:
        """The line, translated."""
        first = letters(feed.held[0])
        if "d" in feed.options:
            ctx.out("".join(each for each in text if (each in first) == ("c" in feed.options)))
            return True
        second = letters(feed.held[1]) if len(feed.held) > 1 else first
        table = {each: second[min(here, len(second) - 1)] for here, each in enumerate(first)}
        out = ""
        for each in text:
            new = table.get(each, each) if "c" not in feed.options else each if each in first else second[-1]
            if "s" not in feed.options or not out.endswith(new) or new not in second:
                out += new
        ctx.out(out)
        return True


def letters(text: str) -> str:
    """The letters of a set: classes, ranges, escapes."""
    for name, members in CLASSES.items():
        text = text.replace(name, members)
    text = unescape(text)
    out, here = "", 0
    while here < len(text):
        if text[here + 1 : here + 2] == "-" and here + 2 < len(text):
            out += "".join(map(chr, range(ord(text[here]), ord(text[here + 2]) + 1)))
            here += 3
        else:
            out += text[here]
            here += 1
    return out
