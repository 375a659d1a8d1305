"""podlab/crasher: ends when it is told to, or after a while.

`/exit?code=N` ends it at once with N · AFTER: seconds after which it ends by itself, with CODE (1) · PORT (8080). Any other path: 200.

Upstream: none. Left out: nothing.
"""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from podlab.sim.images import own, settings
from podlab.sim.images.server import Server, age
from podlab.sim.linux.types import Context, HttpRequest, HttpResponse


class Crasher(Server):
    """`/crasher`."""

    def ages(self, ctx: Context) -> list[int]:
        """When it ends by itself."""
        return [settings.milliseconds(ctx, "AFTER")]

    def turn(self, ctx: Context) -> None:
        """The end."""
        if age(ctx) >= settings.milliseconds(ctx, "AFTER"):
            self._end(ctx, settings.number(ctx, "CODE", 1))

    @staticmethod
    def _end(ctx: Context, code: int) -> None:
        ctx.err(f"ending with code {code}\n")
        ctx.linux.processes.finish(ctx.process.pid, code)

    def serve(self, ctx: Context, port: int, request: HttpRequest) -> HttpResponse:
        """Ends it, or says that it runs."""
        parts = urlsplit(request.path)
        if parts.path != "/exit":
            return HttpResponse(200, f"{ctx.host.hostname} runs\n")
        code = parse_qs(parts.query).get("code", ["0"])[0]
        if not code.isdecimal() or int(code) > 255:
            return HttpResponse(400, "code must be 0 to 255\n")
        self._end(ctx, int(code))
        return HttpResponse(200, f"ending with code {code}\n")


IMAGES = (own.image("podlab/crasher", "crasher", 4_100_000),)
PROGRAMS = own.programs(crasher=Crasher())
