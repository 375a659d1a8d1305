"""A new engine revision never replays an old journal: it starts from the newest checkpoint, which becomes a base.

What was released stays as it is recorded; what was only told is told anew, and every page starts from a new picture.
"""

from __future__ import annotations

import structlog
from django.db import transaction

from podlab.session import engine, journal, restore
from podlab.session import redis as r
from podlab.session.models import Checkpoint, Session
from podlab.session.picture import nearest
from podlab.session.store import Live, blob_key

log = structlog.get_logger()


def upgrade(live: Live) -> None:
    """Move a live session to this revision. Raises what the engine raises where it cannot read the old checkpoint."""
    revision = engine.revision()
    floor = min([live.now, live.until, *(entry.t for entry in live.queue[:1])])
    (seq, t, n), data = nearest(live, floor)
    packed = engine.pack(engine.unpack(data).dump())
    until, told = journal.history_end(live.branch)
    with transaction.atomic():
        Checkpoint.objects.update_or_create(
            branch_id=live.branch, t_ms=t, seq=seq, engine=revision, defaults={"last_n": n, "base": True, "data": packed}
        )
        Session.objects.filter(pk=live.session).update(engine=revision)
    meta = {"engine": f"e{revision}", "until": max(t, until), "n": max(n, told), "pos": restore.new_position()}
    with r.client().pipeline(transaction=True) as pipe:
        pipe.delete(r.key(live.session, "future"), r.key(live.session, "ck"), r.key(live.session, "stream"))
        pipe.hset(r.key(live.session, "ck"), blob_key((seq, t, n)), packed)
        pipe.hset(r.key(live.session, "meta"), mapping=meta)
        pipe.execute()
    log.info("session upgraded", session=live.session, before=live.engine, after=revision, t=t)
