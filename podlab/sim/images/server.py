"""A program that boots, listens, answers, and takes its time to end: the base of the lab's own servers.

Upstream: none. Left out: nothing.
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from podlab.sim.images import settings
from podlab.sim.linux.types import Context, Exit, Forever, Sleep, Wait, Wake


class Life(Struct):
    """`stage`: boot, up or ending; `ends_ms`: when an ending one is through."""

    stage: str = "boot"
    ends_ms: int = 0


def age(ctx: Context) -> int:
    """Milliseconds since the process started."""
    return ctx.world.now - ctx.process.started_ms


def inside(ctx: Context, spans: Iterable[tuple[int, int]]) -> bool:
    """Whether the process is of an age in one of the spans."""
    now = age(ctx)
    return any(start <= now < end for start, end in spans)


class Server:
    """Subclasses say how long it boots, where it listens, at which ages its mind changes, and how it ends."""

    handles: frozenset[str] = frozenset({"TERM", "INT"})

    def start(self, ctx: Context) -> Wait:
        """Boot."""
        refused = self.refuse(ctx)
        if refused:
            ctx.err(refused)
            return Exit(2)
        boot_ms = self.boot_ms(ctx)
        return Sleep(boot_ms) if boot_ms else self._open(ctx)

    def resume(self, ctx: Context, wake: Wake) -> Wait:
        """Booted; of an age at which something changes; told to end; at its end."""
        own = ctx.memory(Life)
        if wake.why == "signal" and own.stage != "ending":
            own.stage, own.ends_ms = "ending", ctx.world.now + self.stop_ms(ctx)
            self.ending(ctx)
            ctx.touch()
        if own.stage == "ending":
            return self._ending(ctx, own)
        if own.stage == "boot":
            return self._open(ctx)
        self.turn(ctx)
        ctx.touch()
        return self._next(ctx)

    def _ending(self, ctx: Context, own: Life) -> Wait:
        if ctx.world.now < own.ends_ms:
            return Sleep(own.ends_ms - ctx.world.now)
        self.ended(ctx)
        return Exit(0)

    def _open(self, ctx: Context) -> Wait:
        for port in self.ports(ctx):
            if not ctx.listen(port):
                ctx.err(f"{ctx.process.argv[0].rpartition('/')[2]}: listen on port {port}: address already in use\n")
                return Exit(1)
        ctx.memory(Life).stage = "up"
        self.opened(ctx)
        return self._next(ctx)

    def _next(self, ctx: Context) -> Wait:
        coming = [each for each in self.ages(ctx) if age(ctx) < each < settings.ALWAYS]
        return Sleep(min(coming) - age(ctx)) if coming else Forever()

    def is_ending(self, ctx: Context) -> bool:
        """Whether it was told to end."""
        return ctx.memory(Life).stage == "ending"

    def refuse(self, ctx: Context) -> str:
        """Why it does not start with these arguments ("": it does)."""
        flags = [each for each in ctx.process.argv[1:] if each.startswith("-")]
        return f"unknown flag: {flags[0].partition('=')[0]}\n" if flags else ""

    def boot_ms(self, ctx: Context) -> int:
        """How long until it listens."""
        return settings.milliseconds(ctx, "BOOT")

    def stop_ms(self, ctx: Context) -> int:
        """How long it takes to end."""
        return settings.milliseconds(ctx, "STOP")

    def ports(self, ctx: Context) -> list[int]:
        """Where it listens."""
        return [settings.number(ctx, "PORT", 8080)]

    def ages(self, ctx: Context) -> list[int]:
        """The ages (ms) at which `turn` is called and probes may find something else."""
        return []

    def opened(self, ctx: Context) -> None:
        """It listens: say so."""
        ctx.out(f"listening on port {', '.join(str(each) for each in self.ports(ctx))}\n")

    def turn(self, ctx: Context) -> None:
        """It is of one of its `ages`."""

    def ending(self, ctx: Context) -> None:
        """It was told to end."""
        ctx.out("stopping\n")

    def ended(self, ctx: Context) -> None:
        """It is about to end."""
