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
