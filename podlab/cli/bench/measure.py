"""How benches measure: the median of some runs, in CPU time of this process, so that a busy machine changes little."""

import gc
import os
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

RUNS = 7
TICK_S = 1 / os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Figure:
    """One line of the result."""

    name: str
    value: float
    unit: str
    digits: int = 1


def cpu_s(work: Callable[[], object], runs: int = RUNS) -> float:
    """The median CPU time of `work`, in seconds; the garbage collector waits meanwhile."""
    return statistics.median(_once(work) for _ in range(runs))


def best_s(work: Callable[[], object], runs: int = 40, before: Callable[[], object] = lambda: None) -> float:
    """The least CPU time of `work`, in seconds: for what takes so little that a neighbour on the machine doubles it."""

    def one() -> float:
        before()
        return _once(work)

    return min(one() for _ in range(runs))


def _once(work: Callable[[], object]) -> float:
    gc.collect()
    gc.disable()
    try:
        start = time.process_time()
        work()
        return time.process_time() - start
    finally:
        gc.enable()


def tree_cpu_s(pid: int) -> float:
    """CPU time of a process and its living children so far, in seconds."""
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    own = (int(fields[11]) + int(fields[12])) * TICK_S
    below = Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()
    return own + sum(tree_cpu_s(int(child)) for child in below)
