"""What Redis knows of a live session, and the calls that change it. All of it can be rebuilt from the database (`restore`)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, NamedTuple

import msgspec
from django.conf import settings

from podlab.session import redis as r
from podlab.session.clockwork import virtual_at
from podlab.wire.frames import Anchor

Blob = tuple[int, int, int]
"""Name of a checkpoint: newest command it contains, instant, number of the newest change."""


class Entry(NamedTuple):
    """A command that waits to be worked: accepted, not acknowledged."""

    seq: int
    t: int
    wall_ms: int
    client: str
    command: bytes


class _Body(msgspec.Struct):
    id: str
    command: msgspec.Raw


_body = msgspec.json.Decoder(_Body)


class Live(NamedTuple):
    """One atomic look at a live session. `until`, `epoch`, `n`: how far the future is told, knowing which commands, by which change."""

    session: str
    engine: str
    branch: int
    epoch: int
    seq: int
    until: int
    n: int
    last_t: int
    anchor: Anchor
    seen_ms: int
    linger_ms: int
    parked: bool
    position: int
    wall_ms: int
    queue: list[Entry]
    future: list[int]
    checkpoints: list[Blob]

    @property
    def now(self) -> int:
        """The virtual now, as it was at the look."""
        return virtual_at(self.anchor, min(self.wall_ms, self.seen_ms + self.linger_ms))

    @property
    def away(self) -> bool:
        """Nobody has looked for so long that the clock stands."""
        return self.wall_ms > self.seen_ms + self.linger_ms

    @property
    def head(self) -> int | None:
        """The instant of the oldest waiting command."""
        return self.queue[0].t if self.queue else None


NUMBERS = ("branch", "epoch", "seq", "until", "n", "last_t", "seen", "linger", "pos")
FIELDS = {*NUMBERS, "engine", "wall", "virtual", "speed", "paused", "parked"}


def look(session: str) -> Live | None:
    """A look; None when Redis does not know the session, or not whole (an older Podlab wrote it)."""
    with r.client().pipeline(transaction=True) as pipe:
        pipe.time()
        pipe.hgetall(r.key(session, "meta"))
        pipe.lrange(r.key(session, "queue"), 0, 63)
        pipe.hkeys(r.key(session, "future"))
        pipe.hkeys(r.key(session, "ck"))
        time, meta, queue, future, checkpoints = pipe.execute()
    known = {name.decode(): value for name, value in meta.items()}
    if not known.keys() >= FIELDS:
        return None
    return _live(session, time, known, queue, future, checkpoints)


def _live(session: str, time: tuple[int, int], meta: dict[str, bytes], queue: list[bytes], future: list[bytes], blobs: list[bytes]) -> Live:
    anchor = Anchor(int(meta["wall"]), int(meta["virtual"]), float(meta["speed"]), meta["paused"] == b"1")
    number = {name: int(meta[name]) for name in NUMBERS}
    return Live(
        session=session,
        engine=meta["engine"].decode()[1:],
        branch=number["branch"],
        epoch=number["epoch"],
        seq=number["seq"],
        until=number["until"],
        n=number["n"],
        last_t=number["last_t"],
        anchor=anchor,
        seen_ms=number["seen"],
        linger_ms=number["linger"],
        parked=meta["parked"] == b"1",
        position=number["pos"],
        wall_ms=time[0] * 1000 + time[1] // 1000,
        queue=[_entry(each) for each in queue],
        future=sorted(map(int, future)),
        checkpoints=sorted((_blob(each) for each in blobs), key=lambda blob: (blob[1], blob[0])),
    )


def _entry(data: bytes) -> Entry:
    seq, t, wall, body = data.split(b" ", 3)
    decoded = _body.decode(body)
    return Entry(int(seq), int(t), int(wall), decoded.id, bytes(decoded.command))


def _blob(name: bytes) -> Blob:
    seq, t, n = name.split(b":")
    return int(seq), int(t), int(n)


def blob_key(blob: Blob) -> str:
    """A checkpoint's name as Redis has it."""
    return ":".join(map(str, blob))


class Accepted(NamedTuple):
    """What became of a command. `kick`: the caller has to send the shard's task. `known` with `seq`: acknowledged already."""

    status: Literal["ok", "known", "slow", "limit", "absent"]
    seq: int = 0
    t: int = 0
    kick: bool = False
    anchored: bool = False


