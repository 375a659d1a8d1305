"""podlab/web: a server whose health one can spoil, by hand or by its age.

PORT (8080) · BOOT, STOP (1): seconds until it listens, and from SIGTERM to its end · ERRORS=`63-87`: ages at which it answers 500 ·
SLOW=`123-` with SLOW_SECONDS (1.5): ages at which each answer takes so long · HANG_AFTER=60: accepts from that age on, and never answers.
Paths: / /hostname /healthz /ready; /status500 and /hang spoil it until its restart, /ok mends it; /private wants `X-Probe: yes`.

Upstream: none. Left out: nothing.
"""

from __future__ import annotations

from podlab.sim.images import own, settings
from podlab.sim.images.server import Server, age, inside
from podlab.sim.linux.types import Context, HttpRequest, HttpResponse

SPOILS = {"/status500": "500", "/hang": "hang", "/ok": ""}


class Web(Server):
    """`/web`, refuses every flag."""

    def stop_ms(self, ctx: Context) -> int:
        """One second, unless told otherwise."""
        return settings.milliseconds(ctx, "STOP", "1")

    def ages(self, ctx: Context) -> list[int]:
        """Where a window begins or ends."""
        windows = [*settings.spans(ctx, "ERRORS"), *settings.spans(ctx, "SLOW")]
        return [*(edge for each in windows for edge in each), settings.milliseconds(ctx, "HANG_AFTER")]

    def serve(self, ctx: Context, port: int, request: HttpRequest) -> HttpResponse:
        """A page, or what is wrong with it now."""
        path = request.path.partition("?")[0]
        if path in SPOILS:
            ctx.process.state["mood"] = SPOILS[path]
            ctx.touch()
            return HttpResponse(200, f"{ctx.host.hostname} {'is well again' if path == '/ok' else 'obeys ' + path}\n")
        mood, hangs = ctx.process.state.get("mood", ""), settings.milliseconds(ctx, "HANG_AFTER")
        if mood == "hang" or (hangs and age(ctx) >= hangs):
            return HttpResponse(200, hang=True)
        answer = self._page(ctx, path, request, broken=mood == "500" or inside(ctx, settings.spans(ctx, "ERRORS")))
        if inside(ctx, settings.spans(ctx, "SLOW")):
            answer.after_ms = settings.milliseconds(ctx, "SLOW_SECONDS", "1.5")
        return answer

    @staticmethod
    def _page(ctx: Context, path: str, request: HttpRequest, *, broken: bool) -> HttpResponse:
        if broken:
            return HttpResponse(500, "internal error\n")
        if path == "/private":
            allowed = {name.lower(): value for name, value in request.headers.items()}.get("x-probe") == "yes"
            return HttpResponse(200, "welcome\n") if allowed else HttpResponse(403, "the header X-Probe: yes is missing\n")
        if path in ("/healthz", "/ready"):
            return HttpResponse(200, "ok\n")
        if path in ("/", "/hostname"):
            return HttpResponse(200, f"{ctx.host.hostname}\n")
        return HttpResponse(404, "not found\n")


IMAGES = (own.image("podlab/web", "web", 6_200_000),)
PROGRAMS = own.programs(web=Web())
