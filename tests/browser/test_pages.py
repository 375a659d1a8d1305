"""The pages around the lab, as a person sees them."""

from typing import Literal

import pytest
from playwright.sync_api import Page, expect

from tests.browser.person import complaints, start
from tests.conftest import OpenPage

pytestmark = pytest.mark.browser
LESSON = "/lessons/pod-hands-on/08-readiness-hands-on/"
PATHS = ["/", "/sign-in/", "/sign-up/", "/nothing/here/", "/lessons/pod-hands-on/", LESSON, "/claims/", "/glossary/"]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("locale", "lang"), [("en-US", "en"), ("ko-KR", "ko")])
@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize("path", PATHS)
def test_a_page_speaks_the_browsers_language_and_axe_finds_nothing(
    open_page: OpenPage, path: str, width: int, locale: str, lang: str, theme: Literal["light", "dark"]
) -> None:
    """Home, accounts, lessons and 404, both languages, both themes, both widths; nothing is wider than the screen."""
    page = open_page(width=width, locale=locale, theme=theme)
    page.goto(path)
    expect(page.locator("html")).to_have_attribute("lang", lang)
    assert [] == complaints(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


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
