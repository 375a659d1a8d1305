"""An instructor's whole way: a pack begun, broken, mended, proved, uploaded, published, followed by a newer version and withdrawn; and its learners'."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import uuid
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from podlab.home import ROOT
from podlab.packs.folder import Files, of_folder
from podlab.packs.reader import read
from podlab.packs.script import steps
from tests.browser.learner import Learner
from tests.browser.person import complaints, sign_up, wrong_for_somebody
from tests.conftest import OpenPage

pytestmark = pytest.mark.browser
LAB_MS = 120_000
BREAKS = [
    ("pack.yaml", "licence:", "license:", "pack.yaml:7:1: there is no field 'license' here"),
    ("01-first/lesson.yaml", "ready(new)", "redy(new)", "did you mean 'ready'?"),
    ("01-first/lesson.yaml", "task: a,", "task: b,", "01-first/lesson.yaml:16:39: there is no task 'b'"),
    ("01-first/text.ko.md", "::: task a", "::: task c", "01-first/text.ko.md:3:"),
    ("01-first/text.en.md", "manifest web.yaml", "manifest wep.yaml", "01-first/text.en.md:6:"),
]


def manage(home: Path, *words: str | Path) -> tuple[int, str]:
    """A line of the instructor's shell: its exit code and what it printed."""
    line = [sys.executable, "manage.py", *map(str, words)]
    done = subprocess.run(line, cwd=ROOT, env={**os.environ, "PODLAB_HOME": str(home)}, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def zipped(files: Files) -> bytes:
    """The pack as an instructor zips it."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return data.getvalue()


def publish(page: Page, files: Files) -> None:
    """Upload a pack, wait for its proof, publish it."""
    page.goto("/instructor/")
    page.locator("[name=pack]").set_input_files({"name": "mine.zip", "mimeType": "application/zip", "buffer": zipped(files)})
    page.locator("form.upload .btn").click()
    ready = page.locator("form[action$='/publish/'] .btn")
    expect(ready).to_be_visible(timeout=LAB_MS)
    assert [] == complaints(page)
    ready.click()
    expect(page.locator("h1")).to_be_visible()


def test_a_pack_is_told_what_to_mend_until_it_proves(tmp_path: Path) -> None:
    """`pack new` proves as it is; each of five ways to break it is told at its place, and mended it proves again."""
    pack = tmp_path / "mine"
    assert 0 == manage(tmp_path, "pack", "new", pack)[0]
    for name, old, new, told in BREAKS:
        good = (pack / name).read_text("utf-8")
        assert old in good
        (pack / name).write_text(good.replace(old, new, 1), "utf-8")
        code, said = manage(tmp_path, "pack", "check", pack)
        assert (1, True) == (code, told in said), said
        (pack / name).write_text(good, "utf-8")
    code, said = manage(tmp_path, "pack", "prove", pack)
    assert 0 == code, said


def test_a_published_pack_is_found_done_followed_and_withdrawn(
    browser: Browser, open_page: OpenPage, lab_server: object, tmp_path: Path
) -> None:
    """A learner in the middle keeps her version; who begins later has the newer one; a withdrawn one is gone from the catalogue."""
    home: Path = lab_server.home  # type: ignore[attr-defined]
    name = f"mine-{uuid.uuid4().hex[:6]}"
    assert 0 == manage(home, "pack", "new", tmp_path / name)[0]
    files, pack = of_folder(tmp_path / name), read(tmp_path / name)
    lesson = next(iter(pack.lessons.values()))
    instructor, first, second = open_page(), open_page(locale="ko-KR"), open_page()
    sign_up(instructor, name)
    assert 0 == manage(home, "instructor", name)[0]

    publish(instructor, files)
    first.goto("/")
    first.locator(f"a[href='/lessons/{name}/']").first.click()
    learner = Learner(first, lesson, [0] * len(steps(lesson.solution)))
    learner.begin()
    lab = first.url

    newer = {each: text.replace("version: 1.0.0", "version: 1.1.0") for each, text in files.items()}
    newer["01-first/text.en.md"] = newer["01-first/text.en.md"].replace("One or two sentences", "Newer words")
    publish(instructor, newer)
    first.reload()
    for _ in learner.play(steps(lesson.solution)):
        pass
    learner.met("a")
    expect(first.locator("pod-done")).to_be_visible()
    second.goto(f"/lessons/{lesson.id}/")
    expect(second.locator("article")).to_contain_text("Newer words")
    Learner(second, lesson, []).begin()

    instructor.goto("/instructor/")
    assert [] == wrong_for_somebody(instructor)
    for version in ("1.1.0", "1.0.0"):
        form = instructor.locator(f"form[action='/instructor/packs/{name}/{version}/withdraw/']")
        instructor.locator("details.ask", has=form).locator("summary").click()
        form.locator(".btn").click()
        expect(instructor.locator(f"form[action='/instructor/packs/{name}/{version}/offer/']")).to_be_visible()
    first.goto("/")
    expect(first.locator(f"a[href='/lessons/{name}/']")).to_have_count(0)
    first.goto(lab)
    expect(first.locator("pod-task#task-a")).to_have_attribute("data-state", "met", timeout=30_000)
