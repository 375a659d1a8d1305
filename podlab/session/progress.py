"""Which tasks of their lessons learners have met: out of the verdicts that time has released, and nothing can contradict any more."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress

import redis

from podlab.learners.models import Learner, Progress
from podlab.session import store, window
from podlab.session.models import Session
from podlab.wire.changes import Verdict, WireChange


def keep(session: str, changes: Iterable[WireChange]) -> None:
    """Write down what was met in released changes. What was met before stays as it was."""
    found = _met(changes)
    if not found:
        return
    of = Session.objects.get(pk=session)
    rows = [Progress(learner_id=of.learner_id, lesson=of.lesson, session=of.pk, task=task, at_ms=t) for task, t in found.items()]
    Progress.objects.bulk_create(rows, ignore_conflicts=True)


def met(learner: Learner, newest: Session | None) -> dict[str, set[str]]:
    """Lesson → the tasks that the learner has met in any run of it ("": the whole); of her `newest` session what is not written down yet too."""
    known: dict[str, set[str]] = {}
    for lesson, task in Progress.objects.filter(learner=learner).values_list("lesson", "task"):
        known.setdefault(lesson, set()).add(task)
    if newest is not None and newest.lesson:
        known.setdefault(newest.lesson, set()).update(_fresh(str(newest.pk)))
    return known


def _fresh(session: str) -> set[str]:
    """What was met in the told windows up to now; nothing while Redis is away."""
    with suppress(redis.RedisError, OSError):
        live = store.look(session)
        windows = [window.stored(each) for each in store.chunks(session, live.future)] if live is not None else []
        return {task for each in windows for task, t in _met(each.changes).items() if live is not None and t <= live.now}
    return set()


def _met(changes: Iterable[WireChange]) -> dict[str, int]:
    verdicts = (each for each in changes if isinstance(each, Verdict) and each.about == "task")
    return {each.name: each.data["at"] for each in verdicts if each.data["state"] == "met" and "at" in each.data}
