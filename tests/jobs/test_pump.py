"""Serving a session: `podlab/jobs/pump.py`."""

import json
from unittest.mock import patch

import pytest
from django.db import OperationalError
from pytest_django import Settings

from podlab.jobs import pump, tasks
from podlab.jobs.release import release
from podlab.session import engine, journal, service, store
from podlab.session import redis as r
from podlab.session.clockwork import LIMIT_MS
from podlab.session.models import Checkpoint, JournalRow, Session
from podlab.session.replay import replay
from podlab.session.restore import keep_anchor
from tests.session.hand import Hand

pytestmark = pytest.mark.usefixtures("runtime")


def test_an_idle_cluster_is_told_to_its_end_and_never_due() -> None:
    """A future without events is one window up to the limit; nothing wakes the session but its parking."""
    hand = Hand()
    assert hand.live.until == LIMIT_MS
    assert hand.live.seen_ms + hand.live.linger_ms + 1 == r.client().zscore(r.DUE, hand.id)


def test_a_command_cuts_the_told_future() -> None:
    """The window of a command begins at its instant, and the future after it is the new one."""
    hand = Hand()
    hand.run("tick a 1000 3")
    before = hand.live
    answer = hand.run("set b 1")
    window = next(each for each in hand.frames("window") if each["epoch"] == answer["seq"])
    assert window["from_t"] == answer["t"] <= before.until
    assert hand.live.epoch == answer["seq"]


def test_a_command_sent_twice_is_one() -> None:
    """The client's id makes twice once, before and after the commit, and when Redis has forgotten it."""
    hand = Hand()
    name = hand.line("set a 1")
    hand.line("set a 1", name)
    hand.serve()
    first = hand.answer(name)
    r.client().delete(r.key(hand.id, "ids"))
    hand.line("set a 1", name)
    hand.serve()
    assert (first["seq"], first["t"]) == (hand.answer(name)["seq"], hand.answer(name)["t"])
    assert JournalRow.objects.count() == 1
    assert not hand.live.queue


@pytest.mark.parametrize(("line", "code"), [("refuse", "invalid"), ("bug", "engine-error")])
def test_what_fails_is_refused_and_the_others_stand(line: str, code: str) -> None:
    """Commands of one batch: the failing one gets a nack, is not journalled, and leaves no trace in the cluster."""
    hand = Hand()
    names = [hand.line(each) for each in ("set a 1", line, "set b 2")]
    hand.serve()
    assert [hand.answer(name)["kind"] for name in names] == ["ack", "nack", "ack"]
    assert code == hand.answer(names[1])["code"]
    hand.pass_time(1000)
    assert hand.objects() == {"cluster": "solo", "a": "1", "b": "2"}
    assert JournalRow.objects.count() == 2


def test_many_commands_that_fail_do_not_hold_up_the_others() -> None:
    """However many of a batch are refused, it is worked in one go: a refusal is no contention."""
    hand = Hand()
    names = [hand.line("refuse") for _ in range(pump.ATTEMPTS + 4)] + [hand.line("set a 1")]
    hand.serve()
    assert ["nack"] * (pump.ATTEMPTS + 4) + ["ack"] == [hand.answer(name)["kind"] for name in names]
    assert not hand.live.queue


def test_a_hold_is_always_released_by_a_window_of_its_epoch() -> None:
    """Also when the command was refused."""
    hand = Hand()
    hand.run("refuse")
    assert max(each["epoch"] for each in hand.frames("hold")) <= max(each["epoch"] for each in hand.frames("window"))


def test_a_bug_in_the_future_pauses_before_it() -> None:
    """The command before it is told and kept; the clock stops; the page is told."""
    hand = Hand()
    answer = hand.run("later-bug 500")
    assert answer["kind"] == "ack"
    assert hand.live.anchor.paused
    assert answer["t"] <= hand.live.until < answer["t"] + 500
    assert [each["code"] for each in hand.frames("notice")] == ["engine-error"]
    assert hand.refresh().state == Session.State.PAUSED


def test_a_livelock_names_its_parties() -> None:
    """An instant that does not end stops by counted steps, never by time."""
    hand = Hand()
    hand.run("spin")
    notice = hand.frames("notice")[-1]
    assert (notice["code"], notice["args"]["parties"]) == ("livelock", "things/spinner")
    assert hand.live.anchor.paused


