"""Serving one session: run its commands, tell what follows from them, look ahead.

Queue read, database read, work, journal commit (the compare-and-set), publish with the queue's trimming: in this order, so that
whoever dies anywhere leaves it to the next one, and whoever is late notices.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field

import structlog
from django.conf import settings

from podlab.jobs.release import park_due, release, ripe
from podlab.session import engine, journal, metrics, store, window
from podlab.session import redis as r
from podlab.session.clockwork import LIMIT_MS, wall_at
from podlab.session.models import Session
from podlab.session.picture import nearest
from podlab.session.restore import restore
from podlab.session.service import set_clock
from podlab.session.store import Answer, Blob, Entry, Live, Told
from podlab.session.timeline import Livelock, Row, Timeline
from podlab.session.upgrade import upgrade
from podlab.sim.changes import Change
from podlab.sim.errors import StatusError
from podlab.wire.frames import Ack, Nack, Notice, decode_command, encode

log = structlog.get_logger()
ATTEMPTS = 8
"""Looks at a session that others change meanwhile; one more for each command that is refused, or a batch of those would never end."""
HORIZON_MS = 600_000
"""Wall ms that the future is told for at most."""


class Lost(Exception):
    """Somebody else was faster: look again."""


@dataclass
class Work:
    """One attempt: the session as it was looked at, the cluster, and what is to be told."""

    live: Live
    timeline: Timeline
    from_t: int
    epoch: int
    n: int
    changes: list[Change] = field(default_factory=list)
    done: list[Entry] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)

    @property
    def trim(self) -> int:
        """Commands up to this number leave the queue."""
        return self.live.queue[-1].seq if self.live.queue else 0


def serve(session: str) -> int | None:
    """Serve a session until no command waits; the wall ms at which it wants to be served again, None: not by itself."""
    start = time.thread_time()
    refused: dict[str, tuple[str, str]] = {}
    try:
        attempts = 0
        while attempts - len(refused) < ATTEMPTS:
            attempts += 1
            live = store.look(session)
            if live is None:
                restore(session)
                metrics.RESTORED.inc()
                continue
            if live.engine != engine.revision():
                upgrade(live)
                continue
            try:
                return _attempt(live, refused, sure=attempts == 1)
            except Lost:
                metrics.CONTENDED.inc()
        log.warning("session contended", session=session)
        return r.wall_ms() + 200
    finally:
        metrics.SERVE_SECONDS.inc(time.thread_time() - start)


def _attempt(live: Live, refused: dict[str, tuple[str, str]], sure: bool) -> int | None:
    """`sure`: the queue's commands are taken to be new ones; the journal's unique keys tell otherwise."""
    work = _prepare(live, refused, sure)
    if work is None:
        raise Lost
    told = _first_window(work)
    ahead = _look_ahead(work, told) if told is not None else None
    due = release(live.session) if ripe(live) else park_due(live)
    return due if ahead is None or due is None else min(due, ahead)


def _prepare(live: Live, refused: dict[str, tuple[str, str]], sure: bool) -> Work | None:
    """Run the cluster to the first command and apply the commands; None: one was refused, look again without it."""
    base, data, rows = _base(live)
    fresh = [row for row in rows if row.seq > live.epoch]
    known = {} if sure or not live.queue else journal.places(live.branch, (entry.client for entry in live.queue))
    entries, answers = _entries(live, rows, known)
    first = [row.t for row in fresh[:1]] + [entry.t for entry in entries[:1]]
    start = min([live.until, *first])
    timeline = Timeline(engine.unpack(data), [row for row in rows if row.seq <= live.epoch])
    timeline.run_to(start)
    before = timeline.cluster.take_changes()
    n = before[-1].n if before else base[2]
    rolled_back = start < live.until
    epoch = max([live.epoch, *(row.seq for row in fresh), *(entry.seq for entry in live.queue), *(entry.seq for entry in entries)])
    work = Work(live, timeline, start, epoch, n, answers=answers)
    if not rolled_back:
        work.changes = [each for each in before if each.n > live.n]
        work.n = max(n, live.n)
    elif first:
        metrics.ROLLBACKS.inc()
    timeline.rows.extend(fresh)
    return work if _apply(work, entries, refused) else None


def _base(live: Live) -> tuple[Blob, bytes, list[Row]]:
    """The newest checkpoint that lies before all that is to be run, and the commands after it."""
    start = min(live.until, live.head if live.head is not None else live.until)
    while True:
        base, data = nearest(live, start)
        rows = journal.since(live.branch, base[0])
        earliest = min((row.t for row in rows if row.seq > live.epoch), default=start)
        if earliest >= base[1]:
            return base, data, rows
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


def _apply(work: Work, entries: list[Entry], refused: dict[str, tuple[str, str]]) -> bool:
    """Apply the commands in order; False when one failed (then the cluster is spoilt, and `refused` says why)."""
    for entry in entries:
        if entry.client not in refused and entry.seq > settings.PODLAB_COMMAND_LIMIT:
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


def _try(work: Work, entry: Entry) -> tuple[str, str] | None:
    """Run to a command's instant and apply it; why not, if so."""
    start = time.thread_time()
    try:
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
    finally:
        metrics.ENGINE_SECONDS.inc(time.thread_time() - start)
    return None


