"""true: succeeds.

Upstream: true(1). Left out: nothing.
"""

from __future__ import annotations

from podlab.sim.linux.tool import Tool
from podlab.sim.linux.types import Context


class Constant(Tool):
    """`true` and `false`: end with a code, whatever they are given."""

    def __init__(self, code: int) -> None:
        self.code = code

    def run(self, ctx: Context, args: list[str]) -> int:
        """End."""
        return self.code
