"""A disk that is full, under the database or under Valkey: told, and nothing is lost, doubled or half written."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import pytest
import redis
from django.db import OperationalError, connection

from podlab.session import journal, service
from podlab.session import redis as r
from podlab.session.models import AnchorChange, JournalRow
from podlab.session.replay import replay
from tests.session.hand import Hand

pytestmark = pytest.mark.usefixtures("runtime")
WRITES = ("INSERT", "UPDATE", "DELETE")


@contextmanager
def full(table: str = "") -> Iterator[None]:
    """No room for writes to the table, or to any."""

    def refuse(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith(WRITES) and f"session_{table}" in sql:
            raise OperationalError("database or disk is full")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(refuse):
        yield


def refusing(on: bool) -> None:
    """Make Valkey refuse every write, as one whose disk is full does, or take them again."""
    r.client().config_set("min-replicas-to-write", int(on))


@pytest.fixture
def room() -> Iterator[None]:
    """Valkey takes writes again, whatever happens."""
    yield
    refusing(on=False)


@pytest.mark.parametrize("table", ["journalrow", "historychunk", "checkpoint", ""])
def test_a_full_database_is_told_and_made_up_for(table: str) -> None:
    """Whatever cannot be written: the page hears "catching up"; once there is room, every command is kept once and the replay is the same."""
    hand = Hand()
    names = [hand.line("tick a 1000 500")]
    hand.serve()
    with full(table):
        for n in range(3):
            names.append(hand.line(f"set b {n}"))
            hand.serve()
            hand.pass_time(70_000)
            hand.serve()
    assert "catching-up" in [each["code"] for each in hand.frames("notice")]
    for _ in range(3):
        hand.serve()
        hand.pass_time(70_000)
    assert sorted(names) == sorted(JournalRow.objects.values_list("client", flat=True))
    found = replay(hand.refresh())
    assert (4, []) == (found.commands, found.lines)
    assert "2" == hand.objects()["b"]


def test_a_clock_that_cannot_be_kept_is_refused() -> None:
    """The error reaches the socket, which closes; set again when there is room, it is kept."""
    hand = Hand()
    kept = AnchorChange.objects.count()
    with full("anchorchange"), pytest.raises(OperationalError):
        service.set_clock(hand.id, "pause")
    assert kept == AnchorChange.objects.count()
    service.set_clock(hand.id, "pause")
    assert AnchorChange.objects.latest("pk").paused


@pytest.mark.usefixtures("room")
def test_a_full_valkey_takes_no_command_and_loses_none() -> None:
    """What is not accepted is an error for the socket; what was accepted before is worked when there is room."""
    hand = Hand()
    name = hand.line("set a 1")
    refusing(on=True)
    with pytest.raises(redis.RedisError):
        hand.line("set b 2", "late")
    with pytest.raises(redis.RedisError):
        hand.serve()
    refusing(on=False)
    hand.line("set b 2", "late")
    hand.serve()
    assert ["ack", "ack"] == [hand.answer(each)["kind"] for each in (name, "late")]
    assert 2 == JournalRow.objects.count()
    assert [] == replay(hand.refresh()).lines


@pytest.mark.usefixtures("room")
def test_a_valkey_that_fills_up_between_commit_and_window_doubles_nothing() -> None:
    """The command is in the journal but not told: the next task finds it there, tells it and acknowledges it once."""
    hand = Hand()
    name = hand.line("set a 1")
    write = journal.write

    def write_and_fill(*args: Any) -> bool:
        done = write(*args)
        refusing(on=True)
        return done

    with patch.object(journal, "write", write_and_fill), pytest.raises(redis.RedisError):
        hand.serve()
    refusing(on=False)
    hand.serve()
    assert "ack" == hand.answer(name)["kind"]
    assert 1 == JournalRow.objects.count()
    hand.pass_time(1000)
    assert "1" == hand.objects()["a"]
    assert [] == replay(hand.refresh()).lines
