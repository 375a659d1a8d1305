"""The pages about lessons, on a small pack of their own."""

import shutil
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.test import Client

from podlab.learners.models import Progress
from podlab.packs import library, starter
from podlab.session.models import Session

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("front_end", "small")]


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The pack that `pack new` makes is the only one that there is; its folder."""
    folder = tmp_path / "lessons" / "small"
    starter.begin(folder)
    monkeypatch.setattr(library, "SHIPPED", folder.parent)
    monkeypatch.setenv("PODLAB_PACKS", str(tmp_path / "installed"))
    return folder


def read(client: Client, path: str, language: str = "en") -> str:
    """The page at a path, which must be there."""
    answer = client.get(path, headers={"accept-language": language})
    assert 200 == answer.status_code
    return answer.content.decode()


def test_home_leads_to_every_pack_and_to_the_first_lesson(client: Client) -> None:
    """Who comes for the first time finds one button to begin with."""
    page = read(client, "/")
    assert 'href="/lessons/small/"' in page
    assert 'class="btn lg" href="/lessons/small/01-first/"' in page


def test_a_pack_page_lists_its_lessons(client: Client) -> None:
    """With their minutes, each with a button that starts it."""
    page = read(client, "/lessons/small/")
    assert 'action="/lessons/small/01-first/start/"' in page


@pytest.mark.parametrize("language", ["en", "ko"])
def test_a_lesson_can_be_read_without_script(client: Client, small: Path, language: str) -> None:
    """Its text stands in the page, in the reader's language."""
    page = read(client, "/lessons/small/01-first/", language)
    assert f'<article class="prose" lang="{language}">' in page
    assert 'id="task-a"' in page


def test_starting_a_lesson_makes_a_session_of_it_and_coming_back_goes_on(client: Client) -> None:
    """The second start opens the same session; `again` makes another and keeps the first."""
    address = client.post("/lessons/small/01-first/start/").headers["Location"]
    session = Session.objects.get()
    assert ("small/01-first", f"/lab/{session.pk}/") == (session.lesson, address)
    assert address == client.post("/lessons/small/01-first/start/").headers["Location"]
    assert address != client.post("/lessons/small/01-first/start/", {"again": "1"}).headers["Location"]
    assert 2 == Session.objects.count()


def test_the_lab_of_a_lesson_holds_its_text_and_its_goals(client: Client) -> None:
    """What the script brings to life is there from the start."""
    page = read(client, client.post("/lessons/small/01-first/start/").headers["Location"])
    assert 'id="task-a"' in page
    assert '"goals": {"id": "small/01-first"' in page


def test_home_leads_back_to_the_lesson(client: Client) -> None:
    """By its title; the pack says that it was begun."""
    client.post("/lessons/small/01-first/start/")
    page = read(client, "/")
    assert 'href="/lab/' in page
    assert '<i class="begun">' in page


def test_after_a_lesson_home_leads_to_the_next_one(client: Client, small: Path) -> None:
    """Not back into what is done."""
    shutil.copytree(small / "01-first", small / "02-second")
    pack = small / "pack.yaml"
    pack.write_text(pack.read_text("utf-8").replace("[01-first]", "[01-first, 02-second]"), "utf-8")
    client.post("/lessons/small/01-first/start/")
    session = Session.objects.get()
    Progress.objects.create(learner=session.learner, lesson="small/01-first", session=session.pk, task="", at_ms=1000)
    page = read(client, "/")
    assert 'class="btn lg" href="/lessons/small/02-second/"' in page
    assert '<i class="done">' in page


def test_the_lab_of_a_lesson_that_is_gone_still_opens(client: Client, small: Path) -> None:
    """The cluster is the learner's, whatever became of the pack."""
    address = client.post("/lessons/small/01-first/start/").headers["Location"]
    small.rename(small.parent.parent / "away")
    assert "is not here any more" in read(client, address)


@pytest.mark.parametrize("path", ["/lessons/none/", "/lessons/none/01/", "/lessons/small/99-none/"])
def test_what_is_not_there_answers_404(client: Client, path: str) -> None:
    """Packs and lessons."""
    assert 404 == client.get(path).status_code


@pytest.mark.parametrize("path", ["/claims/", "/glossary/", "/"])
def test_without_any_pack_the_pages_say_so(client: Client, small: Path, path: str) -> None:
    """Empty states, no errors."""
    small.rename(small.parent.parent / "away")
    assert 'class="none"' in read(client, path)


def test_a_broken_pack_is_shown_to_staff_only(client: Client, small: Path) -> None:
    """With the place of what is wrong; all others see the site without it."""
    (small / "pack.yaml").write_text("id: small\ntitel: x\n", "utf-8")
    assert "titel" not in read(client, "/")
    client.force_login(User.objects.create_user("instructor", is_staff=True))
    assert "titel" in read(client, "/")


def test_a_claim_leads_to_the_lesson_in_which_it_happens(client: Client, small: Path) -> None:
    """Struck words are struck, and nothing of the author's is HTML."""
    text = "::: claim D1.1\ndocument: A Pod ~~never~~ runs `<b>`.\ncluster: It does.\nproof: a\n:::\n"
    goals = small / "01-first" / "lesson.yaml"
    goals.write_text(goals.read_text("utf-8") + "claims: [D1.1]\n", "utf-8")
    for language in ("en", "ko"):
        path = small / "01-first" / f"text.{language}.md"
        path.write_text(path.read_text("utf-8") + "\n" + text, "utf-8")
    page = read(client, "/claims/")
    assert '<s>never</s> runs <code class="whole">&lt;b&gt;</code>.' in page
    assert 'href="/lessons/small/01-first/#claim-D1.1"' in page
