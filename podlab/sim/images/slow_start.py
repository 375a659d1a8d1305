"""podlab/slow-start, also `myapp`: boots like a JVM, for a long time and with all the CPU that it gets.

BOOT (30), or BOOT_MIN and BOOT_MAX: seconds of boot with a whole CPU (a CPU limit below 1 stretches it) · PORT (8080) · HANG_AT: the age in
seconds from which on it accepts and never answers · STOP (1). /healthz answers 200 once it has booted.

Upstream: none. Left out: nothing.
"""

from __future__ import annotations

from podlab.sim.images import own, settings
from podlab.sim.images.server import Server, age
from podlab.sim.linux.types import Context, HttpRequest, HttpResponse, Wait

CPU = 1000


class SlowStart(Server):
    """`/slow-start`."""

    def start(self, ctx: Context) -> Wait:
        """The first words of a boot."""
        ctx.out("starting, this takes a while\n")
        return super().start(ctx)

    def boot_ms(self, ctx: Context) -> int:
        """Drawn between two bounds where there are any; longer where the CPU is throttled."""
        least, most = settings.milliseconds(ctx, "BOOT_MIN"), settings.milliseconds(ctx, "BOOT_MAX")
        boot = settings.milliseconds(ctx, "BOOT", "30")
        if most > least:
            boot = least + ctx.world.draw("boot", ctx.host.name) % ((most - least) // 1000 + 1) * 1000
        limit = ctx.host.cpu_limit
        return boot * CPU // limit if 0 < limit < CPU else boot

    def stop_ms(self, ctx: Context) -> int:
        """One second, unless told otherwise."""
        return settings.milliseconds(ctx, "STOP", "1")

    def ages(self, ctx: Context) -> list[int]:
        """When it hangs."""
        return [settings.milliseconds(ctx, "HANG_AT")]

    def opened(self, ctx: Context) -> None:
        """It has booted."""
        ctx.out(f"started in {age(ctx) // 1000} seconds\n")

    def serve(self, ctx: Context, port: int, request: HttpRequest) -> HttpResponse:
        """Its health, and its name."""
        hangs, path = settings.milliseconds(ctx, "HANG_AT"), request.path.partition("?")[0]
        if hangs and age(ctx) >= hangs:
            return HttpResponse(200, hang=True)
        known = {"/healthz": "ok\n", "/": f"{ctx.host.hostname}\n", "/hostname": f"{ctx.host.hostname}\n"}
        return HttpResponse(200, known[path]) if path in known else HttpResponse(404, "not found\n")


IMAGES = (own.image("podlab/slow-start", "slow-start", 210_000_000), own.image("myapp", "slow-start", 210_000_000))
PROGRAMS = own.programs(slow_start=SlowStart())
