"""The terminals, as a person uses them: side by side, in Korean, with a screen reader, with a flood of lines, on a phone."""

import re

import pytest
from playwright.sync_api import CDPSession, Page, expect

from tests.browser.person import complaints, part, start, terminal, to_terminal, type_line
from tests.conftest import OpenPage

pytestmark = pytest.mark.browser


def compose(keys: CDPSession, *steps: str) -> None:
    """What an input method does: each step replaces the last in the composition, the last is what is meant."""
    for step in steps:
        keys.send("Input.imeSetComposition", {"text": step, "selectionStart": len(step), "selectionEnd": len(step)})
    keys.send("Input.insertText", {"text": steps[-1]})


def test_one_terminal_runs_a_loop_while_the_other_is_typed_into_beside_it(page: Page) -> None:
    """Both are seen at 1440; a line goes to the one that was clicked; axe finds nothing, also in screen-reader mode."""
    start(page)
    type_line(page, "while true; do date; sleep 1; done")
    to_terminal(page, "2")
    type_line(page, "kubectl get nodes")
    page.get_by_role("button", name="Side by side").click()
    first, second = page.locator("#panel-1"), page.locator("#panel-2")
    expect(second).to_contain_text("node-1")
    expect(first).to_be_visible()
    left, right = first.bounding_box(), second.bounding_box()
    assert left is not None
    assert right is not None
    assert left["x"] + left["width"] <= right["x"]
    seen = terminal(page, "1").inner_text()
    type_line(page, "echo typed in two")
    expect(terminal(page, "2")).to_contain_text(re.compile(r"\ntyped in two"))
    expect(terminal(page, "1")).not_to_have_text(seen)
    assert [] == complaints(page)
    first.click()
    expect(page.locator("#panel-1 .xterm-helper-textarea")).to_be_focused()
    page.keyboard.press("Control+c")
    expect(terminal(page, "1")).to_contain_text("^C")

    page.get_by_role("button", name="Screen reader mode").press("Enter")
    type_line(page, "echo for the ear")
    expect(page.locator("#panel-1 .xterm-accessibility")).to_contain_text("for the ear")
    assert "off" == terminal(page, "1").get_attribute("aria-live")
    assert [] == complaints(page)


def test_korean_is_composed_in_the_line_and_what_is_selected_is_copied(open_page: OpenPage) -> None:
    """Syllables come as an input method makes them; Ctrl-C copies where something is selected, and interrupts where nothing is."""
    page = open_page(width=1440, height=900, locale="ko-KR")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    start(page)
    type_line(page, "echo 처음")
    expect(terminal(page)).to_contain_text(re.compile(r"\n처음"))
    page.keyboard.type("echo ")
    keys = page.context.new_cdp_session(page)
    compose(keys, "ㅍ", "파")
    compose(keys, "ㄷ", "드", "득")
    expect(page.locator(".pane.on .xterm-rows")).to_contain_text("echo 파득")
    page.keyboard.press("Backspace")
    expect(page.locator(".pane.on .xterm-rows")).not_to_contain_text("득")
    compose(keys, "드")
    page.keyboard.press("Enter")
    expect(terminal(page)).to_contain_text(re.compile(r"\n파드\n"))
    box = page.locator(".pane.on .xterm-rows > div", has_text=re.compile("^파드")).bounding_box()
    assert box is not None
    page.mouse.dblclick(box["x"] + 10, box["y"] + box["height"] / 2)
    page.keyboard.press("Control+c")
    assert "파드" == page.evaluate("navigator.clipboard.readText()").strip()
    expect(terminal(page)).not_to_contain_text("^C")
    page.keyboard.press("Control+c")
    expect(terminal(page)).to_contain_text("^C")


