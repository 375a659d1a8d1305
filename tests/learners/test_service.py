"""Who is it: `podlab/learners/service.py`."""

import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.contrib.sessions.backends.db import SessionStore
from django.test import RequestFactory
from pytest_django import Settings

from podlab.learners import service
from podlab.learners.models import Learner

pytestmark = pytest.mark.django_db


def request(cookie: SessionStore, user: object = None, **meta: str) -> service.Request:
    made = RequestFactory().get("/", **meta)  # type: ignore[arg-type]
    made.session = cookie
    made.user = user or AnonymousUser()  # type: ignore[assignment]
    return made


def test_an_unknown_browser_becomes_a_learner_and_stays_one() -> None:
    """The cookie remembers; the address is noted for the cap."""
    cookie = SessionStore()
    first = service.learner_of(request(cookie, REMOTE_ADDR="192.0.2.7"))
    assert first == service.learner_of(request(cookie))
    assert (first.address, first.anonymous) == ("192.0.2.7", True)


def test_a_cookie_of_a_learner_who_is_gone_makes_a_new_one() -> None:
    """Cookies lost or outdated: a new learner, the old one is not touched."""
    cookie = SessionStore()
    first = service.learner_of(request(cookie)).pk
    Learner.objects.all().delete()
    assert first != service.learner_of(request(cookie)).pk


def test_signed_in_is_by_user_on_every_device() -> None:
    """The user decides, not the cookie."""
    user = User.objects.create(username="ana")
    assert service.learner_of(request(SessionStore(), user)) == service.learner_of(request(SessionStore(), user))


def test_finding_never_writes() -> None:
    """Sockets and pages that only look make nobody."""
    assert service.find(SessionStore(), AnonymousUser()) is None
    assert Learner.objects.count() == 0


def test_a_forwarded_address_counts_only_behind_a_proxy(settings: Settings) -> None:
    """Else everybody could name an address of their own for each session."""
    meta = {"REMOTE_ADDR": "10.0.0.1", "HTTP_X_FORWARDED_FOR": "198.51.100.9, 203.0.113.5"}
    assert service.address_of(meta) == "10.0.0.1"
    settings.HTTPS = True
    assert service.address_of(meta) == "203.0.113.5"
