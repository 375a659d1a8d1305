"""What some eyes and hands need: twice the size, less motion, enough contrast, a key for everything."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from podlab.cli.running import Lab
from tests.browser.person import complaints, part, pod, start, terminal, type_line
from tests.browser.playing import of_every_state, play
from tests.conftest import OpenPage

pytestmark = pytest.mark.browser
MOVING = """() => {
  window.moved = [];
  const animate = Element.prototype.animate;
  Element.prototype.animate = function (...said) { window.moved.push(this.outerHTML.slice(0, 80)); return animate.apply(this, said); };
}"""


def test_at_200_percent_a_desk_screen_shows_everything_one_part_at_a_time(browser: Browser, lab_server: Lab) -> None:
    """1440 × 900 at twice the size is 720 × 450: a Pod is made, seen, explained; nothing is wider than the screen; axe finds nothing."""
    context = browser.new_context(
        base_url=lab_server.address,
        viewport={"width": 720, "height": 450},
        device_scale_factor=2,
        locale="en-US",
        color_scheme="dark",
    )
    page = context.new_page()
    start(page)
    type_line(page, "kubectl run web --image=nginx")
    expect(terminal(page)).to_contain_text("pod/web created")
    part(page, "cluster")
    expect(pod(page, "web")).to_have_attribute("aria-label", re.compile("Running, ready"), timeout=15_000)
    pod(page, "web").click()
    for name in ("guide", "cluster", "term", "why"):
        part(page, name)
        expect(page.locator(f"#{name}")).to_be_in_viewport()
        assert page.evaluate("document.documentElement.scrollWidth") <= 720
        assert [] == complaints(page)
    expect(page.locator("pod-inspector h2")).to_have_text("web")
    context.close()


def moved(page: Page) -> list[str]:
    """What was animated or would move by a style."""
    styled: list[str] = page.evaluate(
        "() => [...document.querySelectorAll('*')].filter(e => { const s = getComputedStyle(e); return s.animationName !== 'none' || parseFloat(s.transitionDuration) > 0 }).map(e => e.tagName)"
    )
    animated: list[str] = page.evaluate("window.moved")
    return [*animated, *styled]


@pytest.mark.parametrize("less", [True, False])
def test_who_asked_for_less_motion_sees_none(open_page: OpenPage, less: bool) -> None:
    """A Pod goes from the queue to its node and becomes ready: nothing tweens; it does for those who did not ask."""
    page = open_page()
    page.emulate_media(reduced_motion="reduce" if less else "no-preference")
    start(page)
    page.evaluate(MOVING)
    type_line(page, "kubectl run web --image=nginx")
    expect(pod(page, "web")).to_have_attribute("aria-label", re.compile("Running, ready"), timeout=15_000)
    assert less == (moved(page) == [])


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_state_can_be_read_by_everybody(open_page: OpenPage, theme: str) -> None:
    """A Pod in each state, in the picture and as text: axe (contrast 4.5 : 1 with it) finds nothing."""
    page = open_page(width=1440, height=900, locale="en-US", theme="dark" if theme == "dark" else "light")
    play(page, of_every_state(), 30_000)
    expect(pod(page, "is-lost")).to_be_attached()
    assert [] == complaints(page)
    page.locator("[data-as-text]").click()
    expect(page.locator("pod-table")).to_contain_text("is-evicted")
    assert [] == complaints(page)
