"""Chaos during real traffic: kill -9 of workers, Valkey and server, Redis emptied, and clocks set an hour forward or back."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator

from podlab.cli.bench.measure import Figure
from podlab.home import ROOT

FULL = 1_000
WITHIN_S = 300
"""Seconds beside the rounds: start, the last answers, the replays."""
A_ROUND_S = 5


def figures() -> Iterator[Figure]:
    """Runs `tests/chaos` with PODLAB_CHAOS_ROUNDS kills and a quarter as many jumps: else 20, or 1,000 with PODLAB_BENCH_FULL.

    Needs the tests' environment.
    """
    rounds = int(os.environ.get("PODLAB_CHAOS_ROUNDS") or (FULL if os.environ.get("PODLAB_BENCH_FULL") else 20))
    yield from _figures("kills", {"PODLAB_CHAOS_ROUNDS": str(rounds)}, rounds)
    yield from _figures("clocks", {"PODLAB_CHAOS_JUMPS": str(rounds // 4)}, rounds)


def _figures(what: str, environment: dict[str, str], rounds: int) -> Iterator[Figure]:
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-s", f"tests/chaos/test_{what}.py"],
        cwd=ROOT, env=os.environ | environment, capture_output=True, text=True, check=False, timeout=WITHIN_S + A_ROUND_S * rounds,
    )  # fmt: skip
    found = re.findall(r"^chaos: (\w+) (\d+)$", done.stdout, re.MULTILINE)
    if not found:
        raise AssertionError(f"the chaos test came to no result:\n{done.stdout[-4000:]}{done.stderr[-2000:]}")
    for name, number in found:
        yield Figure(f"{what}: {name}", int(number), "", 0)
