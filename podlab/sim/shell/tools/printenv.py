"""printenv: values of the environment.

Upstream: printenv(1). Left out: -0.
"""

from __future__ import annotations

from podlab.sim.linux.tool import Tool
from podlab.sim.linux.types import Context


class Printenv(Tool):
    """`printenv [NAME…]`."""

    def run(self, ctx: Context, args: list[str]) -> int:
        """Print them; 1 when one is missing."""
        env = ctx.process.env
        if not args:
            ctx.out("".join(f"{name}={value}\n" for name, value in env.items()))
        ctx.out("".join(env[name] + "\n" for name in args if name in env))
        return int(any(name not in env for name in args))
