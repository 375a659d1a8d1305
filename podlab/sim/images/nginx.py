"""nginx: the entry point's words, pages from /usr/share/nginx/html, an access log, QUIT and TERM.

Upstream: docker.io/library/nginx and its docker-entrypoint.sh. Left out: configuration files other than the default, TLS, proxying.
"""

from __future__ import annotations

from msgspec import Struct

from podlab.sim.images.types import Image
from podlab.sim.images.userland import DEBIAN_LACKS, ETC, PATH
from podlab.sim.linux.types import Context, Exit, Forever, HttpRequest, HttpResponse, Program, Sleep, Wait, Wake

ROOT = "/usr/share/nginx/html"
OLD = ("1.7.9", "1.9.1", "1.14", "1.14.2", "1.15", "1.16", "1.16.1")
"""Tags from before the entry point script; they stop on SIGTERM."""
NEW = (
    *(f"1.{minor}" for minor in range(17, 30)),
    "latest",
    "stable",
    "mainline",
    "alpine",
    "perl",
    "1.25.5",
    "1.27.0",
    "1.27.4",
    "big",
    "slow",
)
PATCHES = {
    "1.14": 2,
    "1.16": 1,
    "1.19": 10,
    "1.20": 2,
    "1.21": 6,
    "1.22": 1,
    "1.23": 4,
    "1.24": 0,
    "1.25": 5,
    "1.26": 3,
    "1.27": 5,
    "1.28": 0,
    "1.29": 4,
}
NEWEST = "1.29.4"
BIND_TRIES = 5
RETRY_MS = 500

INDEX = """<!DOCTYPE html>
<html>
<head>
<title>Welcome to nginx!</title>
<style>
html { color-scheme: light dark; }
body { width: 35em; margin: 0 auto;
font-family: Tahoma, Verdana, Arial, sans-serif; }
</style>
</head>
<body>
<h1>Welcome to nginx!</h1>
<p>If you see this page, the nginx web server is successfully installed and
working. Further configuration is required.</p>

<p>For online documentation and support please refer to
<a href="http://nginx.org/">nginx.org</a>.<br/>
Commercial support is available at
<a href="http://nginx.com/">nginx.com</a>.</p>

<p><em>Thank you for using nginx.</em></p>
</body>
</html>
"""
SCRIPT = "/docker-entrypoint.sh"
SCRIPTS = ("10-listen-on-ipv6-by-default.sh", "15-local-resolvers.envsh", "20-envsubst-on-templates.sh", "30-tune-worker-processes.sh")
ENTRY = (
    f"{SCRIPT}: /docker-entrypoint.d/ is not empty, will attempt to perform configuration",
    f"{SCRIPT}: Looking for shell scripts in /docker-entrypoint.d/",
    f"{SCRIPT}: Launching /docker-entrypoint.d/{SCRIPTS[0]}",
    f"{SCRIPTS[0]}: info: Getting the checksum of /etc/nginx/conf.d/default.conf",
    f"{SCRIPTS[0]}: info: Enabled listen on IPv6 in /etc/nginx/conf.d/default.conf",
    f"{SCRIPT}: Sourcing /docker-entrypoint.d/{SCRIPTS[1]}",
    f"{SCRIPT}: Launching /docker-entrypoint.d/{SCRIPTS[2]}",
    f"{SCRIPT}: Launching /docker-entrypoint.d/{SCRIPTS[3]}",
    f"{SCRIPT}: Configuration complete; ready for start up",
)
BANNER = (
    'using the "epoll" event method',
    "nginx/VERSION",
    "built by gcc 12.2.0 (Debian 12.2.0-14+deb12u1)",
    "OS: Linux 6.1.0",
    "getrlimit(RLIMIT_NOFILE): 1048576:1048576",
    "start worker processes",
    "start worker process 29",
    "start worker process 30",
)
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
KINDS = {"html": "text/html", "json": "application/json", "css": "text/css", "js": "application/javascript", "txt": "text/plain"}
ERRORS = {301: "301 Moved Permanently", 403: "403 Forbidden", 404: "404 Not Found", 405: "405 Not Allowed"}


class Memory(Struct):
    """`tries`: how often the port was taken; `stage`: what comes next."""

    tries: int = 0
    stage: str = "configure"


