"""Windows as they are stored and sent: made of changes, cut at an instant."""

from __future__ import annotations

import msgspec

from podlab.sim.changes import Change
from podlab.wire.changes import to_wire
from podlab.wire.frames import Window, encode

_window = msgspec.json.Decoder(Window)
stored = _window.decode
"""A stored window, decoded."""


def make(epoch: int, from_t: int, until: int, changes: list[Change]) -> bytes:
    """A window's frame; its place in the stream is filled in by the publishing script."""
    return encode(Window(0, epoch, from_t, until, [to_wire(each) for each in changes]))


def cut(chunk: bytes, t: int) -> bytes:
    """The part of a stored window up to and including `t`."""
    window = stored(chunk)
    window.changes = [each for each in window.changes if each.t <= t]
    window.until = min(window.until, t)
    return encode(window)
