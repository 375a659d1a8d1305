"""What is kept of attempts."""

from __future__ import annotations

from podlab.sim.scheduler import explain
from podlab.sim.scheduler.explain import Attempt, Rival


def attempt(number: int, *, room: bool = False) -> Attempt:
    made = Attempt(0, number, "created", "")
    made.candidates = [Rival("n", ["default/a"], 0, 0, "")] if room else []
    return made


def test_the_attempt_that_made_room_is_kept_beside_the_last_ones() -> None:
    """However often the Pod is tried while its victims end: why this node is still known when it has its place."""
    kept: dict[str, list[Attempt]] = {}
    for number in range(1, 9):
        explain.keep(kept, "default/vip", attempt(number, room=number == 2))
    assert [2, 7, 8] == [each.number for each in kept["default/vip"]]


def test_the_oldest_pods_are_forgotten() -> None:
    """A session's memory has its bound."""
    kept: dict[str, list[Attempt]] = {}
    for number in range(100):
        explain.keep(kept, f"default/{number}", attempt(1))
    assert [f"default/{number}" for number in range(100 - explain.PODS_KEPT, 100)] == list(kept)
