"""The control plane's own programs and `pause`: they run, say a little, and end on TERM.

Upstream: registry.k8s.io. Left out: what they do, which the simulation's own components do in their place.
"""

from __future__ import annotations

from podlab.sim.images.types import Image
from podlab.sim.linux.types import Context, Exit, Forever, HttpRequest, HttpResponse, Program, Wait, Wake

KUBERNETES = ("v1.36.2", "v1.36.1", "v1.36.0", "v1.35.0", "v1.34.0", "v1.33.1")
LINES = {
    "etcd": ['{"level":"info","msg":"starting etcd","etcd-version":"3.6.6"}', '{"level":"info","msg":"ready to serve client requests"}'],
    "kube-apiserver": ['"Version" version="v1.36.2"', '"Serving securely" address="[::]:6443"'],
    "kube-controller-manager": [
        '"Starting" version="v1.36.2"',
        '"Serving securely" address="127.0.0.1:10257"',
        '"Successfully acquired lease" lock="kube-system/kube-controller-manager"',
    ],
    "kube-scheduler": [
        '"Starting Kubernetes Scheduler" version="v1.36.2"',
        '"Serving securely" address="127.0.0.1:10259"',
        '"Successfully acquired lease" lock="kube-system/kube-scheduler"',
    ],
    "kube-proxy": ['"Using iptables proxy"', '"Version info" version="v1.36.2"', '"Caches are synced" controller="service config"'],
    "coredns": [
        ".:53",
        "[INFO] plugin/reload: Running configuration SHA512 = 1b226df79860026c6a52e67daa10d7f0d57ec5b023288ec00c5e05f93523c894564e15b91770d3a07ae1cfbe861d15b37d4a0027e69c546ab112970993a3b03b",
        "CoreDNS-1.13.1",
        "linux/amd64, go1.25.2",
    ],
}
PORTS = {
    "etcd": (2379, 2381),
    "kube-apiserver": (6443,),
    "kube-controller-manager": (10257,),
    "kube-scheduler": (10259,),
    "kube-proxy": (10249, 10256),
    "coredns": (53, -53, 8080, 8181, 9153),
}
HEALTHY = ("/healthz", "/livez", "/readyz", "/health", "/ready")


class Daemon:
    """A server of the control plane."""

    handles = frozenset({"TERM", "INT"})

    def start(self, ctx: Context) -> Wait:
        """Say a few lines, listen, run for ever."""
        name = ctx.process.program.rpartition("/")[2]
        klog = f"I{ctx.world.micro()[5:7]}{ctx.world.micro()[8:10]} {ctx.world.micro()[11:26].rstrip('Z')}       1 server.go:1] "
        plain = name in ("etcd", "coredns")
        ctx.err("".join(("" if plain else klog) + line + "\n" for line in LINES[name]))
        for port in PORTS[name]:
            ctx.listen(port)
        return Forever()

    def resume(self, ctx: Context, wake: Wake) -> Wait:
        """TERM and INT end it."""
        return Exit(0)

    def serve(self, ctx: Context, port: int, request: HttpRequest) -> HttpResponse:
        """Its health."""
        return HttpResponse(200, "ok") if request.path.partition("?")[0] in HEALTHY else HttpResponse(404, "404 page not found\n")


class Pause:
    """The sandbox's first process: does nothing, ends on TERM and INT."""

    handles = frozenset({"TERM", "INT"})

    def start(self, ctx: Context) -> Wait:
        """Wait for ever."""
        return Forever()

    def resume(self, ctx: Context, wake: Wake) -> Wait:
        """TERM and INT end it."""
        return Exit(0)


def _system(name: str, tags: tuple[str, ...], size: int, repository: str = "") -> Image:
    program = f"/usr/local/bin/{name}"
    return Image(f"registry.k8s.io/{repository or name}", tags, entrypoint=(program,), size=size, programs=(name, program), shell=False)


IMAGES = (
    _system("etcd", ("3.6.6-0", "3.6.5-0", "3.5.21-0"), 64_000_000),
    _system("kube-apiserver", KUBERNETES, 28_000_000),
    _system("kube-controller-manager", KUBERNETES, 25_000_000),
    _system("kube-scheduler", KUBERNETES, 19_000_000),
    _system("kube-proxy", KUBERNETES, 31_000_000),
    Image(
        "registry.k8s.io/coredns/coredns",
        ("v1.13.1", "v1.12.1"),
        entrypoint=("/coredns",),
        size=23_000_000,
        programs=("coredns", "/coredns"),
        shell=False,
    ),
    Image(
        "registry.k8s.io/pause", ("3.6", "3.9", "3.10", "3.10.1"), entrypoint=("/pause",), size=320_000, programs=("/pause",), shell=False
    ),
)
PROGRAMS: dict[str, Program] = {**{name: Daemon() for name in LINES}, "/pause": Pause()}
