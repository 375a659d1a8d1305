"""agnhost, the tests' own image: netexec, liveness, serve-hostname, grpc-health-checking, pause, connect.

Upstream: kubernetes/test/images/agnhost. Left out: all other subcommands, refused openly.
"""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from podlab.sim.images.types import Image
from podlab.sim.images.userland import BUSYBOX_LACKS, ETC, PATH
from podlab.sim.linux.tool import integer
from podlab.sim.linux.types import Context, Exit, Forever, HttpRequest, HttpResponse, Program, Sleep, Wait, Wake

HEALTHY_MS = 10_000
KNOWN = ("netexec", "liveness", "serve-hostname", "grpc-health-checking", "pause")


def _flag(argv: list[str], name: str, default: str) -> str:
    for here, word in enumerate(argv):
        if word.startswith(f"--{name}="):
            return word.partition("=")[2]
        if word == f"--{name}" and here + 1 < len(argv):
            return argv[here + 1]
    return default


def _code(query: dict[str, str], default: int) -> int:
    text = query.get("code", "")
    return int(text) if text.isdecimal() else default


class Agnhost:
    """`/agnhost SUBCOMMAND`, by default `pause`."""

    handles = frozenset({"TERM", "INT"})

    def start(self, ctx: Context) -> Wait:
        """Start the subcommand."""
        args = ctx.process.argv[1:] or ["pause"]
        ctx.process.state["command"] = args[0]
        if args[0] not in KNOWN:
            ctx.err(f"agnhost {args[0]}: not supported in this lab: only {', '.join(KNOWN)}\n")
            return Exit(2)
        return getattr(self, "_" + args[0].replace("-", "_"))(ctx, args)  # type: ignore[no-any-return]

    def resume(self, ctx: Context, wake: Wake) -> Wait:
        """A signal ends it (netexec ends at once too); otherwise the application has just changed its mind."""
        if wake.why == "signal":
            return Exit(0 if ctx.process.state["command"] == "pause" else 2)
        ctx.process.state["healthy"] = False
        ctx.touch()
        return Forever()

    def _pause(self, ctx: Context, args: list[str]) -> Wait:
        ctx.out("Paused\n")
        return Forever()

    def _netexec(self, ctx: Context, args: list[str]) -> Wait:
        http, udp = integer(_flag(args, "http-port", "8080")), integer(_flag(args, "udp-port", "8081"))
        for port in (http, -udp):
            if not ctx.listen(port):
                ctx.err(f"listen {'tcp' if port > 0 else 'udp'} :{abs(port)}: bind: address already in use\n")
                return Exit(1)
        ctx.err(f"Started HTTP server on port {http}\nStarted UDP server on port  {udp}\n")
        return Forever()

    def _serve_hostname(self, ctx: Context, args: list[str]) -> Wait:
        port = integer(_flag(args, "port", "9376"))
        ctx.listen(port)
        ctx.err(f"Serving on port {port}.\n")
        return Forever()

    def _liveness(self, ctx: Context, args: list[str]) -> Wait:
        ctx.process.state["healthy"] = True
        ctx.listen(8080)
        return Sleep(HEALTHY_MS)

    def _grpc_health_checking(self, ctx: Context, args: list[str]) -> Wait:
        port, delay = integer(_flag(args, "port", "5000")), integer(_flag(args, "delay-unhealthy-sec", "-1"))
        ctx.process.state |= {"healthy": True, "grpc": port}
        ctx.listen(port)
        ctx.listen(integer(_flag(args, "http-port", "8080")))
        return Forever() if delay < 0 else Sleep(delay * 1000)

    def serve(self, ctx: Context, port: int, request: HttpRequest) -> HttpResponse | None:
        """What the subcommand answers."""
        state, parts = ctx.process.state, urlsplit(request.path)
        if port == state.get("grpc"):
            return None
        if state["command"] == "serve-hostname":
            return HttpResponse(200, ctx.host.hostname)
        if state["command"] == "netexec":
            return self._netexec_page(
                ctx, parts.path, {key: values[0] for key, values in parse_qs(parts.query, keep_blank_values=True).items()}, request
            )
        if parts.path == "/healthz" and state["command"] == "liveness":
            seconds = (ctx.world.now - ctx.process.started_ms) / 1000
            return HttpResponse(200, "ok") if state["healthy"] else HttpResponse(500, f"error: {seconds:.6f}")
        return HttpResponse(404, "404 page not found\n")

    def _netexec_page(self, ctx: Context, path: str, query: dict[str, str], request: HttpRequest) -> HttpResponse:
        if path == "/clientip":
            return HttpResponse(200, f"{request.client}:41234")
        if path in ("/hostname", "/hostName"):
            return HttpResponse(200, ctx.host.hostname)
        if path == "/healthz":
            return HttpResponse(200)
        if path == "/header":
            return HttpResponse(200, request.headers.get(query.get("key", ""), ""))
        if path == "/echo":
            return HttpResponse(_code(query, 200), query.get("msg", ""))
        if path == "/redirect":
            code = _code(query, 302)
            place = query.get("location") or "/"
            return HttpResponse(code, f'<a href="{place}">Found</a>.\n\n', {"Location": place})
        if path == "/exit":
            ctx.linux.processes.finish(ctx.process.pid, _code(query, 0))
            return HttpResponse(200, "", hang=True)
        return HttpResponse(200, f"NOW: {ctx.world.stamp()}")

    def datagram(self, ctx: Context, port: int, text: str) -> str:
        """UDP of netexec: `hostname`, `echo WORDS`, `clientip` is left out."""
        word, _, rest = text.strip().partition(" ")
        return ctx.host.hostname if word.lower() == "hostname" else rest if word == "echo" else ""

    def grpc_health(self, ctx: Context, service: str) -> str:
        """The answer of the gRPC health service."""
        return "SERVING" if ctx.process.state.get("healthy") else "NOT_SERVING"


TAGS = tuple(f"2.{minor}" for minor in range(20, 58))
IMAGES = (
    Image(
        "registry.k8s.io/e2e-test-images/agnhost",
        TAGS,
        entrypoint=("/agnhost",),
        command=("pause",),
        env={"PATH": PATH},
        size=51_706_353,
        programs=("/agnhost", "agnhost"),
        userland="busybox",
        lacks=tuple(name for name in BUSYBOX_LACKS if name != "curl"),
        files=ETC,
    ),
)
PROGRAMS: dict[str, Program] = {"/agnhost": Agnhost(), "agnhost": Agnhost()}
