"""Signing up, in and out, without a browser."""

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.test import Client

from podlab.learners.models import Learner
from podlab.session.models import Session

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("front_end")]
SECRET = "a horse of another colour"


@pytest.fixture(autouse=True)
def _no_guesses() -> None:
    cache.clear()


def _sign_up(client: Client, name: str = "ada", **more: str) -> int:
    return client.post("/sign-up/", {"username": name, "password1": SECRET, "password2": SECRET} | more).status_code


def test_signing_up_keeps_what_an_anonymous_learner_did(client: Client) -> None:
    """The same learner, now with a name: her session stays hers."""
    client.post("/start/")
    session = Session.objects.get()
    assert 302 == _sign_up(client)
    session.refresh_from_db()
    assert ("ada", 1) == (session.learner.user.username, Learner.objects.count())
    assert 200 == client.get(f"/lab/{session.pk}/").status_code


def test_signing_in_on_another_device_finds_the_sessions(client: Client) -> None:
    """And what was done there without a name is added."""
    client.post("/start/")
    _sign_up(client)
    other = Client()
    other.post("/start/", {"preset": "solo"})
    assert 302 == other.post("/sign-in/", {"username": "ada", "password": SECRET}).status_code
    assert (1, 2) == (Learner.objects.count(), Session.objects.filter(learner__user__username="ada").count())
    for session in Session.objects.all():
        assert 200 == other.get(f"/lab/{session.pk}/").status_code


def test_after_signing_out_the_browser_knows_nobody(client: Client) -> None:
    """Her lab is not there any more."""
    client.post("/start/")
    _sign_up(client)
    client.post("/sign-out/")
    assert 404 == client.get(f"/lab/{Session.objects.get().pk}/").status_code


def test_somebody_elses_sign_in_does_not_take_the_first_ones_work(client: Client) -> None:
    """A signed-in learner who signs in under another name brings nothing along."""
    client.post("/start/")
    _sign_up(client)
    User.objects.create_user("eve", password=SECRET)
    client.post("/sign-in/", {"username": "eve", "password": SECRET})
    assert "ada" == Session.objects.get().learner.user.username
    assert 404 == client.get(f"/lab/{Session.objects.get().pk}/").status_code


def test_wrong_passwords_are_told_and_after_ten_the_address_waits(client: Client) -> None:
    """429, also for the right one, for five minutes."""
    _sign_up(client)
    client.post("/sign-out/")
    wrong = {"username": "ada", "password": "no"}
    codes = [client.post("/sign-in/", wrong).status_code for _ in range(11)]
    assert ([200] * 10, 429) == (codes[:10], codes[10])
    assert 429 == client.post("/sign-in/", {"username": "ada", "password": SECRET}).status_code


def test_after_signing_in_one_is_where_one_was_but_never_elsewhere(client: Client) -> None:
    """`next` is followed within the site only."""
    _sign_up(client)
    for wanted, found in (("/learn/", "/learn/"), ("https://evil.example/", "/")):
        client.post("/sign-out/")
        answer = client.post("/sign-in/", {"username": "ada", "password": SECRET, "next": wanted})
        assert found == answer.headers["Location"]


@pytest.mark.parametrize(("language", "words"), [("en", "too common"), ("ko", "너무")])
def test_a_weak_password_is_explained_in_the_readers_language(client: Client, language: str, words: str) -> None:
    """The form comes back with the reason; nobody is made."""
    client.cookies["podlab_language"] = language
    answer = client.post("/sign-up/", {"username": "ada", "password1": "password", "password2": "password"})
    assert words in answer.content.decode()
    assert 0 == User.objects.count()
