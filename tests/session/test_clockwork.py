"""Wall and virtual time: `podlab/session/clockwork.py`."""

import pytest

from podlab.session.clockwork import LIMIT_MS, virtual_at, wall_at
from podlab.wire.frames import Anchor


@pytest.mark.parametrize(
    ("anchor", "wall", "virtual"),
    [
        (Anchor(1000, 50, 1, False), 1500, 550),
        (Anchor(1000, 50, 60, False), 1500, 30_050),
        (Anchor(1000, 50, 1, True), 9999, 50),
        (Anchor(1000, 50, 1, False), 500, 50),
        (Anchor(0, 0, 60, False), 10**9, LIMIT_MS),
    ],
)
def test_virtual_time_runs_through_the_anchor(anchor: Anchor, wall: int, virtual: int) -> None:
    """Faster by the speed, standing while paused, never before the anchor, never beyond the limit."""
    assert virtual == virtual_at(anchor, wall)


def test_a_standing_clock_never_gets_there() -> None:
    """`wall_at` is the way back, None while paused."""
    assert wall_at(Anchor(1000, 50, 60, False), 30_050) == 1500
    assert wall_at(Anchor(1000, 50, 1, True), 60) is None