def test_a_session_that_workers_die_of_is_paused(settings: Settings) -> None:
    """Marks of dead workers count; then the session is paused, the waiting command refused, and the way out told."""
    hand = Hand()
    name = hand.line("die")
    r.client().hset(r.MARKS, hand.id, settings.PODLAB_DEATHS + 1)
    hand.serve()
    assert (hand.answer(name)["kind"], hand.answer(name)["code"]) == ("nack", "budget")
    assert hand.refresh().state == Session.State.PAUSED
    assert not hand.live.queue


def test_running_a_paused_session_again_opens_it() -> None:
    """The learner's "run" is the way back."""
    hand = Hand()
    hand.run("spin")
    service.set_clock(hand.id, "run")
    assert hand.refresh().state == Session.State.OPEN


def test_a_deleted_session_is_forgotten() -> None:
    """Its keys go, and nothing wakes it again."""
    hand = Hand()
    hand.model.delete()
    r.client().delete(r.key(hand.id, "meta"))
    tasks.run(hand.id)
    assert r.client().keys(f"podlab:s:{hand.id}:*") == []
    assert r.client().zscore(r.DUE, hand.id) is None


def test_windows_hold_at_most_their_number_of_changes() -> None:
    """A busy future is told in windows of 64 object changes."""
    hand = Hand()
    hand.run("tick a 5 300")
    sizes = [sum(each["kind"] == "object" for each in window["changes"]) for window in hand.frames("window")]
    assert sum(sizes) == 300
    assert max(sizes) <= 64


def test_the_limit_of_commands_is_told(settings: Settings) -> None:
    """After so many commands a session takes no more, and says so."""
    settings.PODLAB_COMMAND_LIMIT = 2
    hand = Hand()
    assert [hand.run("set a 1")["kind"] for _ in range(3)] == ["ack", "ack", "nack"]


def test_a_session_that_a_worker_died_on_runs_after_all_others() -> None:
    """Should it take this worker too, nobody else's command waits for that."""
    client = r.client()
    client.sadd(r.ready(0), "a", "b", "c")
    client.rpush(r.key("a", "queue"), "command")
    client.rpush(r.key("c", "queue"), "command")
    client.hset(r.MARKS, "a", 1)
    assert ["c", "b", "a"] == tasks._ready(0)


def test_lines_that_only_read_do_not_count_against_the_limit(settings: Settings) -> None:
    """They are taken before and after the last command that is, and journalled."""
    settings.PODLAB_COMMAND_LIMIT = 2
    hand = Hand()
    lines = ["ls", "set a 1", "ls", "ls", "set a 2", "set a 3", "ls"]
    assert ["ack"] * 5 + ["nack", "ack"] == [hand.run(line)["kind"] for line in lines]
    assert 6 == JournalRow.objects.count()
    assert [] == replay(hand.refresh()).lines


def test_a_parked_session_is_one_checkpoint_and_comes_back() -> None:
    """No stream, no future, no due time; a returning page finds the clock where it stopped, and the cluster goes on."""
    hand = Hand()
    hand.run("tick a 100000 3")
    hand.pass_time(30_000)
    hand.leave()
    stopped = hand.live.now
    hand.serve()
    assert hand.live.parked
    assert {"meta", "ck"} == {key.decode().rpartition(":")[2] for key in r.client().keys(f"podlab:s:{hand.id}:*")}
    assert r.client().zscore(r.DUE, hand.id) is None
    assert service.touch(hand.id) is True
    assert stopped <= hand.live.now < stopped + 5_000
    hand.serve()
    hand.pass_time(100_000)
    assert "a" in hand.objects()


def test_a_session_is_replayed_to_the_same_bytes() -> None:
    """History and checkpoints that are kept come out again."""
    hand = Hand()
    for n in range(5):
        hand.run(f"set a {n}")
        hand.run(f"tick b{n} 20000 9")
        hand.pass_time(70_000)
        hand.serve()
    found = replay(hand.refresh())
    assert (found.commands, found.lines) == (10, [])
    assert found.compared > 3
    assert Checkpoint.objects.exists()


