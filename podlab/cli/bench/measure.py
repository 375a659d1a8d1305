"""How benches measure: the median of some runs, in CPU time of this process, so that a busy machine changes little."""

import gc
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

RUNS = 7


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


def _once(work: Callable[[], object]) -> float:
    gc.collect()
    gc.disable()
    try:
        start = time.process_time()
        work()
        return time.process_time() - start
    finally:
        gc.enable()
