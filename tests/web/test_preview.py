"""An author's own lab shows her pack as it is now."""

from pathlib import Path

import pytest
from django.test import Client

from podlab.packs import library
from podlab.packs.starter import begin

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("front_end")]


@pytest.fixture
def pack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that is looked at."""
    begin(tmp_path / "mine")
    monkeypatch.setenv("PODLAB_PREVIEW", str(tmp_path / "mine"))
    return tmp_path / "mine"


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def test_home_is_the_packs_page(client: Client, pack: Path) -> None:
    """Nothing else is wanted."""
    assert "/lessons/mine/" == client.get("/").headers["Location"]
    assert b"A first Pod" in client.get("/lessons/mine/01-first/").content


def test_another_stamp_follows_each_save(client: Client, pack: Path) -> None:
    """The page knows the one with which it was made, and asks for the newest."""
    before = client.get("/preview/").json()["stamp"]
    assert f'<meta name="preview" content="{before}">'.encode() in client.get("/lessons/mine/").content
    change(pack / "pack.yaml", "My pack", "Our pack")
    assert before != client.get("/preview/").json()["stamp"]
    assert b"Our pack" in client.get("/lessons/mine/").content


def test_while_the_pack_is_broken_every_page_says_what_is_wrong_at_its_line(client: Client, pack: Path) -> None:
    """And once it is mended, the page is back."""
    change(pack / "01-first" / "lesson.yaml", "minutes: 3", "minutes: long")
    page = client.get("/lessons/mine/01-first/").content.decode()
    assert "01-first/lesson.yaml:3:10</code> Expected `int`" in page
    assert '<span class="wrong"><i>3</i> minutes: <b>long</b>' in page
    change(pack / "01-first" / "lesson.yaml", "minutes: long", "minutes: 4")
    assert b"A first Pod" in client.get("/lessons/mine/01-first/").content


def test_the_pack_that_is_looked_at_stands_for_the_houses_own(pack: Path) -> None:
    """Who works on a lesson of the house sees her own copy."""
    change(pack / "pack.yaml", "id: mine", "id: pod")
    found = library.pack("pod")
    assert found is not None and ("preview", ["01-first"]) == (found.origin, list(found.lessons))


def test_other_labs_have_none_of_this(client: Client) -> None:
    """No stamp, no address."""
    assert 404 == client.get("/preview/").status_code
    assert b'name="preview"' not in client.get("/").content
