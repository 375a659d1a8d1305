"""A session that Redis does not know (any more) comes back from the database."""

from __future__ import annotations

import secrets

from django.conf import settings

from podlab.session import journal
from podlab.session import redis as r
from podlab.session.clockwork import LIMIT_MS, virtual_at
from podlab.session.models import AnchorChange, Branch, Session
from podlab.wire.frames import Anchor


def new_position() -> int:
    """A place in a stream that no earlier stream of the session has had: 20 random bits above 32 that count."""
    return (1 + secrets.randbelow(2**20 - 1)) << 32


def run_id() -> str:
    """Which run of the Redis server this is: its streams may have lost their ends in the one before."""
    return f"r{r.client().info('server')['run_id']}"


def restore(session_id: str) -> None:
    """Put a session's meta back: journal's end, history's end, clock. Harmless when another was faster."""
    session = Session.objects.get(pk=session_id)
    branch = Branch.objects.filter(session=session).latest("number").pk
    seq, t = journal.newest(branch)
    until, n = journal.history_end(branch)
    anchor = _anchor(session, max(t, until))
    meta: dict[str, str | int | float] = {
        "engine": f"e{session.engine}", "branch": branch, "epoch": seq, "seq": seq, "until": until, "n": n, "last_t": max(t, until),
        "virtual": anchor.virtual_ms, "speed": anchor.speed, "paused": int(anchor.paused),
        "linger": settings.PODLAB_LINGER_MS, "limit": LIMIT_MS, "parked": 1, "run": run_id(), "pos": new_position(),
    }  # fmt: skip
    args: list[str | int | bytes] = [session_id]
    for name, value in meta.items():
        args += [name, str(value)]
    if r.call("restore", r.keys(session_id, "future", "ck"), args)[0] == b"ok":
        keep_anchor(session_id)


def _anchor(session: Session, least: int) -> Anchor:
    """The clock as it should stand now: it ran at most until somebody was last seen, and never behind what was released."""
    newest = AnchorChange.objects.filter(session=session).order_by("pk").last()
    if newest is None:
        return Anchor(0, max(0, least), 1, False)
    anchor = Anchor(newest.wall_ms, newest.virtual_ms, newest.speed, newest.paused)
    wall = min(r.wall_ms(), int(session.last_used.timestamp() * 1000) + 2 * settings.PODLAB_LINGER_MS)
    return Anchor(wall, max(least, virtual_at(anchor, wall)), anchor.speed, anchor.paused)


def keep_anchor(session_id: str) -> None:
    """Write the clock's anchor into the database, as Redis has it."""
    wall, virtual, speed, paused = r.client().hmget(r.key(session_id, "meta"), ["wall", "virtual", "speed", "paused"])
    if wall is None:
        return
    AnchorChange.objects.create(
        session_id=session_id, wall_ms=int(wall), virtual_ms=int(virtual), speed=float(speed), paused=paused == b"1"
    )
