"""Running a session again from its base, offline, and comparing what comes out with what is kept."""

from __future__ import annotations

import zlib
from typing import NamedTuple

import msgspec

from podlab.session import engine, journal, store
from podlab.session.engine import ClusterLike
from podlab.session.models import Branch, Checkpoint, HistoryChunk, Session
from podlab.session.store import Blob
from podlab.session.timeline import Timeline
from podlab.wire.changes import WireChange, to_wire


class Replay(NamedTuple):
    """What a replay found; `lines` tell each difference."""

    commands: int
    compared: int
    differences: int
    lines: list[str]


def replay(session: Session) -> Replay:
    """Replay the newest branch from the newest base of this engine revision; a change of revision is never replayed across."""
    branch = Branch.objects.filter(session=session).latest("number")
    cluster, base = _base(branch)
    rows = journal.since(branch.pk, base[0])
    timeline = Timeline(cluster, rows)
    kept = _kept(session, branch, base)
    lines: list[str] = []
    changes: list[WireChange] = []
    for blob in sorted(kept, key=lambda each: (each[1], each[0])):
        _run(timeline, blob)
        changes += [to_wire(each) for each in timeline.cluster.take_changes()]
        if zlib.decompress(kept[blob]) != timeline.cluster.dump():
            lines.append(f"checkpoint at {blob[1]} ms (after command {blob[0]}) differs")
    chunks = list(HistoryChunk.objects.filter(branch=branch, from_n__gte=base[2]).order_by("from_n"))
    if chunks:
        timeline.run_to(chunks[-1].until)
        changes += [to_wire(each) for each in timeline.cluster.take_changes()]
    told = {change.n: msgspec.json.encode(change) for change in changes}
    lines += [f"history from {each.from_t} to {each.until} ms differs" for each in chunks if not _same(each, told)]
    return Replay(len(rows), len(kept) + len(chunks), len(lines), lines)


def _base(branch: Branch) -> tuple[ClusterLike, Blob]:
    found = Checkpoint.objects.filter(branch=branch, base=True, engine=engine.revision()).order_by("t_ms").last()
    base = found or journal.beginning(branch)
    return engine.unpack(bytes(base.data)), (base.seq, base.t_ms, base.last_n)


def _kept(session: Session, branch: Branch, base: Blob) -> dict[Blob, bytes]:
    """Every checkpoint after the base, of the database and of Redis."""
    rows = Checkpoint.objects.filter(branch=branch, engine=engine.revision(), t_ms__gt=base[1])
    kept = {(row.seq, row.t_ms, row.last_n): bytes(row.data) for row in rows}
    live = store.look(str(session.pk))
    for blob in live.checkpoints if live else []:
        data = store.checkpoint(str(session.pk), blob)
        if data is not None and blob[1] > base[1]:
            kept[blob] = data
    return kept


def _run(timeline: Timeline, blob: Blob) -> None:
    """To the checkpoint's instant, with no later command than it has (one at the very instant may be the next)."""
    later = [row for row in timeline.rows if row.seq > blob[0]]
    timeline.rows = type(timeline.rows)(row for row in timeline.rows if row.seq <= blob[0])
    timeline.run_to(blob[1])
    timeline.rows.extend(later)


def _same(chunk: HistoryChunk, told: dict[int, bytes]) -> bool:
    kept = msgspec.json.decode(zlib.decompress(chunk.data), type=list[msgspec.Raw])
    numbers = [msgspec.json.decode(each, type=_Number).n for each in kept]
    return [bytes(each) for each in kept] == [told.get(n) for n in numbers]


class _Number(msgspec.Struct):
    n: int
