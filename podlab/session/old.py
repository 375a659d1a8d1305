"""Anonymous sessions that nobody uses any more."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from podlab.learners.models import Learner
from podlab.session import own, store
from podlab.session.models import Session


def sweep_old(limit: int = 100) -> int:
    """Delete anonymous sessions unused for `PODLAB_ANONYMOUS_DAYS`, and learners who have none left; how many sessions went."""
    before = timezone.now() - timedelta(days=settings.PODLAB_ANONYMOUS_DAYS)
    old = list(Session.objects.filter(learner__user=None, last_used__lt=before)[:limit])
    for session in old:
        name = str(session.pk)
        session.delete()
        store.forget(name)
    Learner.objects.filter(user=None, sessions=None, created__lt=before).delete()
    if old:
        own.sweep()
    return len(old)
