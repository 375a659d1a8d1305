"""A session that workers die of: it runs alone, then it is paused."""

from __future__ import annotations

import structlog

from podlab.jobs.pump import pause, refuse
from podlab.session import metrics, store
from podlab.wire.frames import Notice

log = structlog.get_logger()


def give_up(session: str) -> None:
    """Pause the session and refuse what waits; the way out is the instant before, or a new session."""
    live = store.look(session)
    if live is not None:
        store.answer(session, live.queue[-1].seq if live.queue else 0, [refuse(e.client, "budget", MESSAGE) for e in live.queue])
    pause(session, Notice(0, "budget", {"limit": "engine"}))
    metrics.POISONED.inc()
    log.error("session poisoned", session=session, replay=f"manage.py sessions replay {session}")
    store.done(session, None)


MESSAGE = "engine budget: this needs more computing than a session may use; go back to before it, or start anew"
