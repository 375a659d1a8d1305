"""What the API server accepts never makes the cluster raise, and leaves nothing behind: Pods made of the field schema."""

from __future__ import annotations

import msgspec
import pytest

from podlab.cli.bench.fuzz import Outcome, prepared, together
from podlab.cli.bench.pods import make

BOOT = prepared()
ALL, TOGETHER = 300, 10


@pytest.mark.parametrize("first", range(0, ALL, TOGETHER))
def test_accepted_pods_live_and_die_without_a_trace(first: int) -> None:
    """Neither API server, scheduler, kubelet, machines nor kubectl raise; no process, host, sandbox, worker, volume or address outlives its Pod."""
    outcome = together(BOOT, range(first, first + TOGETHER))
    assert [] == outcome.bugs


def test_enough_of_the_pods_are_accepted_and_enough_are_odd() -> None:
    """A generator whose Pods are all refused, or all accepted, would test nothing."""
    total = Outcome()
    for first in range(0, 100, TOGETHER):
        total.add(together(BOOT, range(first, first + TOGETHER)))
    assert total.accepted > 30
    assert total.refused > 20


def test_a_seed_makes_one_pod() -> None:
    """What is found can be found again."""
    assert msgspec.json.encode(make(7)) == msgspec.json.encode(make(7))
    assert make(7) != make(8)
