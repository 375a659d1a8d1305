"""Which node has to make room, and what decided against the others."""

from __future__ import annotations

import pytest

from podlab.sim.scheduler.node_info import PodInfo
from podlab.sim.scheduler.preemption import Candidate, best, lost_by

EARLY, LATE = "2026-01-05T00:00:00Z", "2026-01-05T01:00:00Z"


def candidate(node: str, *victims: tuple[int, str], violations: int = 0) -> Candidate:
    """Victims as (priority, start)."""
    pods = [
        PodInfo(
            {"metadata": {"name": f"{node}-{at}", "namespace": "default"}, "spec": {"priority": priority}, "status": {"startTime": start}}
        )
        for at, (priority, start) in enumerate(victims)
    ]
    return Candidate(node, pods, violations)


@pytest.mark.parametrize(
    ("loser", "winner", "expected"),
    [
        (candidate("a", (1, LATE), violations=1), candidate("b", (9, EARLY), (9, EARLY)), "budgets"),
        (candidate("a", (9, LATE)), candidate("b", (5, EARLY), (5, EARLY)), "highest"),
        (candidate("a", (5, LATE), (5, LATE)), candidate("b", (5, EARLY), (1, EARLY)), "sum"),
        (candidate("a", (5, EARLY)), candidate("b", (5, LATE)), "start"),
        (candidate("a", (5, LATE)), candidate("b", (5, LATE)), "drawn"),
    ],
)
def test_the_first_criterion_that_differs_decides(loser: Candidate, winner: Candidate, expected: str) -> None:
    """Rule P6: budgets, the most important victim, the sum, the number, who started last."""
    assert expected == lost_by(loser, winner)
    assert "" == lost_by(winner, winner)
    assert winner in best([loser, winner])
