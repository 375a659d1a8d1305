"""Serving one session: run its commands, tell what follows from them, look ahead.

Queue read, database read, work, journal commit (the compare-and-set), publish with the queue's trimming: in this order, so that
whoever dies anywhere leaves it to the next one, and whoever is late notices.
"""

from __future__ import annotations

import time

import structlog
from django.conf import settings

from podlab.jobs.ahead import due, horizon, look_ahead, short
from podlab.jobs.release import park_due, release, ripe
from podlab.jobs.work import Lost, Running, Work, pause, publish, run_on
from podlab.session import engine, journal, metrics, store, warm
from podlab.session import redis as r
from podlab.session.engine import ClusterLike
from podlab.session.picture import nearest
from podlab.session.reading import reads
from podlab.session.restore import restore
from podlab.session.store import Answer, Entry, Live, Told
from podlab.session.timeline import Livelock, Row, Timeline
from podlab.session.upgrade import upgrade
from podlab.sim.errors import StatusError
from podlab.wire.frames import Ack, Nack, decode_command, encode

log = structlog.get_logger()
ATTEMPTS = 8
"""Looks at a session that others change meanwhile; one more for each command that is refused, or a batch of those would never end."""
Refusals = dict[str, tuple[str, str]]


def serve(session: str, live: Live | None = None) -> int | None:
    """Serve a session until no command waits; the wall ms at which it wants to be served again, None: not by itself.

    `live`: a look at it from just now; an older one is no harm, as publishing finds out.
    """
    start = time.thread_time()
    refused: Refusals = {}
    try:
        attempts = 0
        while attempts - len(refused) < ATTEMPTS:
            attempts += 1
            live = live or store.look(session)
            try:
                if live is None:
                    restore(session)
                    metrics.RESTORED.inc()
                elif live.engine != engine.revision():
                    warm.drop(session)
                    upgrade(live)
                else:
                    return _attempt(live, refused, sure=attempts == 1)
            except Lost:
                metrics.CONTENDED.inc()
            live = None
        log.warning("session contended", session=session)
        return r.wall_ms() + 200
    finally:
        metrics.SERVE_SECONDS.inc(time.thread_time() - start)


def _attempt(live: Live, refused: Refusals, sure: bool) -> int | None:
    """`sure`: the queue's commands are taken to be new ones; the journal's unique keys tell otherwise."""
    if live.queue or short(live) or journal.since(live.branch, live.epoch):
        wanted = _work(live, refused, sure)
    else:
        wanted = due(live, Told(live.wall_ms, live.now, 0))
    parking = release(live.session) if ripe(live) else park_due(live)
    return parking if wanted is None or parking is None else min(parking, wanted)


def _work(live: Live, refused: Refusals, sure: bool) -> int | None:
    """Run commands, or tell more of the future; the wall ms at which still more is wanted."""
    work = _prepare(live, refused, sure)
    if work is None:
        raise Lost
    target = horizon(live)
    told = _first_window(work, target)
    return None if told is None else look_ahead(work, told, target)


def _prepare(live: Live, refused: Refusals, sure: bool) -> Work | None:
    """Run the cluster to the first command and apply the commands; None: one was refused, look again without it."""
    known = {} if sure or not live.queue else journal.places(live.branch, (entry.client for entry in live.queue))
    kept = warm.of(live.session, live.branch)
    cluster, n, rows = _base(live, kept)
    fresh = [row for row in rows if row.seq > live.epoch]
    entries, answers = _entries(live, rows, known)
    first = [row.t for row in fresh[:1]] + [entry.t for entry in entries[:1]]
    start = min([live.until, *first])
    timeline = Timeline(cluster, [row for row in rows if row.seq <= live.epoch])
    with Running() as running:
        timeline.run_to(start)
    before = timeline.cluster.take_changes()
    n = before[-1].n if before else n
    epoch = max([live.epoch, *(row.seq for row in fresh), *(entry.seq for entry in live.queue), *(entry.seq for entry in entries)])
    work = Work(live, timeline, kept, start, epoch, n, answers=answers, spent=running.spent)
    if start == live.until:
        work.changes = [each for each in before if each.n > live.n]
        work.n = max(n, live.n)
    elif first:
        metrics.ROLLBACKS.inc()
    timeline.rows.extend(fresh)
    return work if _apply(work, entries, refused) else None


