"""The pages' answers, without a browser."""

import re

import pytest
from django.test import Client, RequestFactory
from pytest_django import Settings

from podlab.session.models import Session
from podlab.web import views

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("front_end")]


def test_looking_at_home_makes_nobody_a_learner(client: Client) -> None:
    """No cookie, no row: only Start does."""
    assert 200 == client.get("/").status_code
    assert "podlab_session" not in client.cookies


def test_start_opens_a_session_with_the_preset_that_was_chosen(client: Client) -> None:
    """Post, then the lab page of a session that is the learner's."""
    answer = client.post("/start/", {"preset": "solo"})
    session = Session.objects.get()
    assert ("solo", f"/lab/{session.pk}/") == (session.preset, answer.headers["Location"])
    assert 200 == client.get(answer.headers["Location"]).status_code


def test_start_without_a_choice_takes_three_machines(client: Client) -> None:
    """`trio` is the usual one."""
    client.post("/start/")
    assert "trio" == Session.objects.get().preset


def test_a_preset_that_is_not_offered_is_not_there(client: Client) -> None:
    """404, and no session."""
    assert 404 == client.post("/start/", {"preset": "../etc"}).status_code
    assert 0 == Session.objects.count()


def test_a_full_address_is_told_so(client: Client, settings: Settings) -> None:
    """429 with a page, not an error."""
    settings.PODLAB_ANONYMOUS_CAP = 0
    answer = client.post("/start/")
    assert (429, True) == (answer.status_code, b"<h1>" in answer.content)


def test_nobody_elses_session_is_shown(client: Client) -> None:
    """404 for another browser, as for an address that never was."""
    address = client.post("/start/").headers["Location"]
    assert 404 == Client().get(address).status_code
    assert 404 == client.get("/lab/00000000-0000-4000-8000-000000000000/").status_code


@pytest.mark.parametrize(("accepts", "lang"), [("ko-KR,ko;q=0.9", "ko"), ("en-GB", "en"), ("fr", "en")])
def test_the_browsers_language_is_spoken(client: Client, accepts: str, lang: str) -> None:
    """Korean or English; English for everything else."""
    page = client.get("/", headers={"accept-language": accepts}).content.decode()
    assert f'<html lang="{lang}"' in page


def test_the_theme_cookie_is_believed_only_where_it_names_a_theme(client: Client) -> None:
    """Anything else leaves it to the system."""
    client.cookies["podlab_theme"] = "dark"
    assert b'data-theme="dark"' in client.get("/").content
    client.cookies["podlab_theme"] = '"><script>'
    assert b'data-theme="' not in client.get("/").content


@pytest.mark.parametrize("path", ["/", "/nothing/"])
def test_no_page_has_script_or_style_of_its_own(client: Client, path: str) -> None:
    """The security policy allows none: no inline script but data, no style element, no style attribute, no handler."""
    page = re.sub(r"<script[^>]* src=[^>]*></script>", "", client.get(path).content.decode())
    assert [] == re.findall(r"<script(?! id=\"\w+\" type=\"application/json\")|<style|\sstyle=|\son\w+=", page)


def test_an_error_page_needs_no_session(rf: RequestFactory) -> None:
    """500 with a page, also before any middleware has run."""
    answer = views.server_error(rf.get("/"))
    assert (500, True) == (answer.status_code, b"<h1>" in answer.content)
