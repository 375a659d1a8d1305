"""Uploading and publishing packs in the browser."""

import io
import time
import zipfile
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client

from podlab.packs import library
from podlab.packs.folder import Files, of_folder
from podlab.packs.starter import begin

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("front_end")]


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Files:
    """The files of a good pack; packs are installed in a folder of the test's own."""
    monkeypatch.setenv("PODLAB_PACKS", str(tmp_path / "packs"))
    begin(tmp_path / "mine")
    return of_folder(tmp_path / "mine")


@pytest.fixture
def instructor(client: Client) -> Client:
    """A browser in which an instructor has signed in."""
    client.force_login(User.objects.create_user("grace", is_staff=True))
    return client


def upload(files: Files) -> dict[str, SimpleUploadedFile]:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name, text in files.items():
            archive.writestr(f"mine/{name}", text)
    return {"pack": SimpleUploadedFile("mine.zip", data.getvalue(), "application/zip")}


def test_an_instructor_uploads_sees_the_proof_and_publishes(instructor: Client, files: Files) -> None:
    """Then the pack has a page of its own, for everybody."""
    draft = instructor.post("/instructor/upload/", upload(files)).headers["Location"]
    end = time.monotonic() + 120
    while b'http-equiv="refresh"' in (page := instructor.get(draft).content) and time.monotonic() < end:
        time.sleep(0.2)
    assert b"mine/01-first" in page and b"Publish</button>" in page
    answer = instructor.post(f"{draft}publish/")
    assert (302, "/lessons/mine/") == (answer.status_code, answer.headers["Location"])
    assert 200 == Client().get("/lessons/mine/").status_code
    assert b"mine 1.0.0" in instructor.get("/instructor/").content


def test_a_published_version_is_withdrawn_and_its_learner_keeps_hers(instructor: Client, files: Files, valkey: str) -> None:
    """Gone from the catalogue, still in her cluster's page; published again it is back."""
    library.install(files, Path("mine"))
    learner = Client()
    lab = learner.post("/lessons/mine/01-first/start/").headers["Location"]
    assert b"/instructor/packs/mine/1.0.0/withdraw/" in instructor.get("/instructor/").content
    assert 302 == instructor.post("/instructor/packs/mine/1.0.0/withdraw/").status_code
    assert b'href="/lessons/mine/' not in learner.get("/").content
    assert 404 == learner.get("/lessons/mine/01-first/").status_code
    page = learner.get(lab).content
    assert (True, True) == (b'id="task-a"' in page, b"was withdrawn by its author" in page)
    assert 302 == instructor.post("/instructor/packs/mine/1.0.0/offer/").status_code
    assert 200 == learner.get("/lessons/mine/01-first/").status_code
    assert 404 == instructor.post("/instructor/packs/pod/1.0.0/withdraw/").status_code


@pytest.mark.parametrize(
    ("name", "old", "new", "told"),
    [
        ("pack.yaml", "licence", "license", b"pack.yaml:7:1</code> there is no field &#x27;license&#x27; here"),
        ("01-first/lesson.yaml", "ready(new)", "redy(new)", b"01-first/lesson.yaml:7:"),
    ],
)
def test_a_broken_pack_is_told_as_on_the_command_line(instructor: Client, files: Files, name: str, old: str, new: str, told: bytes) -> None:
    """With file, line, column and fix; nothing is kept."""
    files[name] = files[name].replace(old, new)
    answer = instructor.post("/instructor/upload/", upload(files))
    assert (422, True) == (answer.status_code, told in answer.content)
    assert [] == [each for each in library.versions() if each.origin == "installed"]


@pytest.mark.parametrize("data", [b"", b"PK no zip", b"x" * 1000])
def test_what_is_no_zip_is_refused(instructor: Client, files: Files, data: bytes) -> None:
    """Whatever it is."""
    answer = instructor.post("/instructor/upload/", {"pack": SimpleUploadedFile("x.zip", data)})
    assert 422 == answer.status_code


@pytest.mark.parametrize("path", ["/instructor/", "/instructor/drafts/0a/"])
def test_only_instructors_come_in(client: Client, path: str) -> None:
    """Strangers sign in first; learners are told how one becomes an instructor."""
    assert "/sign-in/?next=" in client.get(path).headers["Location"]
    client.force_login(User.objects.create_user("ada"))
    answer = client.get(path)
    assert (403, True) == (answer.status_code, b"manage.py instructor ada" in answer.content)
    assert 403 == client.post("/instructor/upload/").status_code


def test_a_draft_that_is_gone_is_not_there(instructor: Client, files: Files) -> None:
    """Discarded, or published."""
    draft = instructor.post("/instructor/upload/", upload(files)).headers["Location"]
    assert 302 == instructor.post(f"{draft}discard/").status_code
    assert 404 == instructor.get(draft).status_code


def test_the_command_line_makes_instructors() -> None:
    """By the name with which they signed up."""
    user = User.objects.create_user("ada")
    call_command("instructor", "ada", verbosity=0)
    user.refresh_from_db()
    assert user.is_staff
    with pytest.raises(CommandError, match="nobody has signed up as 'bob'"):
        call_command("instructor", "bob")