def accept(session: str, client: str, command: bytes) -> Accepted:
    """Stamp and queue a command (JSON of `Command`); see `lua/accept.lua`."""
    shard = r.shard_of(session)
    keys = [*r.keys(session, "queue", "ids", "rate"), r.ready(shard), r.lock(shard)]
    body = msgspec.json.encode({"id": client, "command": msgspec.Raw(command)})
    args: list[str | int | bytes] = [
        session,
        client,
        body,
        settings.PODLAB_COMMANDS_PER_S,
        settings.PODLAB_KICK_MS,
        settings.PODLAB_QUEUE_LIMIT,
    ]
    status, *rest = r.call("accept", keys, args)
    match status:
        case b"ok":
            return Accepted("ok", int(rest[0]), int(rest[1]), bool(rest[2]), bool(rest[3]))
        case b"known":
            seq, t = rest[0].split()
            return Accepted("known", int(seq), int(t), bool(rest[1]))
    return Accepted(status.decode())


class Answer(NamedTuple):
    """What a client is told of its command; `place` is `seq t` of a journalled one, empty for a refused one."""

    client: str
    place: str
    frame: bytes


class Told(NamedTuple):
    """A window that was published: the clock at that moment, and how many commands wait."""

    wall_ms: int
    now: int
    waiting: int


def publish(
    session: str,
    *,
    epoch: int,
    from_t: int,
    until: int,
    n: int,
    window: bytes,
    cut: tuple[int, bytes] | None,
    trim: int,
    checkpoint: tuple[Blob, bytes] | None,
    answers: Iterable[Answer],
) -> Told | None:
    """Publish a window if the future is still the one that it continues or cuts; None: it is not, look again."""
    keys = r.keys(session, "queue", "ids", "future", "ck")
    args: list[str | int | bytes] = [session, epoch, from_t, until, n, window]
    args += ["", ""] if cut is None else [*cut]
    args += [trim]
    args += ["", ""] if checkpoint is None else [blob_key(checkpoint[0]), checkpoint[1]]
    for answer in answers:
        args += [*answer]
    status, *rest = r.call("publish", keys, args)
    return Told(*map(int, rest)) if status == b"ok" else None


def answer(session: str, trim: int, answers: Iterable[Answer]) -> None:
    """Answer without a window, and drop the answered commands (up to `trim`) from the queue."""
    args: list[str | int | bytes] = [session, trim]
    for each in answers:
        args += [*each]
    r.call("answer", r.keys(session, "queue", "ids"), args)


def waiting(session: str) -> bool:
    """Whether a command waits."""
    return bool(r.client().llen(r.key(session, "queue")))


def done(session: str, due_wall_ms: int | None) -> bool:
    """The session was served; True: commands came meanwhile."""
    keys = [*r.keys(session, "queue"), r.ready(r.shard_of(session)), r.DUE, r.MARKS]
    return bool(r.call("done", keys, [session, "" if due_wall_ms is None else due_wall_ms]))


def forget(session: str) -> None:
    """Drop all that Redis has of a session that was deleted."""
    names = [r.key(session, part) for part in ("meta", "stream", "queue", "ids", "rate", "future", "ck")]
    with r.client().pipeline(transaction=True) as pipe:
        pipe.delete(*names)
        pipe.srem(r.ready(r.shard_of(session)), session)
        pipe.zrem(r.DUE, session)
        pipe.hdel(r.MARKS, session)
        pipe.execute()


def park(live: Live, blob: Blob, checkpoint: bytes) -> bool:
    """Leave one checkpoint of a session that nobody looks at; False: somebody came."""
    args: list[str | int | bytes] = [live.session, live.epoch, live.until, *blob[1:], blob_key(blob), checkpoint]
    return bool(r.call("park", r.keys(live.session, "queue", "future", "ck", "ids", "rate"), args)[0] == b"ok")


def chunks(session: str, names: list[int]) -> list[bytes]:
    """Windows of the told future by their `from_t`, as JSON; without those that are gone."""
    found = r.client().hmget(r.key(session, "future"), [str(name) for name in names]) if names else []
    return [each for each in found if each is not None]


def checkpoint(session: str, blob: Blob) -> bytes | None:
    """A packed checkpoint."""
    found: bytes | None = r.client().hget(r.key(session, "ck"), blob_key(blob))
    return found


def take(shard: int) -> bool:
    """Whether the caller has to send the shard's task; False: one is on its way."""
    return bool(r.call("kick", [r.lock(shard)], [settings.PODLAB_KICK_MS]))


def tell(session: str, frame: bytes) -> None:
    """Tell all pages of the session: a frame with `cursor` 0, or `clock` for the anchor as it stands."""
    r.call("tell", r.keys(session), [session, frame])
