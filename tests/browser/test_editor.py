"""The YAML editor and Tab, as a person uses them."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.person import complaints
from tests.conftest import OpenPage

pytestmark = pytest.mark.browser


def opened(open_page: OpenPage, width: int, height: int, locale: str) -> Page:
    page = open_page(width=width, height=height, locale=locale)
    page.goto("/")
    page.locator("#sandbox button[name=preset][value=trio]").click()
    page.locator("pod-cluster svg").first.wait_for()
    return page


def editing(page: Page) -> None:
    page.locator("pod-files button").first.click()
    page.locator("#files-menu li button", has_text="my-nginx-pod.yaml").click()
    page.locator(".cm-content").wait_for()


def test_a_mistake_is_marked_at_its_line_and_the_mended_file_is_applied_in_the_terminal(open_page: OpenPage) -> None:
    """What the API server would say stands beside the text; apply is kubectl."""
    page = opened(open_page, 1440, 900, "en-US")
    editing(page)
    expect(page.locator("pod-editor .note")).to_contain_text("pod/my-nginx-pod created", timeout=15_000)
    page.locator(".cm-content").click()
    page.keyboard.press("Control+End")
    page.keyboard.type("  nodeNam: node-1")
    page.keyboard.press("Escape")
    expect(page.locator("pod-editor .note li")).to_contain_text('unknown field "spec.nodeNam"', timeout=15_000)
    expect(page.locator(".cm-lint-marker-error")).to_have_count(1)
    assert [] == complaints(page)
    page.keyboard.press("Control+z")
    expect(page.locator("pod-editor .note")).to_contain_text("pod/my-nginx-pod created", timeout=15_000)
    page.keyboard.press("Control+Enter")
    expect(page.locator("pod-cluster")).to_contain_text("my-nginx-pod")


def test_what_was_written_and_not_saved_is_there_after_a_reload(open_page: OpenPage) -> None:
    """On a phone, in Korean."""
    page = opened(open_page, 390, 844, "ko-KR")
    page.goto(page.url.partition("#")[0] + "#term")
    editing(page)
    page.locator(".cm-content").click()
    page.keyboard.press("Control+End")
    page.keyboard.type("# 아직 저장하지 않음")
    page.reload()
    page.locator("pod-files button").first.wait_for()
    editing(page)
    expect(page.locator(".cm-content")).to_contain_text("# 아직 저장하지 않음")


def test_a_text_of_a_megabyte_is_refused_in_words_and_nothing_is_lost(open_page: OpenPage) -> None:
    """What was there before stays."""
    page = opened(open_page, 1440, 900, "en-US")
    editing(page)
    expect(page.locator("pod-editor .note")).to_contain_text("pod/my-nginx-pod created", timeout=15_000)
    page.locator(".cm-content").click()
    page.evaluate(
        "document.querySelector('.cm-content').dispatchEvent(Object.assign(new ClipboardEvent('paste', {clipboardData: (() => { const d = new DataTransfer(); d.setData('text/plain', 'x'.repeat(1_000_000)); return d })(), bubbles: true, cancelable: true})))"
    )
    expect(page.locator("pod-editor .note")).to_contain_text("Too long", timeout=15_000)
    expect(page.locator(".cm-content")).to_contain_text("my-nginx-container")


def test_tab_finishes_a_word_and_tells_what_there_is_to_choose(open_page: OpenPage) -> None:
    """From the live cluster."""
    page = opened(open_page, 1440, 900, "en-US")
    page.locator("pod-terminals .pane").first.click()
    page.locator(".xterm-helper-textarea").first.wait_for(state="attached")
    page.keyboard.type("kubectl cordon no")
    page.keyboard.press("Tab")
    log = page.locator("pod-terminals .xterm-rows")
    expect(log).to_contain_text("kubectl cordon node-", timeout=15_000)
    page.keyboard.press("Tab")
    expect(log).to_contain_text("node-1")
    page.keyboard.type("2\n")
    expect(page.locator("pod-cluster")).to_contain_text("node-2")
    expect(log).to_contain_text("node/node-2 cordoned", timeout=15_000)
