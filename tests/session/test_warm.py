"""Clusters kept frozen in a worker: as good as a checkpoint, and never more than that."""

from collections.abc import Iterator

import pytest

from podlab.session import warm
from podlab.session.timeline import Row, Timeline
from podlab.session.warm import Point
from podlab.sim.cluster import Cluster
from podlab.sim.commands import OpenTerminal, TypeLine

RUN = TypeLine("1", "kubectl run web --image=nginx")


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    """No test sees another's points."""
    warm.clear()
    yield
    warm.clear()


def cluster() -> Cluster:
    made = Cluster.start(Cluster.boot("solo"), 5, 1_767_571_200_000)
    made.apply(OpenTerminal("1"))
    return made


def point(frozen: Cluster, seq: int) -> Point:
    return Point(seq, frozen.settled, frozen.now, frozen.world.state.number, frozen.freeze())


def test_a_thawed_cluster_goes_on_as_one_out_of_a_checkpoint() -> None:
    """The same bytes after the same commands."""
    made = cluster()
    made.advance(5_000)
    thawed, loaded = point(made, 1).at(5_000), Cluster.load(made.dump())
    for each in (thawed, loaded):
        each.apply(RUN)
        each.advance(30_000)
    assert loaded.dump() == thawed.dump()
    assert [each.n for each in loaded.take_changes()] == [each.n for each in thawed.take_changes()]


def test_a_clock_goes_back_only_to_where_nothing_has_happened_since() -> None:
    """A point serves every instant from `since` on; before that another one is taken."""
    made = cluster()
    made.apply(RUN)
    made.advance(20_000)
    kept = point(made, 2)
    assert kept.since < 20_000
    assert kept.since == kept.at(kept.since).now
    known = warm.of("s", 1)
    known.add([kept], 0)
    assert known.nearest(kept.since, lambda seq: []) == (kept, [])
    assert known.nearest(kept.since - 1, lambda seq: []) is None
    late = Row(3, kept.since - 1, b"")
    assert known.nearest(30_000, lambda seq: [late]) is None


def test_a_future_that_a_command_replaces_is_forgotten_and_the_past_keeps_one_point() -> None:
    """Points after the new one's beginning go, and of those behind the clock only the newest stays."""
    made, known = cluster(), warm.of("s", 1)
    points = []
    for seq, t in enumerate((1_000, 2_000, 3_000)):
        made.apply(TypeLine("1", f"echo {seq}"))
        made.advance(t)
        points.append(point(made, seq))
    known.add(points, 0)
    assert points == known.points
    known.add([points[1]], 2_500)
    assert [points[1]] == known.points


def test_a_worker_keeps_a_bounded_number_of_sessions_and_forgets_another_branch(settings: pytest.FixtureRequest) -> None:
    """The one unused for longest goes; a session whose branch is another begins anew."""
    settings.PODLAB_WARM_SESSIONS = 2  # type: ignore[attr-defined]
    first = warm.of("a", 1)
    warm.of("b", 1)
    assert warm.of("a", 1) is first
    warm.of("c", 1)
    assert warm.of("a", 1) is first
    assert warm.of("b", 1).points == []
    assert warm.of("c", 2) is not warm.of("c", 1)


def test_a_frozen_cluster_and_its_later_commands_are_what_the_journal_says() -> None:
    """A timeline from a point with the commands that it lacks ends in the same bytes as one from the beginning."""
    made = cluster()
    start = made.dump()
    made.advance(4_000)
    kept = point(made, 0)
    rows = [Row(1, 6_000, b'{"kind":"line","terminal":"1","text":"kubectl run web --image=nginx"}')]
    whole, short = Timeline(Cluster.load(start), rows), Timeline(kept.at(4_000), rows)
    whole.run_to(20_000)
    short.run_to(20_000)
    assert whole.cluster.dump() == short.cluster.dump()
