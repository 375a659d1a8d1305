"""column: a table.

Upstream: column(1). Left out: everything but -t.
"""

from __future__ import annotations

from podlab.sim.linux.tool import Feed, Filter
from podlab.sim.linux.types import Context
from podlab.sim.shell.printing import options


class Column(Filter):
    """`column -t [-s C]`."""

    def begin(self, ctx: Context, feed: Feed, args: list[str]) -> int | None:
        """How fields are told apart."""
        feed.options, feed.files = options(args, "s")
        return None

    def line(self, ctx: Context, feed: Feed, text: str) -> bool:
        """Keep it."""
        feed.held.append(text.removesuffix("\n"))
        return True

    def end(self, ctx: Context, feed: Feed) -> int:
        """All rows, their cells two blanks apart."""
        rows = [line.split(feed.options.get("s") or None) for line in feed.held if line.strip()]
        widths = [max(len(row[here]) for row in rows if here < len(row)) for here in range(max(map(len, rows), default=0))]
        for row in rows:
            cells = [cell.ljust(widths[here]) if here + 1 < len(row) else cell for here, cell in enumerate(row)]
            ctx.out("  ".join(cells) + "\n")
        return feed.code
