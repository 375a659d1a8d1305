"""dd: copies blocks.

Upstream: dd(1). Left out: skip, seek, conv.
"""

from __future__ import annotations

from podlab.sim.linux.sizes import size_of, zeros
from podlab.sim.linux.tool import Tool, integer
from podlab.sim.linux.types import Context

UNITS = {"k": 1024, "K": 1024, "M": 1024**2, "G": 1024**3, "c": 1}


def size(text: str) -> int:
    """`1M` → bytes."""
    return integer(text[:-1]) * UNITS.get(text[-1], 1) if text[-1:].isalpha() else integer(text or "0")


class Dd(Tool):
    """`dd if=/dev/zero of=FILE bs=SIZE count=N`."""

    def run(self, ctx: Context, args: list[str]) -> int:
        """Write so many zeros, or copy a file."""
        given = dict(each.partition("=")[::2] for each in args)
        block, count = size(given.get("bs", "512")), given.get("count")
        source, target = given.get("if", ""), given.get("of", "")
        if source in ("/dev/zero", "/dev/urandom", "/dev/random"):
            if count is None:
                ctx.err("dd: not supported in this lab: without count=N\n")
                return 1
            text = zeros(block * integer(count))
        else:
            try:
                text = ctx.files.read(source)
            except OSError as error:
                ctx.err(
                    f"dd: can't open '{source}': {error.strerror}\n"
                    if ctx.busybox
                    else f"dd: failed to open '{source}': {error.strerror}\n"
                )
                return 1
        room, total = ctx.files.room(target), size_of(text)
        if room is not None and room < total and text == zeros(total):
            return self._full(ctx, target, block, room)
        blocks, part = divmod(total, block)
        try:
            ctx.files.write(target, text)
        except OSError as error:
            ctx.err(
                f"dd: can't open '{target}': {error.strerror}\n"
                if error.errno != 28
                else f"dd: error writing '{target}': No space left on device\n"
            )
            return 1
        ctx.err(f"{blocks}+{int(part > 0)} records in\n{blocks}+{int(part > 0)} records out\n{_copied(total)}")
        return 0

    def _full(self, ctx: Context, target: str, block: int, room: int) -> int:
        """What fits is written; the block that does not is read all the same."""
        ctx.files.write(target, zeros(room))
        blocks, part = divmod(room, block)
        ctx.err(f"dd: error writing '{target}': No space left on device\n")
        ctx.err(f"{blocks + 1}+0 records in\n{blocks}+{int(part > 0)} records out\n{_copied(room)}")
        return 1


def _copied(total: int) -> str:
    return f"{total} bytes ({total / 1048576:.1f}MB) copied, 0.005000 seconds, {total / 5242.88:.1f}MB/s\n"
