"""podlab/mem: takes memory, at once and by and by, and heeds no SIGTERM.

MEM_START (0), MEM_RATE (0) a second from MEM_AFTER (0) seconds on, up to MEM_MAX · PORT: listens there; /load takes MEM_PEAK for
PEAK_SECONDS (10) · amounts like 64Mi. An evicted one must be killed: Failed, Evicted.

Upstream: none. Left out: nothing.
"""

from __future__ import annotations

from podlab.sim.images import own, settings
from podlab.sim.linux.types import Context, Exit, Forever, HttpRequest, HttpResponse, Sleep, Wait, Wake

STEP_MS = 1000


class Mem:
    """`/mem`."""

    handles: frozenset[str] = frozenset()

    def start(self, ctx: Context) -> Wait:
        """Take the first of it, and listen if it is to."""
        first = settings.memory(ctx, "MEM_START")
        ctx.out(f"taking {first // 1024**2}Mi\n")
        ctx.linux.memory.take(ctx.process, first)
        port = settings.number(ctx, "PORT", 0)
        if port and not ctx.listen(port):
            ctx.err(f"mem: listen on port {port}: address already in use\n")
            return Exit(1)
        wait = settings.milliseconds(ctx, "MEM_AFTER")
        return Sleep(wait) if wait else self._grow(ctx)

    def resume(self, ctx: Context, wake: Wake) -> Wait:
        """The time to grow has come; or a load is over."""
        if ctx.process.state.pop("loaded", False):
            ctx.out("load done\n")
            ctx.linux.memory.take(ctx.process, ctx.process.state["rest"])
        return self._grow(ctx)

    @staticmethod
    def _grow(ctx: Context) -> Wait:
        rate, first = settings.memory(ctx, "MEM_RATE"), settings.memory(ctx, "MEM_START")
        ctx.linux.memory.grow(ctx.process, rate, STEP_MS, settings.memory(ctx, "MEM_MAX") or (1 << 50 if rate else first))
        return Forever()

    def serve(self, ctx: Context, port: int, request: HttpRequest) -> HttpResponse:
        """/load: a peak; anything else: what it holds."""
        state = ctx.process.state
        if request.path.partition("?")[0] == "/load" and not state.get("loaded"):
            state["loaded"], state["rest"] = True, ctx.linux.memory.of(ctx.process)
            ctx.out("load comes\n")
            ctx.world.kernel.after(settings.milliseconds(ctx, "PEAK_SECONDS", "10"), "linux.wake", str(ctx.process.pid))
            ctx.linux.memory.take(ctx.process, max(state["rest"], settings.memory(ctx, "MEM_PEAK")))
            if ctx.process.exit_code is not None:
                return HttpResponse(200, hang=True)
        return HttpResponse(200, f"{ctx.host.hostname} holds {ctx.linux.memory.of(ctx.process) // 1024**2}Mi\n")


IMAGES = (own.image("podlab/mem", "mem", 3_900_000),)
PROGRAMS = own.programs(mem=Mem())
