"""Who is it? The one place that reads and writes the learner's cookie (Django's session, which is signed)."""

from __future__ import annotations

from contextlib import suppress
from typing import Any, Protocol, cast

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.contrib.sessions.backends.base import SessionBase
from django.db import IntegrityError, transaction

from podlab.learners.models import Learner

COOKIE_KEY = "learner"


class Request(Protocol):
    """What is read of a Django request."""

    META: dict[str, Any]
    session: SessionBase
    user: Any


def learner_of(request: Request) -> Learner:
    """The learner behind a request; an anonymous one is made, and remembered in the cookie, where nobody is known yet."""
    known = find(request.session, request.user)
    if known is not None:
        return known
    if request.user.is_authenticated:
        return Learner.objects.get_or_create(user=request.user)[0]
    made = Learner.objects.create(address=address_of(request.META))
    request.session[COOKIE_KEY] = made.pk
    return made


def find(cookie: SessionBase, user: Any) -> Learner | None:
    """The learner that a socket's or a request's cookie names; None: nobody yet. Never writes."""
    if user is not None and cast(AbstractBaseUser, user).is_authenticated:
        return Learner.objects.filter(user_id=user.pk).first()
    pk = cookie.get(COOKIE_KEY)
    return Learner.objects.filter(pk=pk, user=None).first() if pk is not None else None


def address_of(meta: dict[str, Any]) -> str:
    """The address that the cap counts by: the peer's; behind a trusted proxy (`PODLAB_HTTPS`) the last forwarded one."""
    forwarded = str(meta.get("HTTP_X_FORWARDED_FOR", "")).split(",")[-1].strip()
    return (forwarded if settings.HTTPS and forwarded else str(meta.get("REMOTE_ADDR", "")))[:64]


def signed_in(request: Request, before: Learner | None) -> Learner:
    """The learner of a request that has just signed in. What she did `before` without a name becomes hers; nothing is lost."""
    request.session.pop(COOKIE_KEY, None)
    known = Learner.objects.filter(user_id=request.user.pk).first()
    if before is None or not before.anonymous:
        return known or Learner.objects.create(user_id=request.user.pk)
    if known is None:
        before.user, before.address = request.user, ""
        before.save(update_fields=["user", "address"])
        return before
    _hand_over(before, known)
    return known


def _hand_over(old: Learner, new: Learner) -> None:
    """Whatever points at `old` points at `new`; where the new one has it already, hers stays."""
    for relation in Learner._meta.related_objects:
        model, column = relation.related_model, relation.field.name
        for row in model._default_manager.filter(**{column: old}):
            with suppress(IntegrityError), transaction.atomic():
                model._default_manager.filter(pk=row.pk).update(**{column: new})
    old.delete()