def version(ctx: Context) -> str:
    """The version by the image's tag."""
    tag = ctx.host.image.rpartition(":")[2]
    if tag.count(".") == 2:
        return tag
    return f"{tag}.{PATCHES.get(tag, 0)}" if tag.count(".") == 1 else NEWEST


def _clock(ctx: Context) -> str:
    return ctx.world.stamp().replace("-", "/").replace("T", " ").rstrip("Z")


class Nginx:
    """`nginx -g 'daemon off;'`, started by the entry point or by itself; `nginx -s stop`."""

    handles = frozenset({"QUIT", "TERM", "INT", "HUP"})

    def start(self, ctx: Context) -> Wait:
        """Listen, or say why not."""
        args = ctx.process.argv[1:]
        if "-s" in args:
            return self._tell_master(ctx, args[-1])
        if "-v" in args or "-V" in args:
            ctx.err(f"nginx version: nginx/{version(ctx)}\n")
            return Exit(0)
        if "-t" in args:
            ctx.err(
                "nginx: the configuration file /etc/nginx/nginx.conf syntax is ok\nnginx: configuration file /etc/nginx/nginx.conf test is successful\n"
            )
            return Exit(0)
        return self._bind(ctx)

    def resume(self, ctx: Context, wake: Wake) -> Wait:
        """Try to bind again; end on QUIT, TERM and INT."""
        if wake.why == "signal" and wake.signal != "HUP":
            return Exit(0)
        return Forever() if ctx.process.ports else self._bind(ctx)

    def _bind(self, ctx: Context) -> Wait:
        memory = ctx.memory(Memory)
        if ctx.listen(80):
            for line in BANNER:
                self._note(ctx, "notice", f"{ctx.process.number}#{ctx.process.number}: {line.replace('VERSION', version(ctx))}")
            return Forever()
        memory.tries += 1
        self._note(
            ctx,
            "emerg",
            f"{ctx.process.number}#{ctx.process.number}: bind() to 0.0.0.0:80 failed (98: Address already in use)",
            "nginx: [emerg] bind() to 0.0.0.0:80 failed (98: Address already in use)",
        )
        if memory.tries < BIND_TRIES:
            return Sleep(RETRY_MS)
        self._note(
            ctx, "emerg", f"{ctx.process.number}#{ctx.process.number}: still could not bind()", "nginx: [emerg] still could not bind()"
        )
        return Exit(1)

    def _note(self, ctx: Context, level: str, text: str, plain: str = "") -> None:
        ctx.err(f"{_clock(ctx)} [{level}] {text}\n" + (plain and plain + "\n"))

    def _tell_master(self, ctx: Context, what: str) -> Wait:
        signal = {"stop": "TERM", "quit": "QUIT", "reload": "HUP"}.get(what)
        master = next(
            (each for each in ctx.linux.processes.visible(ctx.host.name) if each.program == "nginx" and each.pid != ctx.process.pid), None
        )
        if signal is None:
            ctx.err(f'nginx: invalid option: "-s {what}"\n')
            return Exit(1)
        if master is None:
            ctx.err('nginx: [error] open() "/run/nginx.pid" failed (2: No such file or directory)\n')
            return Exit(1)
        master_signal = signal
        ctx.linux.kill(master.pid, master_signal)
        return Exit(0)

    def serve(self, ctx: Context, port: int, request: HttpRequest) -> HttpResponse:
        """A page, or nginx' page about why there is none."""
        status, body, headers = self._page(ctx, request)
        when, size = ctx.world.stamp(), len(body.encode())
        stamp = f"{when[8:10]}/{MONTHS[int(when[5:7]) - 1]}/{when[:4]}:{when[11:19]} +0000"
        agent = request.headers.get("User-Agent", "-")
        ctx.out(f'{request.client} - - [{stamp}] "{request.method} {request.path} HTTP/1.1" {status} {size} "-" "{agent}" "-"\n')
        headers = {"Server": f"nginx/{version(ctx)}", "Content-Length": str(size), **headers}
        return HttpResponse(status, "" if request.method == "HEAD" else body, headers)

    def _page(self, ctx: Context, request: HttpRequest) -> tuple[int, str, dict[str, str]]:
        """Status, body and the headers of its own: a file, a folder's `index.html`, or why there is none."""
        if request.method not in ("GET", "HEAD"):
            return self._error(ctx, 405)
        target, files = request.path.partition("?")[0], ctx.files
        path = f"{ROOT}{target}index.html" if target.endswith("/") else ROOT + target
        try:
            text = files.read(path)
        except IsADirectoryError:
            status, body, headers = self._error(ctx, 301)
            return status, body, headers | {"Location": f"http://{request.host.partition(':')[0]}{target}/"}
        except OSError:
            return self._missing(ctx, request, path, folder=target.endswith("/") and files.is_dir(ROOT + target))
        return 200, text, {"Content-Type": KINDS.get(path.rpartition(".")[2], "application/octet-stream")}

    def _missing(self, ctx: Context, request: HttpRequest, path: str, *, folder: bool) -> tuple[int, str, dict[str, str]]:
        """A folder without an index may not be listed; all else is not there."""
        words = (
            f'directory index of "{path.removesuffix("index.html")}" is forbidden'
            if folder
            else f'open() "{path}" failed (2: No such file or directory)'
        )
        asked = f'client: {request.client}, server: localhost, request: "{request.method} {request.path} HTTP/1.1", host: "{request.host}"'
        self._note(ctx, "error", f"29#29: *1 {words}, {asked}")
        return self._error(ctx, 403 if folder else 404)

    def _error(self, ctx: Context, status: int) -> tuple[int, str, dict[str, str]]:
        words = ERRORS[status]
        return (
            status,
            f"<html>\r\n<head><title>{words}</title></head>\r\n<body>\r\n<center><h1>{words}</h1></center>\r\n<hr><center>nginx/{version(ctx)}</center>\r\n</body>\r\n</html>\r\n",
            {"Content-Type": "text/html"},
        )