def _first_window(work: Work) -> Told | None:
    """What follows in the next two seconds, committed and published; None: the engine failed in it."""
    live, cluster = work.live, work.timeline.cluster
    target = max(cluster.now, live.now + int(settings.PODLAB_FIRST_MS * live.anchor.speed))
    if work.epoch == live.epoch and target <= live.until:
        if work.answers:
            store.answer(live.session, work.trim, work.answers)
        return Told(live.wall_ms, live.now, 0)
    applied = cluster.now, len(work.changes), engine.pack(cluster.dump()) if work.done else None
    failure = run_on(work, target)
    until = cluster.now
    if failure is not None:
        until = applied[0]
        del work.changes[applied[1] :]
    if work.done and not journal.write(live.branch, work.done):
        raise Lost
    number = work.changes[applied[1] - 1].n if applied[1] else work.n
    saved = None if applied[2] is None else ((work.epoch, applied[0], number), applied[2])
    told = publish(work, until, saved, "command" if work.done else "due")
    _count(work.done, told)
    if failure is not None:
        pause(live.session, failure)
        return None
    return told


def _count(done: list[Entry], told: Told) -> None:
    for entry in done:
        metrics.COMMANDS.labels("journalled").inc()
        metrics.LATENCY.observe(max(0, told.wall_ms - entry.wall_ms) / 1000)


def run_on(work: Work, target: int) -> Notice | None:
    """Run on towards `target`, into the window; what to say where the engine cannot (the cluster is spoilt then)."""
    start = time.thread_time()
    try:
        work.changes += work.timeline.window(target, settings.PODLAB_WINDOW_CPU_S)
    except Livelock as error:
        return Notice(0, "livelock", {"t": error.t, "parties": error.parties})
    except Exception:
        metrics.ENGINE_ERRORS.inc()
        log.exception("engine error", session=work.live.session, replay=f"manage.py sessions replay {work.live.session}")
        return Notice(0, "engine-error", {"t": work.timeline.cluster.now})
    finally:
        metrics.ENGINE_SECONDS.inc(time.thread_time() - start)
    return None


def publish(work: Work, until: int, checkpoint: tuple[Blob, bytes] | None, why: str) -> Told:
    """Publish the window from `work.from_t` to `until`, and begin the next one; Lost where the future is another by now."""
    live = work.live
    n = work.changes[-1].n if work.changes else work.n
    told = store.publish(
        live.session,
        epoch=work.epoch,
        from_t=work.from_t,
        until=until,
        n=n,
        window=window.make(work.epoch, work.from_t, until, work.changes),
        cut=_cut(work),
        trim=work.trim,
        checkpoint=checkpoint,
        answers=work.answers,
    )
    if told is None:
        raise Lost
    metrics.WINDOWS.labels(why).inc()
    work.from_t, work.n, work.changes, work.answers, work.done = until, n, [], [], []
    work.live = live._replace(epoch=work.epoch, queue=[])
    return told


def _cut(work: Work) -> tuple[int, bytes] | None:
    """The stored window that a command falls into, without what it cancels."""
    if work.epoch == work.live.epoch:
        return None
    before = [name for name in work.live.future if name < work.from_t]
    chunk = store.chunks(work.live.session, before[-1:])
    return (before[-1], window.cut(chunk[0], work.from_t)) if chunk else None


def _look_ahead(work: Work, told: Told) -> int | None:
    """Tell more of the future, in spans that double, while nobody waits; the wall ms at which more is wanted, None: never."""
    live, cluster = work.live, work.timeline.cluster
    span = int(settings.PODLAB_FIRST_MS * live.anchor.speed)
    limit = min(LIMIT_MS, told.now + int(HORIZON_MS * live.anchor.speed))
    end = time.thread_time() + settings.PODLAB_SERVE_CPU_S
    while not told.waiting and cluster.now < limit and time.thread_time() < end:
        idle = work.timeline.upcoming() is None
        failure = run_on(work, LIMIT_MS if idle else min(cluster.now + span, limit))
        if failure is not None:
            pause(live.session, failure)
            return None
        span *= 2
        if work.changes or cluster.now >= limit:
            blob = work.timeline.newest(work.epoch), cluster.now, work.changes[-1].n if work.changes else work.n
            told = publish(work, cluster.now, (blob, engine.pack(cluster.dump())), "ahead")
        elif store.waiting(live.session):
            break
    return _due(work, told)


def _due(work: Work, told: Told) -> int | None:
    until, anchor = work.from_t, work.live.anchor
    metrics.LAG.set(max(0, told.now - until) / 1000)
    if until >= LIMIT_MS:
        return None
    if told.now > until and anchor.speed > 1 and not told.waiting:
        slow(work.live.session, anchor.speed)
    due = wall_at(anchor, until)
    return None if due is None else max(told.wall_ms, due - settings.PODLAB_MARGIN_MS)


def pause(session: str, why: Notice) -> None:
    """The engine cannot go on here: stop the clock and say so. Commands before that instant are still taken."""
    set_clock(session, "pause")
    Session.objects.filter(pk=session).update(state=Session.State.PAUSED, reason=encode(why).decode()[:400])
    store.tell(session, encode(why))
    log.warning("session paused", session=session, why=why.code, args=why.args)


def slow(session: str, speed: float) -> None:
    """The engine cannot follow: let the clock run slower, and say so."""
    slower = max(1.0, float(int(speed * 0.6)))
    set_clock(session, "run", slower)
    store.tell(session, encode(Notice(0, "slowed", {"speed": slower, "wanted": speed})))
