"""The kernel alone: the heap of events, without any cluster."""

from collections.abc import Iterator

from podlab.cli.bench.measure import Figure, cpu_s
from podlab.sim.kernel import Kernel, KernelState

EVENTS = 50_000
KEYS = 500


def figures() -> Iterator[Figure]:
    """Events that set themselves again, among so many others."""
    yield Figure("events per CPU second", EVENTS / cpu_s(_run), "events", 0)


def _run() -> None:
    kernel = Kernel(KernelState())
    kernel.handle("tick", lambda key: kernel.after(1000 + int(key), "tick", key))
    for number in range(KEYS):
        kernel.at(number, "tick", str(number))
    for _ in range(EVENTS):
        kernel.peek()
        kernel.step()
