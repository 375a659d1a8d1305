"""httpd: serves files.

Upstream: BusyBox httpd. Left out: CGI, authentication.
"""

from __future__ import annotations

from podlab.sim.linux.tool import Tool, integer
from podlab.sim.linux.types import Context, Exit, Forever, HttpRequest, HttpResponse, Wait, Wake
from podlab.sim.shell.printing import options


class Httpd(Tool):
    """`httpd [-f] [-p PORT] [-h DIR]`: without -f it goes on in the background."""

    def start(self, ctx: Context) -> Wait:
        """Listen; without -f as a child of nobody."""
        given, _ = options(ctx.process.argv[1:], "phcur")
        port = integer(given.get("p", "80").rpartition(":")[2])
        ctx.process.state["home"] = ctx.files.absolute(given.get("h", "."))
        if "f" not in given:
            if ctx.linux.processes.listener(ctx.host.name, port) is not None:
                ctx.err("httpd: bind: Address already in use\n")
                return Exit(1)
            pid = ctx.spawn([ctx.process.argv[0], "-f", *ctx.process.argv[1:]], fds={0: "null", 1: "null", 2: "null"})
            ctx.linux.processes.detach(pid)
            return Exit(0)
        if not ctx.listen(port):
            ctx.err("httpd: bind: Address already in use\n")
            return Exit(1)
        return Forever()

    def resume(self, ctx: Context, wake: Wake) -> Wait:
        """Serve for ever."""
        return Forever()

    def serve(self, ctx: Context, port: int, request: HttpRequest) -> HttpResponse:
        """A file, or 404."""
        path = ctx.process.state["home"].rstrip("/") + request.path.partition("?")[0]
        if ctx.files.is_dir(path):
            path = path.rstrip("/") + "/index.html"
        if not ctx.files.is_file(path):
            return HttpResponse(
                404,
                "<HTML><HEAD><TITLE>404 Not Found</TITLE></HEAD>\n<BODY><H1>404 Not Found</H1>\nThe requested URL was not found\n</BODY></HTML>\n",
            )
        return HttpResponse(200, ctx.files.read(path))
