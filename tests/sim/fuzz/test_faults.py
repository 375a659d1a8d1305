"""Every fault and its healing come to an end, and the laws of a node hold meanwhile: 300 random scenarios; the bench plays more."""

from __future__ import annotations

import pytest

from podlab.cli.bench.faults import BREAKING, Outcome, evicted, play
from podlab.sim.changes import Cause, ObjectChange
from podlab.sim.cluster import Cluster

BOOT = Cluster.boot("trio")
ALL, TOGETHER = 300, 30


@pytest.mark.parametrize("first", range(0, ALL, TOGETHER))
def test_healed_clusters_are_well_and_silent(first: int) -> None:
    """Requests fit, memory adds up, the first of its ranking goes and only over a threshold; in the end nothing of it is left."""
    outcome = Outcome()
    for seed in range(first, first + TOGETHER):
        play(BOOT, seed, outcome)
    assert [] == outcome.bugs


def test_the_scenarios_break_things_and_evict() -> None:
    """A generator that does neither would test nothing."""
    outcome = Outcome()
    for seed in range(60):
        play(BOOT, seed, outcome)
    assert (True, True) == (outcome.faults > 100, outcome.evictions > 10)


def test_every_fault_that_can_be_healed_takes_part() -> None:
    """All of the menu but those that heal."""
    assert {"isolate", "poweroff", "disk-pressure", "app-leak", "traffic", "dns-down"} <= {each.name for each in BREAKING}


@pytest.mark.parametrize(
    ("name", "available", "wrong"),
    [("a", "90Mi", ""), ("b", "90Mi", "b was evicted, a is the first"), ("a", "110Mi", "a was evicted with 110Mi available")],
)
def test_a_wrong_eviction_is_seen(name: str, available: str, wrong: str) -> None:
    """The second ranking is one of its own."""
    args: dict[str, str | int] = {"ranking": "b 200 100 0\na 300 100 0\nc 900 1000 0", "available": available, "threshold": "100Mi"}
    change = ObjectChange(0, 1, "MODIFIED", "pods", "default", name, "u", "1", None, {}, Cause("E7", args))
    assert evicted([change])[0].startswith(wrong)
    assert bool(wrong) == bool(evicted([change])[0])
