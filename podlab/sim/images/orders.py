"""podlab/orders: takes orders; told to end, it takes no more and flushes those that it has.

PORT (8080) · FLUSH (6): seconds from SIGTERM to its end. GET / and /healthz answer 200, and 503 while it ends.

Upstream: none. Left out: nothing.
"""

from __future__ import annotations

from podlab.sim.images import own, settings
from podlab.sim.images.server import Server
from podlab.sim.linux.types import Context, HttpRequest, HttpResponse


class Orders(Server):
    """`/orders`."""

    def stop_ms(self, ctx: Context) -> int:
        """What flushing takes."""
        return settings.milliseconds(ctx, "FLUSH", "6")

    def ending(self, ctx: Context) -> None:
        """The first word after SIGTERM."""
        ctx.out(f"flushing {ctx.process.state.get('orders', 0)} orders\n")

    def ended(self, ctx: Context) -> None:
        """The last word."""
        ctx.out("flushed\n")

    def serve(self, ctx: Context, port: int, request: HttpRequest) -> HttpResponse:
        """An order is taken, or refused."""
        if self.is_ending(ctx):
            return HttpResponse(503, "going away\n")
        if request.path.partition("?")[0] == "/healthz":
            return HttpResponse(200, "ok\n")
        ctx.process.state["orders"] = ctx.process.state.get("orders", 0) + 1
        return HttpResponse(200, f"order {ctx.process.state['orders']} taken by {ctx.host.hostname}\n")


IMAGES = (own.image("podlab/orders", "orders", 8_300_000),)
PROGRAMS = own.programs(orders=Orders())
