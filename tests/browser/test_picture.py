"""The picture and the inspector on recorded sessions (`tests/fixtures/wire`): the page is the real one, the line to the server is played."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.person import complaints, part
from tests.browser.playing import play, recorded
from tests.conftest import OpenPage

pytestmark = pytest.mark.browser
SIZES = [(1440, 900), (390, 844)]


def choose(page: Page, name: str) -> None:
    """Select a Pod or a Service of the picture."""
    page.locator(f'pod-cluster [data-pod="{name}"], pod-cluster [data-service="{name}"]').click()


@pytest.mark.parametrize(("width", "height"), SIZES)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_probe_is_counted_and_its_plan_told(open_page: OpenPage, width: int, height: int, theme: Any) -> None:
    """Two of three successes, the next in six seconds, Ready at the earliest then; the Service has one ready address. axe finds nothing."""
    page = open_page(width=width, height=height, locale="en-US", theme=theme)
    play(page, recorded("readiness"), 67_000)
    expect(page.locator('[data-pod="pod-readiness-exec1"]')).to_have_attribute("aria-label", re.compile("2 of 3 · next in 6 s"))
    expect(page.locator('[data-service="svc-readiness"]')).to_have_attribute(
        "aria-label", "svc-readiness, 10.96.80.8:8080, 1 ready, 1 not ready"
    )
    choose(page, "pod-readiness-exec1")
    assert [] == complaints(page)
    part(page, "why")
    expect(page.locator("pod-inspector .chain .next")).to_contain_text("Ready at the earliest at 00:01:13, in 6 s")
    assert 7 == page.locator("pod-inspector .tries li").count()
    assert [] == complaints(page)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_an_eviction_is_told_with_its_arithmetic_and_apart_from_the_oom_killer(open_page: OpenPage, theme: Any) -> None:
    """Before: the node's gauge and who would go first. After: why it was this Pod. axe finds nothing."""
    page = open_page(width=1440, height=900, locale="en-US", theme=theme)
    play(page, recorded("eviction"), 51_000)
    page.locator('pod-cluster [data-uid][aria-label^="node-1"]').click()
    inspector = page.locator("pod-inspector")
    expect(inspector).to_contain_text("2048 − (238 + 700 + 210 + 12 + 380 + 182 + 300) = 26 Mi < 100 Mi")
    expect(inspector.locator(".rank").first.locator("tbody tr").first).to_contain_text("700 − 128 = +572")
    expect(inspector.locator(".apart")).to_contain_text("1000 − 1000 × 128 / 2048")
    assert [] == complaints(page)
    choose(page, "scratch")
    expect(inspector.locator(".rank .first")).to_contain_text("440 − 0 = +440")
    assert [] == complaints(page)


def test_the_palette_goes_to_an_object_and_a_reload_stays_there(open_page: OpenPage) -> None:
    """By keys alone; what is selected outlives a reload, and P lets the inspector stay where it is."""
    page = open_page(width=1440, height=900, locale="en-US", theme="light")
    play(page, recorded("readiness"), 67_000)
    page.keyboard.press("Control+k")
    page.keyboard.type("svc-")
    assert [] == complaints(page)
    page.keyboard.press("Enter")
    heading = page.locator("pod-inspector h2")
    expect(heading).to_have_text("svc-readiness")
    page.reload()
    expect(heading).to_have_text("svc-readiness")
    page.keyboard.press("p")
    choose(page, "pod1")
    expect(heading).to_have_text("svc-readiness")
    page.keyboard.press("p")
    expect(heading).to_have_text("pod1")


def test_the_text_view_has_the_same_facts(open_page: OpenPage) -> None:
    """Addresses with their reason, memory in use, and what comes next."""
    page = open_page(width=1440, height=900, locale="en-US", theme="dark")
    play(page, recorded("readiness"), 67_000)
    page.locator("[data-as-text]").click()
    table = page.locator("pod-table")
    expect(table).to_contain_text("ContainersNotReady")
    expect(table).to_contain_text("Ready at the earliest at 00:01:13")
    assert [] == complaints(page)
