"""Making, owning and sweeping sessions, and the clock: `podlab/session/service.py`, `old.py`."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import Settings

from podlab.learners.models import Learner
from podlab.session import redis as r
from podlab.session import service, store
from podlab.session.models import AnchorChange, Session
from podlab.session.old import sweep_old
from tests.session.hand import Hand

pytestmark = pytest.mark.usefixtures("runtime")


def test_an_address_has_so_many_anonymous_sessions(settings: Settings) -> None:
    """The cap counts all learners of the address, and says so."""
    settings.PODLAB_ANONYMOUS_CAP = 2
    for _ in range(2):
        service.create_session(Learner.objects.create(address="192.0.2.1"), "solo")
    with pytest.raises(service.TooMany, match=r"2 sessions from 192\.0\.2\.1"):
        service.create_session(Learner.objects.create(address="192.0.2.1"), "solo")
    service.create_session(Learner.objects.create(address="192.0.2.2"), "solo")


def test_a_session_is_its_learners_only() -> None:
    """Nobody else's cookie opens it, nor none."""
    mine, other = Learner.objects.create(), Learner.objects.create()
    session = service.create_session(mine, "solo")
    assert session == service.own(str(session.pk), mine)
    assert service.own(str(session.pk), other) is None
    assert service.own(str(session.pk), None) is None
    assert [session] == service.sessions_of(mine)


def test_old_anonymous_sessions_are_swept() -> None:
    """After seven days unused; their learners too, and what Redis has."""
    hand = Hand()
    young = Hand()
    Session.objects.filter(pk=hand.id).update(last_used=timezone.now() - timedelta(days=8))
    Learner.objects.update(created=timezone.now() - timedelta(days=9))
    assert sweep_old() == 1
    assert [young.model] == list(Session.objects.all())
    assert Learner.objects.count() == 1
    assert store.look(hand.id) is None


def test_fifty_commands_a_second_then_slow_down(settings: Settings) -> None:
    """The flood of one session is bounded, another's commands go on."""
    settings.PODLAB_QUEUE_LIMIT = 1000
    hand, other = Hand(), Hand()
    line = b'{"kind":"line","terminal":"t","text":"set a 1"}'
    statuses = [service.accept(hand.id, str(uuid.uuid4()), line).status for _ in range(200)]
    assert {"ok", "slow"} == set(statuses)
    assert statuses.count("ok") <= 150
    other.run("set a 1")


def test_instants_rise_by_a_millisecond_at_least() -> None:
    """However fast commands come, and on a clock that stands."""
    hand = Hand()
    service.set_clock(hand.id, "pause")
    for _ in range(5):
        hand.line("set a 1")
    instants = [entry.t for entry in hand.live.queue]
    assert instants == sorted(set(instants))
    assert instants[-1] == hand.live.anchor.virtual_ms


def test_a_step_goes_to_the_next_change() -> None:
    """And stands there; where nothing will happen it does not move."""
    hand = Hand()
    service.set_clock(hand.id, "pause")
    stands = hand.live.now
    service.set_clock(hand.id, "step")
    assert stands == hand.live.now
    answer = hand.run("tick a 5000 2")
    service.set_clock(hand.id, "step")
    assert answer["t"] + 5000 == hand.live.now
    assert hand.live.anchor.paused


def test_the_clock_runs_at_its_speed_and_is_kept() -> None:
    """The anchor is in the database before pages are told."""
    hand = Hand()
    before = hand.live.now
    service.set_clock(hand.id, "run", 60)
    told = hand.frames("clock")[-1]["anchor"]
    assert (told["speed"], told["paused"]) == (60, False)
    kept = AnchorChange.objects.order_by("pk").last()
    assert kept is not None
    assert (told["wall_ms"], told["virtual_ms"]) == (kept.wall_ms, kept.virtual_ms)
    assert before <= told["virtual_ms"]


@pytest.mark.parametrize("hours", [-1, 1])
def test_a_wall_clock_that_jumps_moves_nobody(hours: int) -> None:
    """The next look gives the clock a new anchor: virtual time never falls back, and leaps by what pages may have seen at most."""
    hand = Hand()
    hand.pass_time(10_000)
    before = hand.live.now
    for name in ("wall", "seen"):
        r.client().hincrby(r.key(hand.id, "meta"), name, -hours * 3_600_000)
    service.touch(hand.id)
    leap = hand.live.now - before
    assert 0 <= leap <= 65_000
    assert hand.frames("clock")


def test_a_restarted_redis_gets_a_new_place_in_the_stream() -> None:
    """Cursors of the run before are not mixed up with those after it."""
    hand = Hand()
    before = hand.live.position
    r.client().hset(r.key(hand.id, "meta"), "run", "rother")
    service.touch(hand.id)
    assert before >> 32 != hand.live.position >> 32
