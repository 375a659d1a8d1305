"""The fault menu, as a person uses it."""

import pytest
from playwright.sync_api import expect

from tests.browser.person import complaints, part, start
from tests.conftest import OpenPage

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("width", "theme"), [(1440, "light"), (390, "dark")])
def test_a_learner_powers_a_node_off_and_sees_it_fall_silent(open_page: OpenPage, width: int, theme: str) -> None:
    """The menu by its button, the fault by a click, at ×60 the picture says so; axe finds nothing in the menu."""
    page = open_page(width=width, height=844, locale="en-US", theme="dark" if theme == "dark" else "light")
    start(page)
    page.locator("[data-faults]").click()
    expect(page.locator("pod-faults dialog")).to_be_visible()
    assert [] == complaints(page)
    assert ["node-1", "node-2"] == page.locator("pod-faults select[name=node] option").all_inner_texts()
    page.locator("pod-faults select[name=node]").select_option("node-2")
    page.locator("[data-fault=poweroff]").click()
    expect(page.locator("pod-faults dialog")).to_be_hidden()
    page.keyboard.press("3")
    page.locator("[data-as-text]").click()
    part(page, "cluster")
    expect(page.locator("pod-table")).to_contain_text("not heard", timeout=20_000)


def test_a_node_that_is_filled_says_what_it_is_short_of(open_page: OpenPage) -> None:
    """In the picture, in the text and for who cannot see; axe finds nothing."""
    page = open_page(width=1440, height=900, locale="en-US", theme="dark")
    start(page)
    page.locator("[data-faults]").click()
    page.locator("[data-fault=memory-pressure]").click()
    page.keyboard.press("3")
    expect(page.locator('pod-cluster [aria-label="node-1, Ready, MemoryPressure"]')).to_be_attached(timeout=20_000)
    assert [] == complaints(page)
    page.locator("[data-as-text]").click()
    expect(page.locator("pod-table")).to_contain_text("MemoryPressure")
