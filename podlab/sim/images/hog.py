"""hog: what the faults `memory-pressure`, `disk-pressure` and `pid-pressure` run on a node: it takes memory, fills a file, or multiplies.

`hog memory BYTES SECONDS` holds so much for so long (0: until it is ended); `hog disk BYTES` fills /var/log/hog.log and stays;
`hog pids COUNT` is so many processes.

Upstream: none. Left out: nothing.
"""

from __future__ import annotations

from podlab.sim.linux.sizes import zeros
from podlab.sim.linux.tool import UsageError, integer
from podlab.sim.linux.types import Context, Exit, Forever, Program, Sleep, Wait, Wake

FILE = "/var/log/hog.log"


class Hog:
    """Takes what it is told to."""

    handles = frozenset({"TERM"})

    def start(self, ctx: Context) -> Wait:
        """Take it."""
        what, amount, *rest = ctx.process.argv[1:] if len(ctx.process.argv) > 2 else ("", "")
        if what not in ("memory", "disk", "pids"):
            raise UsageError("usage: hog memory BYTES [SECONDS] | hog disk BYTES | hog pids COUNT")
        if what == "pids":
            for _ in range(1, integer(amount)):
                ctx.spawn(["hog", "pids", "1"])
            return Forever()
        if what == "disk":
            ctx.files.write(FILE, zeros(integer(amount)))
            return Forever()
        ctx.linux.memory.take(ctx.process, integer(amount))
        seconds = integer(rest[0]) if rest else 0
        return Sleep(1000 * seconds) if seconds else Forever()

    def resume(self, ctx: Context, wake: Wake) -> Wait:
        """Its time is over; or it was ended."""
        if ctx.process.argv[1] == "disk" and ctx.files.is_file(FILE):
            ctx.files.remove(FILE)
        return Exit(0)


PROGRAMS: dict[str, Program] = {"hog": Hog()}
