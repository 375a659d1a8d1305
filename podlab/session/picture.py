"""What a page gets when it comes: the state at a released instant, and the known future from there."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from itertools import islice, takewhile
from typing import Any, NamedTuple

import msgspec

from podlab.session import engine, journal, lessons, restore, store, window
from podlab.session.engine import ClusterLike
from podlab.session.models import HistoryChunk
from podlab.session.store import Blob, Live
from podlab.session.timeline import Timeline
from podlab.wire.changes import WireChange
from podlab.wire.frames import Hold, PastPicture, SnapshotFrame, Terminal, Window, encode

ATTEMPTS = 8
PAST_CHANGES = 5_000
_changes = msgspec.json.Decoder(list[WireChange])


class Picture(NamedTuple):
    """Frames for a page that starts anew; `position`: the stream's frames up to here are contained; `behind`: ms that the told future is behind the clock."""

    position: int
    behind: int
    frames: list[bytes]


def picture(session: str) -> Picture | None:
    """The picture of now; None: the session changes faster than a picture of it can be made."""
    for _ in range(ATTEMPTS):
        live = store.look(session)
        if live is None:
            restore.restore(session)
            continue
        made = _picture(live)
        if made is not None:
            return made
    return None


def _picture(live: Live) -> Picture | None:
    """None: the future changed while the picture was made."""
    t = min([live.now, live.until, *(entry.t for entry in live.queue[:1])])
    cluster, n = at(live, t)
    if n > live.n:  # a command at this very instant that no window has told yet
        t -= 1
        cluster, n = at(live, t)
    future = [window.stored(chunk) for chunk in store.chunks(live.session, live.future)]
    after = store.look(live.session)
    if after is None or (after.epoch, after.until, after.future) != (live.epoch, live.until, live.future):
        return None
    rest = [change for each in future for change in each.changes if change.n > n]
    seen = cluster.snapshot()
    frames = [
        encode(SnapshotFrame(live.position, t, seen.objects, terminals(seen), lessons.goals(cluster), seen.seen)),
        encode(Window(live.position, live.epoch, t, live.until, rest)),
    ]
    if live.queue:
        frames.append(encode(Hold(live.position, live.queue[0].t, live.queue[-1].seq)))
    return Picture(live.position, live.now - live.until, frames)


def at(live: Live, t: int) -> tuple[ClusterLike, int]:
    """The cluster at a released instant, and the number of its newest change."""
    (seq, _, n), data = nearest(live, t)
    timeline = Timeline(engine.unpack(data), (row for row in journal.since(live.branch, seq) if row.seq <= live.epoch))
    timeline.run_to(t)
    changes = timeline.cluster.take_changes()
    return timeline.cluster, changes[-1].n if changes else n


def nearest(live: Live, t: int) -> tuple[Blob, bytes]:
    """The newest checkpoint at or before `t`: from Redis, else from the database."""
    for blob in reversed(live.checkpoints):
        if blob[1] <= t and blob[0] <= live.epoch:
            data = store.checkpoint(live.session, blob)
            if data is not None:
                return blob, data
    kept = journal.checkpoint(live.branch, t)
    return (kept.seq, kept.t_ms, kept.last_n), bytes(kept.data)


def terminals(seen: Any) -> list[Terminal]:
    """A snapshot's terminals as the wire has them."""
    return [Terminal(each.id, each.columns, each.scrollback, each.prompt, each.busy) for each in seen.terminals]


def past(session: str, request: str, t: int) -> PastPicture:
    """The state at a released instant (the newest one where `t` has not come yet) and the released changes from there."""
    live = store.look(session)
    if live is None:
        restore.restore(session)
        live = store.look(session)
        assert live is not None
    now = max(0, min([live.now, live.until, *(entry.t for entry in live.queue[:1])]))
    t = max(0, min(t, now))
    cluster, n = at(live, t)
    changes = _whole_instants(change for change in _told(live, t) if change.n > n and change.t <= now)
    seen = cluster.snapshot()
    until = changes[-1].t if len(changes) >= PAST_CHANGES else now
    return PastPicture(request, t, seen.objects, terminals(seen), changes, until, lessons.goals(cluster), seen.seen)


def _whole_instants(changes: Iterator[WireChange]) -> list[WireChange]:
    """The first of them, and the rest of the last one's instant: a page asks for more from that instant on."""
    some = list(islice(changes, PAST_CHANGES))
    return some + list(takewhile(lambda each: each.t == some[-1].t, changes))


def _told(live: Live, t: int) -> Iterator[WireChange]:
    """Changes after `t`: the kept history, then what Redis still has."""
    n = 0
    for (data,) in HistoryChunk.objects.filter(branch_id=live.branch, until__gte=t).order_by("from_n").values_list("data"):
        for change in _changes.decode(zlib.decompress(data)):
            n = change.n
            yield change
    for chunk in store.chunks(live.session, live.future):
        yield from (change for change in window.stored(chunk).changes if change.n > n)
