"""`python manage.py sessions list|show|replay`."""

import zlib
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from podlab.session.models import Checkpoint
from tests.session.hand import Hand

pytestmark = pytest.mark.usefixtures("runtime")


def out(*arguments: str) -> str:
    """What the command prints."""
    stream = StringIO()
    call_command("sessions", *arguments, stdout=stream)
    return stream.getvalue()


def test_list_and_show_tell_what_there_is() -> None:
    """The session in the list; its commands when shown."""
    hand = Hand()
    hand.run("set a 1")
    assert hand.id in out("list")
    shown = out("show", hand.id)
    assert '"text": "set a 1"' in shown
    assert "0 waiting" in shown


def test_replay_compares_bytes_and_finds_a_difference() -> None:
    """Equal says so; a checkpoint that was tampered with is named, and the exit is an error."""
    hand = Hand()
    hand.run("set a 1")
    assert "1 commands again" in out("replay", hand.id)
    branch = hand.model.branches.get()
    data = zlib.compress(b"other")
    Checkpoint.objects.create(branch=branch, t_ms=50_000, seq=1, engine=hand.model.engine, data=data)
    with pytest.raises(CommandError, match="differ"):
        out("replay", hand.id)


def test_an_unknown_session_is_told() -> None:
    """With the way to those there are."""
    with pytest.raises(CommandError, match="`sessions list` shows"):
        out("show", "00000000-0000-4000-8000-000000000000")
