"""The journal, history and checkpoints in the database."""

from __future__ import annotations

import zlib
from collections.abc import Iterable

from django.db import IntegrityError, connection
from django.db.models import Max

from podlab.session import engine, lessons, own
from podlab.session.models import BootCheckpoint, Branch, Checkpoint, HistoryChunk, JournalRow, Session
from podlab.session.reading import reads
from podlab.session.store import Entry
from podlab.session.timeline import Row
from podlab.wire.frames import decode_command

TABLE = JournalRow._meta.db_table
"""Read and written for every command: in SQL, which costs a third of what models do."""


def since(branch: int, seq: int) -> list[Row]:
    """The commands after `seq`."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT seq, t_ms, command FROM {TABLE} WHERE branch_id = %s AND seq > %s ORDER BY seq", [branch, seq])
        return [Row(*each) for each in cursor.fetchall()]


def newest(branch: int) -> tuple[int, int]:
    """Number and instant of the newest command; (0, 0) without one."""
    found = JournalRow.objects.filter(branch_id=branch).aggregate(Max("seq"), Max("t_ms"))
    return found["seq__max"] or 0, found["t_ms__max"] or 0


def places(branch: int, clients: Iterable[str]) -> dict[str, tuple[int, int]]:
    """Number and instant of those commands that are in the journal, by client id."""
    rows = JournalRow.objects.filter(branch_id=branch, client__in=list(clients))
    return {client: (seq, t) for client, seq, t in rows.values_list("client", "seq", "t_ms")}


def counted(branch: int) -> int:
    """How many commands count against the budget: all but the lines that only read."""
    return JournalRow.objects.filter(branch_id=branch, reading=False).count()


def write(branch: int, entries: list[Entry]) -> bool:
    """Commit commands: one insert. False: another worker was there first, nothing is written."""
    values = [value for e in entries for value in (branch, e.seq, e.client, e.t, e.command.decode(), reads(decode_command(e.command)))]
    marks = ", ".join(["(%s, %s, %s, %s, %s, %s)"] * len(entries))
    try:
        with connection.cursor() as cursor:
            cursor.execute(f"INSERT INTO {TABLE} (branch_id, seq, client, t_ms, command, reading) VALUES {marks}", values)
    except IntegrityError:
        return False
    return True


def boot(preset: str, revision: str = "", lesson: str = "", version: str = "", nodes: str = "") -> bytes:
    """The packed boot checkpoint of a preset, a lesson or nodes of one's own: run once an engine revision.

    An old `revision`'s, where it is still there.
    """
    name = lessons.boot_key(lesson, version) if lesson else own.boot_key(nodes) if nodes else preset
    found = BootCheckpoint.objects.filter(preset=name, engine=revision or engine.revision()).first()
    if found is None:
        revision = engine.revision()
        data = zlib.compress(_booted(preset, lesson, version, nodes), 6)
        found, _ = BootCheckpoint.objects.get_or_create(preset=name, engine=revision, defaults={"data": data})
        used = [revision, *Session.objects.values_list("engine", flat=True).distinct()]
        BootCheckpoint.objects.filter(preset=name).exclude(engine__in=used).delete()
    return bytes(found.data)


def _booted(preset: str, lesson: str, version: str, nodes: str) -> bytes:
    if lesson:
        return lessons.booted(lesson, version)
    return own.booted(nodes) if nodes else engine.clusters().boot(preset)


def checkpoint(branch: int, t: int) -> Checkpoint:
    """The newest kept checkpoint at or before `t`; the session's beginning where there is none yet (not saved)."""
    found = Checkpoint.objects.filter(branch_id=branch, t_ms__lte=t).order_by("t_ms", "seq", "pk").last()
    return found or beginning(Branch.objects.select_related("session").get(pk=branch))


def beginning(branch: Branch) -> Checkpoint:
    """The cluster at virtual zero."""
    session: Session = branch.session
    first = zlib.decompress(boot(session.preset, session.engine, session.lesson, session.pack, session.nodes))
    cluster = engine.clusters().start(first, session.seed, session.zero_ms)
    lessons.begin(cluster, session.lesson, session.pack)
    return Checkpoint(branch=branch, t_ms=0, seq=0, engine=engine.revision(), data=engine.pack(cluster.dump()))


def history_end(branch: int) -> tuple[int, int]:
    """How far the released history is kept whole: instant and number of the newest change; (0, 0) without one.

    A window that a command cut ends at the command's instant without what the command did: that instant is not kept whole.
    """
    found = HistoryChunk.objects.filter(branch_id=branch).order_by("last_n").values_list("until", "last_n").last()
    until, n = found or (0, 0)
    return until - JournalRow.objects.filter(branch_id=branch, t_ms=until).exists(), n
