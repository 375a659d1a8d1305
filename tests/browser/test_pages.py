"""The pages around the lab, as a person sees them."""

import os
import re
import sys
import zipfile
from pathlib import Path
from subprocess import run

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory
from playwright.sync_api import Page, expect

from podlab.cli.running import Lab
from podlab.home import ROOT
from podlab.packs.folder import of_folder
from podlab.packs.starter import begin
from podlab.web.page import page as made
from tests.browser.person import complaints, sign_up, start, wrong_for_somebody
from tests.conftest import OpenPage

pytestmark = pytest.mark.browser
LESSON = "/lessons/pod-hands-on/08-readiness-hands-on/"
PATHS = ["/", "/sign-in/", "/sign-up/", "/nothing/here/", "/lessons/pod-hands-on/", LESSON, "/own/", "/claims/", "/glossary/"]


@pytest.mark.parametrize(("locale", "lang"), [("en-US", "en"), ("ko-KR", "ko")])
@pytest.mark.parametrize("path", PATHS)
def test_a_page_speaks_the_browsers_language_and_is_for_everybody(open_page: OpenPage, path: str, locale: str, lang: str) -> None:
    """Home, accounts, lessons, a cluster of one's own, claims, glossary, 404."""
    page = open_page(locale=locale)
    page.goto(path)
    expect(page.locator("html")).to_have_attribute("lang", lang)
    assert [] == wrong_for_somebody(page)


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("template", ["500.html", "full.html"])
def test_the_pages_of_bad_days_are_for_everybody(open_page: OpenPage, template: str, language: str) -> None:
    """What stands there when the server failed, or has no room for another cluster; they need no database."""
    request = RequestFactory().get("/elsewhere/")
    request.user = AnonymousUser()
    request.LANGUAGE_CODE = language
    body = made(request, template, {"user": AnonymousUser()}).content
    page = open_page()
    page.route("**/elsewhere/", lambda route: route.fulfill(body=body, content_type="text/html"))
    page.goto("/elsewhere/")
    expect(page.locator("main a.btn")).to_be_visible()
    assert [] == wrong_for_somebody(page)


@pytest.mark.parametrize("locale", ["en-US", "ko-KR"])
def test_an_instructor_publishes_a_pack_at_pages_that_are_for_everybody(
    open_page: OpenPage, lab_server: Lab, tmp_path: Path, locale: str
) -> None:
    """Refused as no instructor, a pack that is broken, one that is proved, published, taken back; nothing is left behind."""
    page, name = open_page(locale=locale), f"grace-{locale}"
    sign_up(page, name)
    page.goto("/instructor/")
    assert [] == wrong_for_somebody(page)
    manage(lab_server, "instructor", name)
    page.reload()
    assert [] == wrong_for_somebody(page)
    send_pack(page, tmp_path, name.lower(), broken=True)
    expect(page.locator("main [role=alert] li").first).to_be_visible()
    assert [] == wrong_for_somebody(page)
    send_pack(page, tmp_path, name.lower(), broken=False)
    expect(page.locator("form[action$='/publish/']")).to_be_visible(timeout=60_000)
    assert [] == wrong_for_somebody(page)
    page.locator("form[action$='/publish/'] button").click()
    expect(page).to_have_url(re.compile(f"/lessons/{name.lower()}/"))
    page.goto("/instructor/")
    page.locator(".ask summary").first.click()
    assert [] == wrong_for_somebody(page)
    page.locator("form[action$='/withdraw/'] button").first.click()
    expect(page.locator("form[action$='/offer/']").first).to_be_visible()
    assert [] == wrong_for_somebody(page)


def manage(lab: Lab, *words: str) -> None:
    """A command of `manage.py` in the lab's own home."""
    run([sys.executable, "manage.py", *words], cwd=ROOT, env={**os.environ, "PODLAB_HOME": str(lab.home)}, check=True, timeout=60)


def send_pack(page: Page, folder: Path, name: str, broken: bool) -> None:
    """Upload the pack that `pack new` begins, as a zip; `broken`: without its lesson's text."""
    where = folder / name
    if not where.exists():
        begin(where)
    with zipfile.ZipFile(folder / "pack.zip", "w") as archive:
        for file, text in of_folder(where).items():
            if not (broken and file.endswith("ko.md")):
                archive.writestr(f"{name}/{file}", text)
    page.goto("/instructor/")
    page.locator("#pack").set_input_files(folder / "pack.zip")
    page.locator("form.upload button").click()


def test_language_and_theme_are_kept(page: Page) -> None:
    """What a learner chose is there after a reload, also on the lab page."""
    page.goto("/")
    page.locator("button[name=language][value=ko]").click()
    expect(page.locator("html")).to_have_attribute("lang", "ko")
    page.locator("[data-theme-switch]").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    start(page)
    expect(page.locator("html")).to_have_attribute("lang", "ko")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_home_leads_back_to_the_learners_own_cluster(page: Page) -> None:
    """Who has a session is offered to go on with it."""
    start(page)
    lab = page.url
    page.goto("/")
    page.locator(".hero a.btn").click()
    expect(page).to_have_url(lab)


def test_signing_up_keeps_the_cluster_and_signing_out_forgets_it(page: Page) -> None:
    """Start without a name, take one, go on; after signing out the browser has nothing to go on with."""
    start(page)
    lab = page.url
    page.goto("/")
    page.get_by_role("link", name="Sign in").click()
    page.get_by_role("link", name="No account yet? Sign up").click()
    page.locator("[name=username]").fill("ada")
    for field in ("password1", "password2"):
        page.locator(f"[name={field}]").fill("a horse of another colour")
    page.get_by_role("button", name="Keep my work").click()
    page.locator(".hero a.btn").click()
    expect(page).to_have_url(lab)
    assert [] == complaints(page)
    page.get_by_role("button", name="Sign out").click()
    expect(page.locator(".hero a.btn")).to_have_text("Begin: One Pod, from nothing to ready")


def test_a_session_of_somebody_else_is_not_there(open_page: OpenPage) -> None:
    """Its address answers 404 with a page that helps."""
    mine, theirs = open_page(), open_page()
    start(mine)
    answer = theirs.goto(mine.url)
    assert answer is not None
    assert 404 == answer.status
    expect(theirs.locator("main h1")).to_be_visible()


def test_the_first_view_loads_at_most_60_kilobytes_of_script(page: Page) -> None:
    """Measured as the server sends it, compressed, until the cluster is painted."""
    sizes: list[int] = []
    page.on("response", lambda answer: sizes.append(answer.request.sizes()["responseBodySize"]) if answer.url.endswith(".js") else None)
    start(page)
    page.wait_for_timeout(500)
    assert 0 < sum(sizes) <= 60 * 1024
