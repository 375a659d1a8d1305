"""What is typed: an earlier line found by Ctrl-R, and manifests that mean harm."""

import re

import pytest
from playwright.sync_api import Dialog, Page, expect

from tests.browser.person import start, terminal, type_line
from tests.conftest import OpenPage

pytestmark = pytest.mark.browser
HOSTILE = """apiVersion: v1
kind: Pod
metadata:
  name: {name}
  annotations: {{note: '<img src=x onerror=alert(1)><script>alert(2)</script>'}}
spec:
  containers:
  - {{name: web, image: nginx}}
"""
OPEN = "(text) => document.dispatchEvent(new CustomEvent('open-file', { detail: { path: 'mine.yaml', text } }))"


def test_ctrl_r_finds_an_earlier_line_which_enter_runs_again(page: Page) -> None:
    """The search stands where the prompt was, until Enter."""
    start(page)
    type_line(page, "echo first")
    type_line(page, "echo other")
    expect(terminal(page)).to_contain_text(re.compile(r"\nother"))
    page.keyboard.press("Control+r")
    page.keyboard.type("fir")
    expect(page.locator(".xterm-rows")).to_contain_text("(reverse-i-search)`fir': echo first")
    page.keyboard.press("Enter")
    expect(terminal(page)).to_contain_text(re.compile(r"first\n.*other\n.*first\n.*first", re.S))


@pytest.mark.parametrize("width", [390, 1440])
def test_a_hostile_manifest_runs_nothing_and_a_name_of_253_characters_widens_nothing(open_page: OpenPage, width: int) -> None:
    """Applied from the editor, it is a Pod as others are."""
    page = open_page(width=width, height=844, locale="en-US", theme="light")
    dialogs: list[str] = []

    def dismissed(dialog: Dialog) -> None:
        dialogs.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", dismissed)
    start(page)
    name = "a" * 253
    page.evaluate(OPEN, HOSTILE.format(name=name))
    page.locator("pod-editor .cm-content").click(timeout=15_000)
    page.keyboard.press("Control+Enter")
    expect(terminal(page)).to_contain_text(f"pod/{name} created", timeout=15_000)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert [] == dialogs
