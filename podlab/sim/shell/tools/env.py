"""env: the environment.

Upstream: env(1). Left out: -u.
"""

from __future__ import annotations

from podlab.sim.linux.tool import Tool
from podlab.sim.linux.types import Context, Exit, Wait


class Env(Tool):
    """`env [-i] [NAME=VALUE…] [COMMAND…]`."""

    def start(self, ctx: Context) -> Wait:
        """Print it, or run a command in it."""
        args, env = ctx.process.argv[1:], dict(ctx.process.env)
        if args[:1] == ["-i"]:
            args, env = args[1:], {}
        while args and "=" in args[0]:
            name, _, value = args.pop(0).partition("=")
            env[name] = value
        if not args:
            ctx.out("".join(f"{name}={value}\n" for name, value in env.items()))
            return Exit(0)
        ctx.process.env = env
        try:
            return ctx.exec(args)
        except OSError as error:
            ctx.err(
                f"env: can't execute '{args[0]}': No such file or directory\n"
                if ctx.busybox
                else f"env: '{args[0]}': No such file or directory\n"
            )
            return Exit(127 if isinstance(error, FileNotFoundError) else 126)
