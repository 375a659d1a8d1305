"""ping: does a machine answer?

Upstream: BusyBox ping. Left out: sizes, time to live.
"""

from __future__ import annotations

from podlab.sim.linux.tool import Tool, integer
from podlab.sim.linux.types import Context, Exit, Sleep, Wait, Wake
from podlab.sim.shell.printing import options

EVERY_MS = 1000
LAST_S = 10
"""How long the last answer is waited for, unless `-W` says otherwise."""


class Ping(Tool):
    """`ping [-c N] [-W S] [-w S] HOST`."""

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
        end = ctx.world.now + 1000 * integer(given["w"]) if "w" in given else 0
        ctx.process.state |= {"host": hosts[0], "address": found[0], "left": integer(given.get("c", "0")) or -1, "sent": 0, "heard": 0}
        ctx.process.state |= {"last": integer(given["W"]) if "W" in given else LAST_S, "end": end}
        ctx.out(f"PING {hosts[0]} ({found[0]}): 56 data bytes\n")
        return self._one(ctx)

    def resume(self, ctx: Context, wake: Wake) -> Wait:
        """The next one; Ctrl-C and the deadline end it with the summary."""
        state = ctx.process.state
        over = wake.why == "signal" or state["left"] == 0 or 0 < state["end"] <= ctx.world.now
        return self._summary(ctx) if over else self._one(ctx)

    def _one(self, ctx: Context) -> Wait:
        state = ctx.process.state
        heard = ctx.network.pings(ctx.host, state["address"])
        if heard:
            ctx.out(f"64 bytes from {state['address']}: seq={state['sent']} ttl=64 time=0.100 ms\n")
            state["heard"] += 1
        state["sent"] += 1
        state["left"] -= 1
        if heard and not state["left"]:
            return self._summary(ctx)
        wait = EVERY_MS if state["left"] else 1000 * state["last"]
        return Sleep(min(wait, state["end"] - ctx.world.now) if state["end"] else wait)

    def _summary(self, ctx: Context) -> Wait:
        state = ctx.process.state
        lost = 100 * (state["sent"] - state["heard"]) // max(1, state["sent"])
        ctx.out(
            f"\n--- {state['host']} ping statistics ---\n{state['sent']} packets transmitted, {state['heard']} packets received, {lost}% packet loss\n"
        )
        if state["heard"]:
            ctx.out("round-trip min/avg/max = 0.100/0.100/0.100 ms\n")
        return Exit(0 if state["heard"] else 1)
