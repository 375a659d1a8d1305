"""ping: does a machine answer?

Upstream: BusyBox ping. Left out: sizes, time to live.
"""

from __future__ import annotations

from podlab.sim.linux.tool import Tool, integer
from podlab.sim.linux.types import Context, Exit, Sleep, Wait, Wake
from podlab.sim.shell.printing import options

EVERY_MS = 1000


class Ping(Tool):
    """`ping [-c N] [-W S] HOST`."""

    handles = frozenset({"INT"})

    def start(self, ctx: Context) -> Wait:
        """Find the address."""
        given, hosts = options(ctx.process.argv[1:], "cWwi")
        if not hosts:
            ctx.err("ping: usage error: Destination address required\n")
            return Exit(1)
        found = ctx.network.resolve(ctx.host, hosts[0]).addresses
        if not found:
            ctx.err(f"ping: bad address '{hosts[0]}'\n")
            return Exit(1)
        ctx.process.state |= {"host": hosts[0], "address": found[0], "left": integer(given.get("c", "0")) or -1, "sent": 0, "heard": 0}
        ctx.out(f"PING {hosts[0]} ({found[0]}): 56 data bytes\n")
        return self._one(ctx)

    def resume(self, ctx: Context, wake: Wake) -> Wait:
        """The next one; Ctrl-C ends it with the summary."""
        return self._summary(ctx) if wake.why == "signal" or ctx.process.state["left"] == 0 else self._one(ctx)

    def _one(self, ctx: Context) -> Wait:
        state = ctx.process.state
        if ctx.network.pings(ctx.host, state["address"]):
            ctx.out(f"64 bytes from {state['address']}: seq={state['sent']} ttl=64 time=0.100 ms\n")
            state["heard"] += 1
        state["sent"] += 1
        state["left"] -= 1
        return Sleep(EVERY_MS) if state["left"] else self._summary(ctx)

    def _summary(self, ctx: Context) -> Wait:
        state = ctx.process.state
        lost = 100 * (state["sent"] - state["heard"]) // max(1, state["sent"])
        ctx.out(
            f"\n--- {state['host']} ping statistics ---\n{state['sent']} packets transmitted, {state['heard']} packets received, {lost}% packet loss\n"
        )
        if state["heard"]:
            ctx.out("round-trip min/avg/max = 0.100/0.100/0.100 ms\n")
        return Exit(0 if state["heard"] else 1)
