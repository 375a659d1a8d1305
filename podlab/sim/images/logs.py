"""podlab/log-writer, podlab/log-adapter, podlab/collector: applications that log each in their own way, and who brings it together.

log-writer: a line a second into FILE (/var/log/app/app.log), FORMAT pipe or json. log-adapter: reads the FILE of that FORMAT and serves it as
`time level message` on PORT (9100), path /lines. collector: asks every Pod of its namespace with SELECTOR (logs=yes) each EVERY (5) seconds.

Upstream: none. Left out: the collector's right to list Pods (everybody has it here).
"""

from __future__ import annotations

import json

from podlab.sim.api import labels
from podlab.sim.changes import Obj
from podlab.sim.images import own, settings
from podlab.sim.images.server import Server
from podlab.sim.linux.types import Context, Exit, HttpRequest, HttpResponse, Sleep, Wait, Wake

FILE = "/var/log/app/app.log"
PERIOD_MS, TIMEOUT_MS = 1000, 1000
KEPT = 64 * 1024
"""The writer begins its file anew beyond so many bytes."""


class LogWriter:
    """`/log-writer`."""

    handles = frozenset({"TERM", "INT"})

    def start(self, ctx: Context) -> Wait:
        """The first line."""
        path = settings.text(ctx, "FILE", FILE)
        ctx.files.mkdir(path.rpartition("/")[0] or "/", parents=True)
        ctx.out(f"writing to {path} as {settings.text(ctx, 'FORMAT', 'pipe')}\n")
        return self._write(ctx)

    def resume(self, ctx: Context, wake: Wake) -> Wait:
        """One line more; or the end."""
        if wake.why == "signal":
            ctx.out("writer: stopping\n")
            return Exit(0)
        return self._write(ctx)

    @staticmethod
    def _write(ctx: Context) -> Wait:
        state, path = ctx.process.state, settings.text(ctx, "FILE", FILE)
        state["n"] = n = state.get("n", 0) + 1
        line = written(settings.text(ctx, "FORMAT", "pipe"), ctx.world.stamp(), "INFO", f"order {n} shipped") + "\n"
        full = ctx.files.is_file(path) and len(ctx.files.read(path)) > KEPT
        ctx.files.write(path, line, append=not full)
        return Sleep(PERIOD_MS)


def written(kind: str, time: str, level: str, message: str) -> str:
    """A line in one of the two formats."""
    if kind == "json":
        return json.dumps({"time": time, "level": level, "message": message}, separators=(",", ":"))
    return f"{time}|{level}|{message}"


def understood(kind: str, line: str) -> str | None:
    """`time level message` of a line in that format; None: it is not in that format."""
    if kind != "json":
        parts = line.split("|")
        return " ".join(parts) if len(parts) == 3 else None
    try:
        held = json.loads(line)
        return f"{held['time']} {held['level']} {held['message']}"
    except (ValueError, KeyError, TypeError):
        return None


class LogAdapter(Server):
    """`/log-adapter`."""

    def ports(self, ctx: Context) -> list[int]:
        """Where it serves the lines."""
        return [settings.number(ctx, "PORT", 9100)]

    def ending(self, ctx: Context) -> None:
        """The last word."""
        ctx.out("adapter: stopping\n")

    def serve(self, ctx: Context, port: int, request: HttpRequest) -> HttpResponse:
        """The lines, in the one format."""
        kind, path = settings.text(ctx, "FORMAT", "pipe"), settings.text(ctx, "FILE", FILE)
        if request.path.partition("?")[0] != "/lines":
            return HttpResponse(404, "not found\n")
        if not ctx.files.is_file(path):
            return HttpResponse(500, f"{path}: no such file\n")
        lines = [understood(kind, each) for each in ctx.files.read(path).splitlines()]
        if None in lines:
            return HttpResponse(500, f"not {kind}\n")
        return HttpResponse(200, "".join(f"{each}\n" for each in lines))


class Collector:
    """`/collector`."""

    handles = frozenset({"TERM", "INT"})

    def start(self, ctx: Context) -> Wait:
        """Whom it asks."""
        ctx.out(f"collecting from Pods with {settings.text(ctx, 'SELECTOR', 'logs=yes')}\n")
        return Sleep(PERIOD_MS)

    def resume(self, ctx: Context, wake: Wake) -> Wait:
        """Ask them all once more."""
        if wake.why == "signal":
            return Exit(0)
        wanted = labels.parse(settings.text(ctx, "SELECTOR", "logs=yes"))
        namespace = ctx.network.addresses.pod_of(ctx.host)[0] or "default"
        for pod in ctx.world.api.list("pods", namespace):
            if labels.meets(wanted, pod["metadata"].get("labels") or {}):
                ctx.out(self._ask(ctx, pod) + "\n")
        return Sleep(settings.milliseconds(ctx, "EVERY", "5"))

    @staticmethod
    def _ask(ctx: Context, pod: Obj) -> str:
        name, address = pod["metadata"]["name"], (pod.get("status") or {}).get("podIP")
        if not address:
            return f"cannot read {name}: no address yet"
        answer = ctx.network.http(ctx.host, address, settings.number(ctx, "PORT", 9100), "/lines", {}, TIMEOUT_MS)
        if answer.error or answer.status != 200:
            return f"cannot read {name}: {own.UNREACHED.get(answer.error, '') or answer.body.strip() or answer.status}"
        return f"parsed {len(answer.body.splitlines())} lines from {name}"


IMAGES = (
    own.image("podlab/log-writer", "log-writer", 2_400_000),
    own.image("podlab/log-adapter", "log-adapter", 5_100_000),
    own.image("podlab/collector", "collector", 9_800_000),
)
PROGRAMS = own.programs(log_writer=LogWriter(), log_adapter=LogAdapter(), collector=Collector())
