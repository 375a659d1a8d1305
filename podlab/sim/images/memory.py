"""Programs that take memory: polinux/stress and kubetm/leaky.

Upstream: docker.io/polinux/stress. Left out: stress' other workers (cpu, io, hdd), refused openly.
"""

from __future__ import annotations

from podlab.sim.images.types import Image
from podlab.sim.images.userland import BUSYBOX_LACKS, ETC, PATH
from podlab.sim.linux.tool import integer
from podlab.sim.linux.types import Context, Exit, Forever, Program, Wait, Wake

MIB = 1024 * 1024
UNITS = {"B": 1, "K": 1024, "M": MIB, "G": 1024 * MIB}
STEP_MS = 1000


def bytes_of(text: str) -> int:
    """`150M` → bytes."""
    return integer(text[:-1]) * UNITS[text[-1].upper()] if text[-1:].isalpha() else integer(text)


class Stress:
    """`stress --vm 1 --vm-bytes N --vm-hang 0`: takes N of memory and holds it."""

    handles: frozenset[str] = frozenset()

    def start(self, ctx: Context) -> Wait:
        """Take the memory."""
        args = ctx.process.argv[1:]
        options = dict(zip(args[::2], args[1::2], strict=False))
        if "--vm" not in options:
            ctx.err("stress: not supported in this lab: only --vm N --vm-bytes B --vm-hang S\n")
            return Exit(1)
        ctx.out(f"stress: info: [{ctx.process.number}] dispatching hogs: 0 cpu, 0 io, {options['--vm']} vm, 0 hdd\n")
        ctx.linux.memory.take(ctx.process, integer(options["--vm"]) * bytes_of(options.get("--vm-bytes", "256M")))
        return Forever()

    def resume(self, ctx: Context, wake: Wake) -> Wait:
        """Holds it for ever."""
        return Forever()


class Leaky:
    """`/leaky STEP MAX`: takes STEP MiB a second up to MAX MiB, then holds them."""

    handles: frozenset[str] = frozenset()

    def start(self, ctx: Context) -> Wait:
        """The first step; the others come by themselves."""
        args = ctx.process.argv[1:]
        step, most = integer(args[0]) if args else 6, integer(args[1]) if len(args) > 1 else 600
        ctx.linux.memory.take(ctx.process, min(step, most) * MIB)
        ctx.linux.memory.grow(ctx.process, step * MIB, STEP_MS, most * MIB)
        return Forever()

    def resume(self, ctx: Context, wake: Wake) -> Wait:
        """Goes on for ever."""
        return Forever()


def _image(repository: str, program: str, size: int) -> Image:
    lacks = BUSYBOX_LACKS
    return Image(
        repository,
        ("latest", "1.0.4"),
        command=(program,),
        env={"PATH": PATH},
        size=size,
        programs=(program, program.lstrip("/")),
        userland="busybox",
        lacks=lacks,
        files=ETC,
    )


IMAGES = (_image("polinux/stress", "stress", 4_041_495), _image("kubetm/leaky", "/leaky", 4_100_000))
PROGRAMS: dict[str, Program] = {"stress": Stress(), "/leaky": Leaky(), "leaky": Leaky()}