def test_ten_thousand_lines_a_second_leave_the_page_answering_and_its_memory_bounded(page: Page) -> None:
    """At ×60 a program floods one terminal: the other one answers, what is kept is bounded and whole lines, Ctrl-C ends it."""
    start(page)
    page.keyboard.press("3")
    type_line(page, "seq 1 20000")
    expect(terminal(page)).to_contain_text(re.compile(r"\n19999\n20000\n"), timeout=20_000)
    type_line(page, "yes the flood")
    to_terminal(page, "2")
    type_line(page, "echo still here")
    expect(terminal(page, "2")).to_contain_text(re.compile(r"\nstill here"), timeout=20_000)
    page.locator("[data-keys]").click()
    expect(page.locator("pod-keys dialog")).to_be_visible()
    page.keyboard.press("Escape")
    to_terminal(page, "1")
    page.locator("#panel-1").click()
    lines = terminal(page, "1").inner_text().rstrip("\n").split("\n")
    assert {"the flood"} == set(lines[:-1])
    assert len(lines) <= 60
    assert page.evaluate("document.querySelector('#panel-1 [role=log]').childElementCount") <= 60
    page.keyboard.press("Control+c")
    expect(terminal(page, "1")).to_contain_text("^C", timeout=20_000)
    type_line(page, "echo over")
    expect(terminal(page, "1")).to_contain_text(re.compile(r"\nover"), timeout=20_000)


def test_a_megabyte_pasted_into_the_terminal_is_refused_in_words_and_the_line_stays(page: Page) -> None:
    """What was being typed is still there, and goes on."""
    start(page)
    type_line(page, "echo one")
    page.keyboard.type("echo kept")
    page.locator(".pane.on .xterm-helper-textarea").evaluate(
        """(field) => { const data = new DataTransfer(); data.setData("text/plain", "x".repeat(1_000_000));
        field.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true })); }"""
    )
    expect(page.locator("pod-offline [role=alert]")).to_contain_text("at most 32768 characters can be pasted")
    page.keyboard.press("Enter")
    expect(terminal(page)).to_contain_text(re.compile(r"\nkept"))


def test_on_a_phone_the_keys_that_it_lacks_are_on_the_screen(open_page: OpenPage) -> None:
    """An earlier line comes back by its arrow, Tab finishes a word, Ctrl-C stops; each key is big enough for a finger; axe finds nothing."""
    page = open_page(width=390, height=844, locale="ko-KR", theme="dark")
    start(page)
    part(page, "term")
    type_line(page, "echo once")
    keys = page.locator("pod-terminals .taps button")
    assert all(box is not None and box["height"] >= 40 for box in (each.bounding_box() for each in keys.all()))
    page.get_by_role("button", name="↑ 이전 명령").click()
    page.keyboard.press("Enter")
    expect(terminal(page)).to_contain_text(re.compile(r"once.*\nonce.*\nonce", re.S))
    page.keyboard.type("kubectl get no")
    page.get_by_role("button", name="Tab 단어 완성하기").click()
    expect(page.locator(".pane.on .xterm-rows")).to_contain_text("kubectl get nodes")
    page.get_by_role("button", name="Ctrl-C").click()
    expect(terminal(page)).to_contain_text("^C")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert [] == complaints(page)


def test_a_finger_moves_the_text_of_a_terminal(open_page: OpenPage) -> None:
    """Up and down through what was written, and across lines that are wider than a phone."""
    page = open_page(width=390, height=844)
    start(page)
    type_line(page, "seq 1 90; kubectl get nodes -o wide")
    expect(terminal(page)).to_contain_text("control-plane")
    host = page.locator(".pane.on .xterm-host")
    touches = page.context.new_cdp_session(page)

    def swipe(across: int, down: int) -> None:
        for kind, points in (
            ("touchStart", [{"x": 200, "y": 300}]),
            ("touchMove", [{"x": 200 + across, "y": 300 + down}]),
            ("touchEnd", []),
        ):
            touches.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    swipe(-120, 0)
    assert host.evaluate("each => each.closest('.pane').scrollLeft") == 120
    before = host.locator(".xterm-rows, .xterm-screen").first.screenshot()
    swipe(0, 200)
    page.wait_for_timeout(300)
    assert before != host.locator(".xterm-rows, .xterm-screen").first.screenshot()
