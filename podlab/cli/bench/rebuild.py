"""Rebuild: an hour with 900 commands, from the journal and from a kept checkpoint."""

from __future__ import annotations

import json
from collections.abc import Iterator

from podlab.cli.bench import clients
from podlab.cli.bench.measure import Figure, cpu_s
from podlab.session import engine
from podlab.session.timeline import Row, Timeline
from podlab.sim.cluster import Cluster

COMMANDS, HOUR_MS, MINUTE_MS = 900, 3_600_000, 60_000
ZERO_MS = 1_777_000_000_000
LINES = [clients.GET, clients.APPLY, clients.GET, clients.GET, clients.DELETE]


def figures() -> Iterator[Figure]:
    """CPU time to have the cluster as it is at the hour's end."""
    start = engine.pack(Cluster.start(Cluster.boot("trio"), 1, ZERO_MS).dump())
    rows = [Row(1, 0, json.dumps({"kind": "open", "terminal": "t1"})), *map(_row, range(2, COMMANDS + 1))]
    kept = _run(start, rows, HOUR_MS - MINUTE_MS)
    later = [row for row in rows if row.t > HOUR_MS - MINUTE_MS]
    yield Figure("from the journal (limit 1,500)", 1000 * cpu_s(lambda: _run(start, rows, HOUR_MS), 3), "ms CPU", 0)
    yield Figure("from a checkpoint a minute old (limit 150)", 1000 * cpu_s(lambda: _run(kept, later, HOUR_MS)), "ms CPU", 0)
    yield Figure("that checkpoint", len(kept) / 1024, "KB")


def _row(seq: int) -> Row:
    line = {"kind": "line", "terminal": "t1", "text": LINES[seq % len(LINES)]}
    return Row(seq, seq * HOUR_MS // COMMANDS - 1, json.dumps(line))


def _run(data: bytes, rows: list[Row], t: int) -> bytes:
    timeline = Timeline(engine.unpack(data), rows)
    timeline.run_to(t)
    timeline.cluster.take_changes()
    return engine.pack(timeline.cluster.dump())
