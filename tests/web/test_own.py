"""The form for nodes of one's own."""

import pytest
from django.test import Client
from pytest_django import Settings

from podlab.session.models import Session

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("front_end")]


def test_the_example_that_the_form_shows_opens_a_cluster(client: Client) -> None:
    """What stands there at first is a cluster as it is."""
    shown = client.get("/own/")
    client.post("/own/", {"nodes": shown.context["nodes"].replace("\n", "\r\n")})
    assert ("own", shown.context["nodes"]) == (Session.objects.get().preset, Session.objects.get().nodes)


def test_what_is_wrong_stands_beside_the_lines_and_nothing_is_lost(client: Client) -> None:
    """422, the line's number, the learner's own text again, in her language; no session."""
    answer = client.post("/own/", {"nodes": "node-1\nnode-2 gpu:Never"}, headers={"accept-language": "ko"})
    text = answer.content.decode()
    assert (422, 0) == (answer.status_code, Session.objects.count())
    assert "2번째 줄 <code>gpu:Never</code>: 테인트는" in text
    assert "node-1\nnode-2 gpu:Never</textarea>" in text


def test_a_word_that_is_markup_is_shown_and_does_nothing(client: Client) -> None:
    """Escaped, in the list and in the field."""
    assert "<script>alert" not in client.post("/own/", {"nodes": "<script>alert(1)</script> </textarea><b>=1"}).content.decode()


def test_a_book_is_too_much(client: Client) -> None:
    """Refused before it is read."""
    answer = client.post("/own/", {"nodes": "a\n" * 100_000})
    assert (422, True) == (answer.status_code, len(answer.content) < 50_000)


def test_a_full_address_is_told_so(client: Client, settings: Settings) -> None:
    """429 with a page, as for the presets."""
    settings.PODLAB_ANONYMOUS_CAP = 0
    assert 429 == client.post("/own/", {"nodes": "node-1"}).status_code
