"""What time has released is kept: history chunks, checkpoints to seek from, and the one checkpoint of a parked session."""

from __future__ import annotations

import zlib

import msgspec
from django.conf import settings
from django.db import IntegrityError, transaction

from podlab.session import engine, journal, metrics, progress, store, window
from podlab.session.clockwork import IRREVOCABLE_MS
from podlab.session.models import Checkpoint, HistoryChunk
from podlab.session.redis import client, key
from podlab.session.store import Live
from podlab.session.timeline import Timeline
from podlab.wire.changes import WireChange

DENSE_MS = 60_000
"""Virtual ms between kept checkpoints, for the last ten of them …"""
SPARSE_MS = 600_000
"""… and before that."""


def ripe(live: Live) -> bool:
    """Whether there may be enough to keep, as far as this look tells."""
    return live.away or len(live.future) >= settings.PODLAB_HISTORY_CHUNKS or live.now - min(live.future, default=live.now) >= DENSE_MS


def park_due(live: Live) -> int:
    """The wall ms at which the session may be parked."""
    return live.seen_ms + live.linger_ms + 1


def release(session: str) -> int | None:
    """Keep what has passed; the wall ms at which the session may be parked, None: it is, or its clock stands."""
    live = store.look(session)
    if live is None or live.parked:
        return None
    passed = released(live)
    ended = [name for name, following in zip(live.future, [*live.future[1:], live.until], strict=True) if following <= passed]
    if live.away and not live.queue:
        _keep(live, live.future, live.now)
        return None if _park(live) else live.wall_ms + 1000
    if len(ended) >= settings.PODLAB_HISTORY_CHUNKS or (ended and passed - live.future[0] >= DENSE_MS):
        _keep(live, ended, passed)
        _keep_checkpoint(live, passed)
    return park_due(live)


def released(live: Live) -> int:
    """The newest instant that nothing can contradict any more: behind the clock, the known future, and every waiting command."""
    behind = live.now - int(IRREVOCABLE_MS * live.anchor.speed)
    return min([live.until, behind, *(entry.t - 1 for entry in live.queue[:1])])


def _keep(live: Live, names: list[int], passed: int) -> None:
    """Write the told windows `names` up to `passed` as one chunk, then drop those that are in it whole."""
    windows = [window.stored(chunk) for chunk in store.chunks(live.session, names)]
    _, n = journal.history_end(live.branch)
    new = [change for each in windows for change in each.changes if n < change.n and change.t <= passed]
    whole = [str(each.from_t) for each in windows if each.until <= passed]
    if (not new or _write(live, windows[0].from_t, min(passed, windows[-1].until), n, new)) and whole:
        client().hdel(key(live.session, "future"), *whole)


def _write(live: Live, from_t: int, until: int, n: int, changes: list[WireChange]) -> bool:
    """Insert a chunk; False: somebody else has just written this part."""
    data = zlib.compress(msgspec.json.encode(changes), 6)
    chunk = HistoryChunk(branch_id=live.branch, from_t=from_t, until=until, from_n=n, last_n=changes[-1].n, data=data)
    try:
        with transaction.atomic():
            chunk.save(force_insert=True)
            progress.keep(live.session, changes)
    except IntegrityError:
        return False
    return True


def _keep_checkpoint(live: Live, passed: int) -> None:
    """Keep the newest released checkpoint where the last kept one is a minute old; thin out the older ones."""
    found = [blob for blob in live.checkpoints if blob[1] <= passed and blob[0] <= live.epoch]
    newest = Checkpoint.objects.filter(branch_id=live.branch).order_by("t_ms").values_list("t_ms", flat=True).last() or 0
    if not found or found[-1][1] - newest < DENSE_MS:
        return
    data = store.checkpoint(live.session, found[-1])
    if data is not None:
        _save(live, *found[-1], data)
        _thin(live.branch, found[-1][1])


def _save(live: Live, seq: int, t: int, n: int, data: bytes) -> None:
    Checkpoint.objects.get_or_create(branch_id=live.branch, t_ms=t, seq=seq, engine=engine.revision(), defaults={"last_n": n, "data": data})


def _thin(branch: int, newest: int) -> None:
    """Of the checkpoints older than ten minutes one each ten minutes stays, and every base."""
    old = Checkpoint.objects.filter(branch_id=branch, base=False, t_ms__lt=newest - 10 * DENSE_MS).order_by("t_ms")
    last = -SPARSE_MS
    for pk, t in old.values_list("pk", "t_ms"):
        if t - last < SPARSE_MS:
            Checkpoint.objects.filter(pk=pk).delete()
        else:
            last = t


def _park(live: Live) -> bool:
    """Run a checkpoint to where the clock stands; it is all that stays. False: somebody came, or it is behind."""
    t = min(live.now, live.until)
    blobs = [blob for blob in live.checkpoints if blob[1] <= t and blob[0] <= live.epoch]
    data = store.checkpoint(live.session, blobs[-1]) if blobs else None
    if data is None:
        return False
    rows = [row for row in journal.since(live.branch, blobs[-1][0]) if row.seq <= live.epoch]
    timeline = Timeline(engine.unpack(data), rows)
    timeline.run_to(t)
    changes = timeline.cluster.take_changes()
    blob = timeline.newest(live.epoch), t, changes[-1].n if changes else blobs[-1][2]
    packed = engine.pack(timeline.cluster.dump())
    if live.now != t or not store.park(live, blob, packed):
        return False
    _save(live, *blob, packed)
    metrics.PARKED.inc()
    return True
