"""seq: numbers in a row.

Upstream: seq(1). Left out: fractions, -f.
"""

from __future__ import annotations

from podlab.sim.linux.tool import Tool
from podlab.sim.linux.types import Context

MOST = 100_000


class Seq(Tool):
    """`seq [-s SEPARATOR] [FIRST [STEP]] LAST`."""

    def run(self, ctx: Context, args: list[str]) -> int:
        """Print them."""
        mark = "\n"
        if args and args[0].startswith("-s"):
            mark, args = (args[0][2:], args[1:]) if args[0][2:] else ("".join(args[1:2]), args[2:])
        if not args or len(args) > 3 or not all(each.lstrip("-").isdecimal() for each in args):
            ctx.err(f"seq: invalid number '{args[0]}'\n" if args else "seq: missing operand\n")
            return 1
        numbers = [int(each) for each in args]
        first = numbers[0] if len(numbers) > 1 else 1
        step = numbers[1] if len(numbers) > 2 else 1
        found = range(first, numbers[-1] + (1 if step > 0 else -1), step or 1)[:MOST]
        ctx.out(mark.join(map(str, found)) + ("\n" if found else ""))
        return 0