class Entrypoint:
    """/docker-entrypoint.sh: says what it configures, then becomes what it was given."""

    handles: frozenset[str] = frozenset()

    def start(self, ctx: Context) -> Wait:
        """For nginx: the words of the configuration; then the command."""
        argv = ctx.process.argv[1:]
        if argv[:1] in (["nginx"], ["nginx-debug"]):
            ctx.out("".join(line + "\n" for line in ENTRY))
        return ctx.exec(argv)

    def resume(self, ctx: Context, wake: Wake) -> Wait:
        """Never waits."""
        return Exit(0)


FILES = (
    ETC
    | {
        f"{ROOT}/index.html": INDEX,
        f"{ROOT}/50x.html": "<html>\n<head><title>Error</title></head>\n<body>\n<h1>An error occurred.</h1>\n</body>\n</html>\n",
        "/etc/nginx/nginx.conf": "user  nginx;\nworker_processes  auto;\n\nevents {\n    worker_connections  1024;\n}\n\nhttp {\n    include       /etc/nginx/mime.types;\n    access_log  /var/log/nginx/access.log  main;\n    include /etc/nginx/conf.d/*.conf;\n}\n",
        "/etc/nginx/conf.d/default.conf": "server {\n    listen       80;\n    listen  [::]:80;\n    server_name  localhost;\n\n    location / {\n        root   /usr/share/nginx/html;\n        index  index.html index.htm;\n    }\n}\n",
        "/etc/debian_version": "12.11\n",
    }
    | {f"/docker-entrypoint.d/{name}": "#!/bin/sh\n" for name in SCRIPTS}
)
_COMMAND = ("nginx", "-g", "daemon off;")
IMAGES = (
    *(
        Image(
            name,
            ("1", "latest"),
            (SCRIPT,),
            _COMMAND,
            {"PATH": PATH, "NGINX_VERSION": NEWEST},
            size=size,
            programs=("nginx", SCRIPT),
            lacks=DEBIAN_LACKS,
            stop_signal="QUIT",
            files=FILES,
        )
        for name, size in (("big", 900_000_000), ("slow", 120_000_000))
    ),
    Image(
        "nginx",
        NEW,
        entrypoint=(SCRIPT,),
        command=_COMMAND,
        env={"PATH": PATH, "NGINX_VERSION": NEWEST},
        size=72_404_038,
        programs=("nginx", SCRIPT),
        lacks=DEBIAN_LACKS,
        stop_signal="QUIT",
        files=FILES,
    ),
    Image(
        "nginx",
        OLD,
        command=_COMMAND,
        env={"PATH": PATH, "NGINX_VERSION": "1.16.1"},
        size=51_030_575,
        programs=("nginx",),
        lacks=(*DEBIAN_LACKS, "curl"),
        files=FILES,
    ),
)
PROGRAMS: dict[str, Program] = {"nginx": Nginx(), SCRIPT: Entrypoint()}
