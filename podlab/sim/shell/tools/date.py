"""date: the virtual clock.

Upstream: date(1). Left out: setting it, -d.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from podlab.sim.linux.tool import Tool
from podlab.sim.linux.types import Context

FORMAT = "%a %b %e %H:%M:%S UTC %Y"


class Date(Tool):
    """`date [-u] [-I] [+FORMAT]`."""

    def run(self, ctx: Context, args: list[str]) -> int:
        """Print it."""
        ms = ctx.world.state.zero_ms + ctx.world.now
        at = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=ms)
        form = next((each[1:] for each in args if each.startswith("+")), FORMAT if ctx.busybox else "%a %b %e %H:%M:%S UTC %Y")
        if any(each.startswith(("-I", "--iso")) for each in args):
            form = "%Y-%m-%dT%H:%M:%S+00:00" if any("s" in each[2:] for each in args) else "%Y-%m-%d"
        form = (
            form.replace("%s", str(ms // 1000)).replace("%N", f"{ms % 1000:03d}000000").replace("%e", f"{at.day:>2}").replace("%Z", "UTC")
        )
        ctx.out(at.strftime(form) + "\n")
        return 0
