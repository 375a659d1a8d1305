"""Frames of a browser: strict, and only those there are."""

import msgspec
import pytest

from podlab.sim.changes import Cause, ObjectChange
from podlab.sim.commands import TypeLine
from podlab.wire.changes import to_wire
from podlab.wire.frames import CommandFrame, Window, decode_client, decode_server, encode

BAD = [
    b"", b"null", b"[]", b"{}", b'{"kind":"nothing"}', b'{"kind":"hello","extra":1}', b'{"kind":"clock","id":"1","action":"run","speed":7}',
    b'{"kind":"command","id":"1"}', b'{"kind":"command","id":"1","command":{"kind":"line"}}', b'{"kind":"hello","cursor":"x"}', b"\xff",
    b"[" * 10_000,
]  # fmt: skip


@pytest.mark.parametrize("frame", BAD)
def test_a_malformed_frame_is_refused(frame: bytes) -> None:
    """With an error of the decoder, nothing else."""
    with pytest.raises((msgspec.DecodeError, UnicodeError, RecursionError)):
        decode_client(frame)


def test_a_command_is_read() -> None:
    """As the simulation's own value."""
    frame = b'{"kind":"command","id":"1","command":{"kind":"line","terminal":"t","text":"ls"}}'
    assert CommandFrame("1", TypeLine("t", "ls")) == decode_client(frame)


def test_a_change_crosses_the_wire_with_its_cause() -> None:
    """Old and new become a patch; what is not set is not sent."""
    old, new = {"status": {"phase": "Pending"}}, {"status": {"phase": "Running"}}
    change = ObjectChange(5, 7, "MODIFIED", "pods", "default", "web", "u", "5001", old, new, Cause("PR-4", {"s": 1}, 6))
    window = decode_server(encode(Window(1, 2, 3, 4, [to_wire(change)])))
    assert isinstance(window, Window)
    assert msgspec.to_builtins(window.changes[0]) == {
        "kind": "object", "t": 5, "n": 7, "type": "MODIFIED", "resource": "pods", "namespace": "default", "name": "web", "uid": "u",
        "rv": "5001", "patch": {"status": {"phase": "Running"}}, "cause": {"rule": "PR-4", "args": {"s": 1}, "by": 6},
    }  # fmt: skip
