"""nslookup: asks the name server.

Upstream: BusyBox nslookup: 1.28 (by the C library, search domains and all) and newer (each full name by itself); bind's on machines.
Left out: types other than A and AAAA (of which there are none), interactive use.
"""

from __future__ import annotations

from podlab.sim.images.busybox import OLD
from podlab.sim.linux.tool import Tool
from podlab.sim.linux.types import Context, Exit, Sleep, Wait, Wake
from podlab.sim.network.dns import Resolver

TIMEOUT_MS = 10_000
QUERY_MS = 5


class Nslookup(Tool):
    """`nslookup NAME [SERVER]`; exit code 1 when there is no such name."""

    def start(self, ctx: Context) -> Wait:
        """Ask; the answer takes a moment, a dead server a while."""
        names = [each for each in ctx.process.argv[1:] if not each.startswith("-")]
        if not names:
            ctx.err("Usage: nslookup HOST [DNS_SERVER]\n")
            return Exit(1)
        resolver = ctx.network.resolver(ctx.host)
        if len(names) > 1:
            resolver.servers = ctx.network.resolve(ctx.host, names[1]).addresses or [names[1]]
        dead = ctx.network.ask(ctx.host, resolver, "cluster.local").error in ("timeout", "refused")
        ctx.process.state["name"], ctx.process.state["servers"] = names[0], resolver.servers
        return Sleep(TIMEOUT_MS if dead else QUERY_MS)

    def resume(self, ctx: Context, wake: Wake) -> Wait:
        """Print the answer."""
        resolver, name = ctx.network.resolver(ctx.host), ctx.process.state["name"]
        resolver.servers = ctx.process.state["servers"] or ["127.0.0.1"]
        if ctx.network.ask(ctx.host, resolver, "cluster.local").error in ("timeout", "refused"):
            return Exit(self._dead(ctx, resolver, name))
        old = ctx.busybox and ctx.host.image.rpartition(":")[2] in OLD
        return Exit(self._old(ctx, resolver, name) if old else self._new(ctx, resolver, name))

    @staticmethod
    def _dead(ctx: Context, resolver: Resolver, name: str) -> int:
        if ctx.busybox and ctx.host.image.rpartition(":")[2] in OLD:
            ctx.out(f"Server:    {resolver.servers[0]}\nAddress 1: {resolver.servers[0]}\n\n")
            ctx.err(f"nslookup: can't resolve '{name}'\n")
        else:
            ctx.out(";; connection timed out; no servers could be reached\n\n")
        return 1

    def _old(self, ctx: Context, resolver: Resolver, name: str) -> int:
        server = resolver.servers[0]
        ctx.out(f"Server:    {server}\nAddress 1: {server}{self._reverse(ctx, server)}\n\n")
        for each in resolver.candidates(name):
            answer = ctx.network.ask(ctx.host, resolver, each)
            if answer.addresses:
                ctx.out(
                    f"Name:      {name}\n"
                    + "".join(
                        f"Address {here}: {address}{self._reverse(ctx, address)}\n" for here, address in enumerate(answer.addresses, 1)
                    )
                )
                return 0
        ctx.err(f"nslookup: can't resolve '{name}'\n")
        return 1

    @staticmethod
    def _reverse(ctx: Context, address: str) -> str:
        found = ctx.network.proxy.find(address, 0)
        if found is None:
            return ""
        meta = found[0]["metadata"]
        return f" {meta['name']}.{meta['namespace']}.svc.cluster.local"

    def _new(self, ctx: Context, resolver: Resolver, name: str) -> int:
        server, code = resolver.servers[0], 0
        ctx.out(f"Server:\t\t{server}\nAddress:\t{server}{':53' if ctx.busybox else '#53'}\n\n")
        for each in resolver.candidates(name):
            answer = ctx.network.ask(ctx.host, resolver, each)
            if answer.addresses and not ctx.busybox:
                ctx.out("".join(f"Name:\t{each}\nAddress: {address}\n" for address in answer.addresses) + "\n")
                return 0
            if answer.addresses:
                ctx.out("".join(f"Name:\t{each}\nAddress: {address}\n" for address in answer.addresses) + "\n\n")
            elif answer.error == "NOERROR":
                ctx.out(f"*** Can't find {each}: No answer\n\n")
                code = 1
            elif ctx.busybox:
                ctx.out(f"** server can't find {each}: NXDOMAIN\n\n" * 2)
                code = 1
        if not ctx.busybox:
            ctx.out(f"** server can't find {name}: NXDOMAIN\n\n")
            code = 1
        return code
