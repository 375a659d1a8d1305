"""kubetm/app: the document's application: says its name, says that it is well, and can be told not to be.

Upstream: docker.io/kubetm/app. Left out: everything that the document does not ask of it.
"""

from __future__ import annotations

from podlab.sim.images import settings
from podlab.sim.images.types import Image
from podlab.sim.images.userland import BUSYBOX_LACKS, ETC, PATH
from podlab.sim.linux.types import Context, Exit, Forever, HttpRequest, HttpResponse, Program, Sleep, Wait, Wake

PORT = 8080


class App:
    """Listens on 8080 once it has booted (BOOT seconds, else `kubetm.boot`); ends at once on TERM."""

    handles = frozenset({"TERM", "INT"})

    def start(self, ctx: Context) -> Wait:
        """Boot."""
        boot_ms = settings.milliseconds(ctx, "BOOT") or ctx.world.timings["kubetm.boot"]
        return Sleep(boot_ms) if boot_ms else self._listen(ctx)

    def resume(self, ctx: Context, wake: Wake) -> Wait:
        """Booted; or told to end."""
        return Exit(0) if wake.why == "signal" else self._listen(ctx)

    def _listen(self, ctx: Context) -> Wait:
        if ctx.listen(PORT):
            return Forever()
        ctx.err(f"Error: listen EADDRINUSE: address already in use :::{PORT}\n")
        return Exit(1)

    def serve(self, ctx: Context, port: int, request: HttpRequest) -> HttpResponse:
        """/hostname, /health, /status500."""
        name, path = ctx.host.hostname, request.path.partition("?")[0]
        if path == "/hostname":
            return HttpResponse(200, f"{name}\n")
        if path == "/status500":
            ctx.process.state["broken"] = True
            ctx.touch()
            return HttpResponse(200, f"{name} will answer 500 on /health from now on\n")
        if path == "/health":
            broken = ctx.process.state.get("broken", False)
            return HttpResponse(500, f"{name} is broken\n") if broken else HttpResponse(200, f"{name} is running\n")
        return HttpResponse(500 if ctx.process.state.get("broken") else 404, "not found\n")


IMAGES = (
    Image(
        "kubetm/app",
        ("latest", "v1", "v2"),
        entrypoint=("/app",),
        env={"PATH": PATH},
        size=4_400_000,
        programs=("/app",),
        userland="busybox",
        lacks=tuple(name for name in BUSYBOX_LACKS if name != "curl"),
        files=ETC,
    ),
)
PROGRAMS: dict[str, Program] = {"/app": App()}