def _base(live: Live, kept: warm.Warm) -> tuple[ClusterLike, int, list[Row]]:
    """A cluster before all that is to be run, the number of its newest change, and the commands after it."""
    start = min(live.until, live.head if live.head is not None else live.until)
    found = kept.nearest(start, lambda seq: journal.since(live.branch, seq))
    if found is not None:
        point, rows = found
        return point.at(min([start, *(row.t for row in rows[:1])])), point.n, rows
    while True:
        base, data = nearest(live, start)
        rows = journal.since(live.branch, base[0])
        earliest = min((row.t for row in rows if row.seq > live.epoch), default=start)
        if earliest >= base[1]:
            return engine.unpack(data), base[2], rows
        start = earliest


def _entries(live: Live, rows: list[Row], known: dict[str, tuple[int, int]]) -> tuple[list[Entry], list[Answer]]:
    """The queue's commands that are not in the journal, with numbers and instants after all that are; and answers for those that are."""
    seq = max([live.epoch, *(row.seq for row in rows)])
    t = max([-1, *(row.t for row in rows)])
    entries: list[Entry] = []
    answers: list[Answer] = []
    for entry in live.queue:
        if entry.client in known:
            answers.append(acknowledge(entry.client, *known[entry.client]))
            continue
        if any(entry.client == each.client for each in entries):
            continue
        seq, t = max(entry.seq, seq + 1), max(entry.t, t + 1)
        entries.append(entry._replace(seq=seq, t=t))
    return entries, answers


def acknowledge(client: str, seq: int, t: int) -> Answer:
    """The answer to a command that is in the journal."""
    return Answer(client, f"{seq} {t}", encode(Ack(0, client, seq, t)))


def refuse(client: str, code: str, message: str) -> Answer:
    """The answer to a command that is not, and will not be."""
    return Answer(client, "", encode(Nack(0, client, code, message)))


def _apply(work: Work, entries: list[Entry], refused: Refusals) -> bool:
    """Apply the commands in order; False when one failed (then the cluster is spoilt, and `refused` says why)."""
    for entry in entries:
        if entry.client not in refused and _spent(work, entry):
            refused[entry.client] = "budget", f"a session takes {settings.PODLAB_COMMAND_LIMIT} commands: start a new one"
        if entry.client in refused:
            work.answers.append(refuse(entry.client, *refused[entry.client]))
            continue
        reason = _try(work, entry)
        if reason is not None:
            refused[entry.client] = reason
            return False
        work.done.append(entry)
        work.answers.append(acknowledge(entry.client, entry.seq, entry.t))
    return True


def _spent(work: Work, entry: Entry) -> bool:
    """Whether a command is one too many. Asked of the database only where there are so many that it may be."""
    limit: int = settings.PODLAB_COMMAND_LIMIT
    if entry.seq <= limit or reads(decode_command(entry.command)):
        return False
    fresh = sum(not reads(decode_command(each.command)) for each in work.done)
    return journal.counted(work.live.branch) + fresh >= limit


def _try(work: Work, entry: Entry) -> tuple[str, str] | None:
    """Run to a command's instant and apply it; why not, if so."""
    try:
        with Running(work):
            work.timeline.run_to(entry.t)
            work.timeline.cluster.apply(decode_command(entry.command))
            work.timeline.instant(entry.t)
            work.changes += work.timeline.cluster.take_changes()
    except StatusError as error:
        return "invalid", error.message
    except Livelock as error:
        return "livelock", str(error)
    except Exception:
        metrics.ENGINE_ERRORS.inc()
        log.exception("engine error", session=work.live.session, t=entry.t, replay=f"manage.py sessions replay {work.live.session}")
        return "engine-error", "the simulation failed here; nothing was changed, and the fault is logged"
    return None


def _first_window(work: Work, target: int) -> Told | None:
    """What follows up to `target`, committed and published; None: the engine failed in it."""
    live, cluster = work.live, work.timeline.cluster
    if work.epoch == live.epoch and not short(live):
        if work.answers:
            store.answer(live.session, work.trim, work.answers)
        return Told(live.wall_ms, live.now, 0)
    applied = cluster.now, len(work.changes), work.checkpoint()
    work.freeze()
    failure = run_on(work, max(cluster.now, target))
    until = cluster.now
    if failure is not None:
        until = applied[0]
        del work.changes[applied[1] :]
    elif cluster.settled > applied[0]:
        work.freeze()
    if work.done and not journal.write(live.branch, work.done):
        raise Lost
    commands = work.done
    told = publish(work, until, applied[2], "command" if commands else "due")
    _count(commands, told)
    if failure is not None:
        pause(live.session, failure)
        return None
    return told


def _count(done: list[Entry], told: Told) -> None:
    for entry in done:
        metrics.COMMANDS.labels("journalled").inc()
        metrics.LATENCY.observe(max(0, told.wall_ms - entry.wall_ms) / 1000)
