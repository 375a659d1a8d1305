"""The sweeper and the workers' heirs: `podlab/jobs/sweep.py`, `workers.py`."""

import json
from typing import Any
from unittest.mock import patch

import pytest
from celery import current_app

from podlab.jobs import sweep, tasks, workers
from podlab.session import redis as r
from tests.session.hand import Hand

pytestmark = pytest.mark.usefixtures("runtime")


def test_what_is_due_is_woken_once() -> None:
    """The due session's shard gets a task; a second look within the retry time sends no other."""
    hand = Hand()
    r.client().flushdb()
    r.client().zadd(r.DUE, {hand.id: 1000})
    with patch.object(sweep, "kick") as kick:
        assert 0 == sweep.sweep(999)
        assert 1 == sweep.sweep(1000)
        assert 0 == sweep.sweep(1001)
    kick.assert_called_once_with(r.shard_of(hand.id))
    assert {hand.id.encode()} == r.client().smembers(r.ready(r.shard_of(hand.id)))


def test_a_clock_that_was_set_back_delays_nothing() -> None:
    """What was due an hour ahead by the old clock is woken; a task that was on its way by it is sent again; a worker heard of by it is lost."""
    hand, now = Hand(), r.wall_ms()
    shard = r.shard_of(hand.id)
    r.client().flushdb()
    r.client().zadd(r.DUE, {hand.id: now + 3_600_000})
    r.client().set(r.lock(shard), str(now + 3_600_000), px=3_600_000)
    with patch.object(sweep, "kick") as kick:
        assert 1 == sweep.sweep(now)
        assert 0 == sweep.sweep(now)
    kick.assert_called_once_with(shard)
    for name, seen in {"a": now, "gone": now + 3_600_000}.items():
        r.client().hset(r.WORKERS, name, json.dumps({"seen": seen, "queues": [f"sim.0{len(name)}"]}))
    with patch.object(current_app.control, "add_consumer"):
        assert [("sim.04", "a")] == workers.take_over(now)


def test_a_command_whose_task_was_lost_is_worked_all_the_same() -> None:
    """A worker that died took the task with it; the shard's set still knows."""
    hand = Hand()
    name = hand.line("set a 1")
    r.client().delete(r.lock(r.shard_of(hand.id)))
    with patch.object(sweep, "kick") as kick:
        sweep.sweep(0)
    kick.assert_called_once_with(r.shard_of(hand.id))
    tasks.pump(r.shard_of(hand.id))
    assert "ack" == hand.answer(name)["kind"]
    assert not r.client().exists(r.ready(r.shard_of(hand.id)))


def test_sessions_with_commands_come_first() -> None:
    """Windows wait."""
    hands = [Hand() for _ in range(2)]
    for hand in hands:
        r.client().sadd(r.ready(3), hand.id)
    hands[1].line("set a 1")
    assert hands[1].id == tasks._ready(3)[0]
    hands[0].line("set a 1")
    r.client().delete(r.key(hands[1].id, "queue"))
    assert hands[0].id == tasks._ready(3)[0]


def test_a_lost_workers_queues_are_shared_out() -> None:
    """Among the living, in turn; once."""
    now = r.wall_ms()
    state: dict[str, Any] = {"a": now, "b": now, "gone": now - 20_000}
    for name, seen in state.items():
        r.client().hset(r.WORKERS, name, json.dumps({"seen": seen, "queues": ["sim.00", "sim.01", "sim.02"]}))
    with patch.object(current_app.control, "add_consumer") as add:
        given = workers.take_over(now)
        assert [] == workers.take_over(now)
    assert [("sim.00", "a"), ("sim.01", "b"), ("sim.02", "a")] == given
    assert 3 == add.call_count


def test_nobody_living_takes_over_nothing() -> None:
    """The lost worker is remembered until somebody can."""
    r.client().hset(r.WORKERS, "gone", json.dumps({"seen": 0, "queues": ["sim.00"]}))
    assert [] == workers.take_over(10**9)
    assert r.client().hexists(r.WORKERS, "gone")
