"""cut: pieces of each line.

Upstream: cut(1). Left out: --complement.
"""

from __future__ import annotations

from podlab.sim.linux.tool import Feed, Filter, integer
from podlab.sim.linux.types import Context
from podlab.sim.shell.printing import options


class Cut(Filter):
    """`cut -d C -f LIST`, `cut -c LIST`."""

    def begin(self, ctx: Context, feed: Feed, args: list[str]) -> int | None:
        """Which pieces."""
        feed.options, feed.files = options(args, "dfcb")
        if not {"f", "c", "b"} & set(feed.options):
            ctx.err(
                "cut: expected a list of bytes, characters, or fields\n"
                if ctx.busybox
                else "cut: you must specify a list of bytes, characters, or fields\n"
            )
            return 1
        return None

    def line(self, ctx: Context, feed: Feed, text: str) -> bool:
        """Its pieces."""
        line, given = text.removesuffix("\n"), feed.options
        if "f" not in given:
            ctx.out("".join(pick(list(line), given.get("c") or given["b"])) + "\n")
            return True
        mark = given.get("d", "\t")
        if mark in line:
            ctx.out(mark.join(pick(line.split(mark), given["f"])) + "\n")
        elif "s" not in given:
            ctx.out(line + "\n")
        return True


def pick(items: list[str], wanted: str) -> list[str]:
    """The items that a list like `1,3-5,7-` names, in their own order."""
    keep: set[int] = set()
    for piece in wanted.split(","):
        first, dash, last = piece.partition("-")
        start = integer(first or "1")
        keep |= set(range(start, (integer(last) if last else len(items)) + 1)) if dash else {start}
    return [item for number, item in enumerate(items, 1) if number in keep]
