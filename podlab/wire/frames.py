"""The frames between browser and server, over `/ws/sessions/<id>/`: one JSON object each, told apart by `kind`.

Frames of a session's stream carry `cursor`: their place in the stream. The page keeps the newest and says it in `hello` when it
comes back. `epoch` is the number of the newest command that a window knows of.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec
from msgspec import Struct

from podlab.sim.changes import Seen
from podlab.sim.commands import Command
from podlab.sim.questions import Answer, Question
from podlab.wire.changes import WireChange

MAX_FRAME = 256 * 1024
"""Bytes of the largest frame that a browser may send."""


Goals = dict[str, dict[str, dict[str, Any]]]
"""What a lesson's goals have told: about → name → data (`Verdict`)."""


class Anchor(Struct, frozen=True):
    """`virtual = virtual_ms + (wall - wall_ms) * speed`, or `virtual_ms` while paused."""

    wall_ms: int
    virtual_ms: int
    speed: float
    paused: bool


class Hello(Struct, tag_field="kind", tag="hello", forbid_unknown_fields=True):
    """First frame of a socket. After a reconnect: the newest cursor, so that only what is missing is sent."""

    cursor: int | None = None
    epoch: int | None = None


class CommandFrame(Struct, tag_field="kind", tag="command", forbid_unknown_fields=True):
    """A command; `id` is the client's (1 to 64 characters) and stays the same when it is sent again."""

    id: str
    command: Command


class ClockFrame(Struct, tag_field="kind", tag="clock", forbid_unknown_fields=True):
    """Run (with `speed`), pause, or step to the next change."""

    id: str
    action: Literal["run", "pause", "step"]
    speed: Literal[1, 10, 60] = 1


class Past(Struct, tag_field="kind", tag="past", forbid_unknown_fields=True):
    """Asks for the picture of an instant that was released before the page came."""

    id: str
    t: int


class Ask(Struct, tag_field="kind", tag="ask", forbid_unknown_fields=True):
    """A question about the cluster as it is now, or was at `t`; answered by `answer`, or by a `nack`. It changes nothing."""

    id: str
    question: Question
    t: int | None = None


class Ping(Struct, tag_field="kind", tag="ping", forbid_unknown_fields=True):
    """Answered by `pong`."""

    id: str


ClientFrame = Hello | CommandFrame | ClockFrame | Past | Ask | Ping


class Terminal(Struct):
    """A terminal as a snapshot shows it."""

    id: str
    columns: int
    scrollback: str
    prompt: str
    busy: bool


class Welcome(Struct, tag_field="kind", tag="welcome"):
    """Answer to `hello`. `zero_ms`: wall time of virtual zero; `server_ms`: the wall clock that the anchor is read by."""

    session: str
    preset: str
    lesson: str
    zero_ms: int
    server_ms: int
    epoch: int
    anchor: Anchor
    engine: str
    state: str


class SnapshotFrame(Struct, tag_field="kind", tag="snapshot", omit_defaults=True):
    """The whole picture at a released instant; the page starts anew from it."""

    cursor: int
    t: int
    objects: list[dict[str, Any]]
    terminals: list[Terminal]
    goals: Goals = {}
    seen: list[Seen] = []


class Window(Struct, tag_field="kind", tag="window"):
    """What happens up to `until`. Cancels everything held after `from_t` (strictly); a change with an `n` already kept is skipped."""

    cursor: int
    epoch: int
    from_t: int
    until: int
    changes: list[WireChange]


class Hold(Struct, tag_field="kind", tag="hold"):
    """A command was accepted: release nothing later than `t` until a window of `epoch` or a later one has come."""

    cursor: int
    t: int
    epoch: int


class Ack(Struct, tag_field="kind", tag="ack"):
    """The command is in the journal; told to every page of the session. `t`: its instant."""

    cursor: int
    id: str
    seq: int
    t: int


class Nack(Struct, tag_field="kind", tag="nack"):
    """The command was refused and must not be sent again as it is. `code`: slow-down, budget, engine-error, invalid."""

    cursor: int
    id: str
    code: str
    message: str


class ClockState(Struct, tag_field="kind", tag="clock"):
    """The clock has a new anchor."""

    cursor: int
    server_ms: int
    anchor: Anchor


class Notice(Struct, tag_field="kind", tag="notice"):
    """Something to say. `code`: slow-down, budget, livelock, slowed, engine-error, catching-up."""

    cursor: int
    code: str
    args: dict[str, str | int | float]


class PastPicture(Struct, tag_field="kind", tag="past", omit_defaults=True):
    """Answer to `past`: the state at `t`, and the released changes from there up to `until`."""

    id: str
    t: int
    objects: list[dict[str, Any]]
    terminals: list[Terminal]
    changes: list[WireChange]
    until: int
    goals: Goals = {}
    seen: list[Seen] = []


class AnswerFrame(Struct, tag_field="kind", tag="answer"):
    """Answer to `ask`."""

    id: str
    answer: Answer


class Pong(Struct, tag_field="kind", tag="pong"):
    """Answer to `ping`. `server_ms`: the wall clock that the anchor is read by."""

    id: str
    server_ms: int


ServerFrame = Welcome | SnapshotFrame | Window | Hold | Ack | Nack | ClockState | Notice | PastPicture | AnswerFrame | Pong

encode = msgspec.json.Encoder().encode
decode_client = msgspec.json.Decoder(ClientFrame).decode
decode_server = msgspec.json.Decoder(ServerFrame).decode
decode_command = msgspec.json.Decoder(Command).decode
