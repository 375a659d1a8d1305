"""What other rooms ask of sessions: make one, list them, check whose one is, accept a command, set the clock."""

from __future__ import annotations

import secrets
import time
from typing import Literal

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from podlab.learners.models import Learner
from podlab.session import engine, lessons, restore, store
from podlab.session import redis as r
from podlab.session.clockwork import LIMIT_MS
from podlab.session.models import Branch, Session
from podlab.session.store import Accepted
from podlab.session.window import stored

Action = Literal["run", "pause", "step"]


class TooMany(Exception):
    """The cap of anonymous sessions of one address is reached."""


def create_session(learner: Learner, preset: str, lesson: str = "", nodes: str = "") -> Session:
    """A new session, its clock at virtual zero; it starts when a page says hello. `lesson`: `pack/slug`, then `preset` is its cluster's.

    `nodes`: lines in which `podlab.sim.presets.own.read` finds nothing wrong, then `preset` is `own`. Raises `TooMany` at the address' cap, `NoLesson`.
    """
    version = lessons.find(lesson).version if lesson else ""
    if learner.anonymous and learner.address:
        held = Session.objects.filter(learner__address=learner.address, learner__user=None).count()
        if held >= settings.PODLAB_ANONYMOUS_CAP:
            raise TooMany(f"{held} sessions from {learner.address}: the most that may be without signing in")
    zero = int(time.time()) * 1000
    with transaction.atomic():
        session = Session.objects.create(
            learner=learner,
            preset=preset,
            nodes=nodes,
            lesson=lesson,
            pack=version,
            seed=secrets.randbits(48),
            engine=engine.revision(),
            zero_ms=zero,
        )
        Branch.objects.create(session=session)
    return session


def sessions_of(learner: Learner) -> list[Session]:
    """The learner's sessions, the last used first."""
    return list(Session.objects.filter(learner=learner).order_by("-last_used"))


def own(session_id: str, learner: Learner | None) -> Session | None:
    """The session if it is this learner's; None: it is not, or there is none."""
    return Session.objects.filter(pk=session_id, learner=learner).first() if learner else None


def touch(session_id: str) -> bool:
    """Somebody looks at the session; True: its shard needs a task."""
    shard = r.shard_of(session_id)
    keys = [*r.keys(session_id), r.ready(shard), r.lock(shard)]
    while True:
        args: list[str | int | bytes] = [
            session_id,
            restore.run_id(),
            restore.new_position(),
            settings.PODLAB_KICK_MS,
            settings.PODLAB_MARGIN_MS,
        ]
        status, *rest = r.call("touch", keys, args)
        if status == b"ok":
            break
        restore.restore(session_id)
    if rest[0]:
        restore.keep_anchor(session_id)
    return bool(rest[1])


def used(session_id: str) -> None:
    """Note that the session is in use (for the sweep of old ones, and as a bound for its clock)."""
    Session.objects.filter(pk=session_id).update(last_used=timezone.now())


def accept(session_id: str, client: str, command: bytes) -> Accepted:
    """Queue a command; the acknowledgement comes over the stream once it is in the journal."""
    accepted = store.accept(session_id, client, command)
    if accepted.status == "absent":
        restore.restore(session_id)
        accepted = store.accept(session_id, client, command)
    return accepted


def set_clock(session_id: str, action: Action, speed: float = 1) -> None:
    """Run at `speed`, pause, or step to the next change that is known. Told to all pages once it is kept."""
    least: int | str = ""
    if action == "step":
        live = store.look(session_id)
        least = "" if live is None else next_change(live)
    paused = 0 if action == "run" else 1
    args: list[str | int | bytes] = [session_id, str(speed if action == "run" else 1.0), paused, least]
    if r.call("clock", r.keys(session_id), args)[0] == b"absent":
        restore.restore(session_id)
        r.call("clock", r.keys(session_id), args)
    restore.keep_anchor(session_id)
    if action == "run":
        Session.objects.filter(pk=session_id, state=Session.State.PAUSED).update(state=Session.State.OPEN, reason="")
    store.tell(session_id, b"clock")


def next_change(live: store.Live) -> int:
    """The instant of the next change that is known; else the end of the known future; now, where nothing will ever happen."""
    for chunk in store.chunks(live.session, live.future):
        for change in stored(chunk).changes:
            if change.t > live.now:
                return change.t
    return live.until if live.until < LIMIT_MS else live.now