def test_a_session_crosses_two_engine_revisions() -> None:
    """Each starts a new base at the newest checkpoint; the work is kept, old journals are not replayed."""
    hand = Hand()
    hand.run("set a 1")
    hand.run("tick t 30000 10")
    hand.pass_time(40_000)
    for revision in ("fake-2", "fake-3"):
        with patch.object(engine, "revision", lambda revision=revision: revision):
            hand.run(f"set b {revision}")
            hand.pass_time(35_000)
            assert revision == hand.objects()["b"]
            assert hand.objects()["a"] == "1"
            base = Checkpoint.objects.filter(base=True, engine=revision).get()
            assert revision == hand.refresh().engine
            found = replay(hand.model)
            assert (found.commands, found.lines) == (1, [])
            assert base.seq > 0
    assert "left" in hand.objects()["t"]


def test_an_emptied_redis_loses_nothing() -> None:
    """The session is rebuilt from the database: clock, commands, numbers."""
    hand = Hand()
    hand.run("set a 1")
    hand.pass_time(5_000)
    before = hand.live
    keep_anchor(hand.id)
    r.client().flushall()
    service.touch(hand.id)
    hand.serve()
    after = hand.live
    assert before.now <= after.now < before.now + 5_000
    assert (before.epoch, before.branch) == (after.epoch, after.branch)
    assert hand.objects()["a"] == "1"
    assert hand.run("set a 2")["seq"] == before.epoch + 1


@pytest.mark.parametrize("field", ["engine", "linger", "run"])
def test_what_an_older_podlab_left_in_redis_is_rebuilt(field: str) -> None:
    """A session whose hash lacks a field, poisoned by it or not, comes back from the database; what waited in its queue is worked."""
    hand = Hand()
    hand.run("set a 1")
    name = hand.line("set b 2")
    r.client().hdel(r.key(hand.id, "meta"), field)
    r.client().hset(r.MARKS, hand.id, 4000)
    hand.serve()
    service.set_clock(hand.id, "run")
    assert 0 == tasks.run(hand.id)
    assert hand.refresh().state == Session.State.OPEN
    assert hand.line("set b 2", name)
    hand.serve()
    assert "ack" == hand.answer(name)["kind"]
    hand.pass_time(1000)
    assert {"cluster": "solo", "a": "1", "b": "2"} == hand.objects()


def test_a_disk_that_is_full_leaves_the_command_waiting() -> None:
    """A write that fails changes nothing; the command is worked when there is room again."""
    hand = Hand()
    name = hand.line("set a 1")
    with patch.object(journal, "write", side_effect=OperationalError("database or disk is full")):
        hand.serve()
    assert len(hand.live.queue) == 1
    assert [each["code"] for each in hand.frames("notice")] == ["catching-up"]
    hand.serve()
    assert hand.answer(name)["kind"] == "ack"


def test_frames_are_json_that_names_its_place() -> None:
    """Each frame of the stream carries its own position."""
    hand = Hand()
    hand.run("set a 1")
    raw = r.client().xrange(r.key(hand.id, "stream"))
    assert [int(name.split(b"-")[0]) for name, _ in raw] == [json.loads(fields[b"f"])["cursor"] for _, fields in raw]
    assert store.look(hand.id) is not None


def test_a_clock_that_the_engine_cannot_follow_runs_slower(settings: Settings) -> None:
    """×60 is "at most": the speed falls, and the page is told both."""
    settings.PODLAB_SERVE_CPU_S = 0
    hand = Hand()
    hand.run("tick a 5 100000")
    service.set_clock(hand.id, "run", 60)
    hand.pass_time(20_000)
    hand.serve()
    notice = hand.frames("notice")[-1]
    assert ("slowed", {"speed": 36.0, "wanted": 60.0}) == (notice["code"], notice["args"])
    assert 36 == hand.live.anchor.speed


def test_a_checkpoint_before_a_command_of_the_journal_is_not_named_after_it() -> None:
    """Redis is lost, and what is told anew has a checkpoint before the command: parking runs it from there all the same."""
    hand = Hand()
    hand.run("tick a 10 100")
    hand.pass_time(5_000)
    hand.run("set b 1")
    hand.pass_time(500)
    keep_anchor(hand.id)
    r.client().flushall()
    service.touch(hand.id)
    hand.serve()
    r.client().hset(r.key(hand.id, "meta"), "linger", 0)
    r.client().hincrby(r.key(hand.id, "meta"), "seen", -5)
    release(hand.id)
    assert hand.live.parked
    assert [] == replay(hand.refresh()).lines
    assert "1" == hand.objects()["b"]
