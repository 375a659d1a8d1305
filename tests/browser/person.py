"""What a person does at the page, and what axe says of it."""

from typing import Any

from playwright.sync_api import Page, expect

from podlab.home import ROOT

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
PHONE = 760


def complaints(page: Page) -> list[str]:
    """axe's violations, each as rule, element and what is wrong."""
    page.evaluate(AXE.read_text("utf-8"))
    found: dict[str, Any] = page.evaluate("() => axe.run()")
    return [f"{each['id']}: {node['html'][:160]} {node['failureSummary']}" for each in found["violations"] for node in each["nodes"]]


def start(page: Page, address: str = "/") -> None:
    """Open the home page (of another lab at its `address`), press Start, wait for the cluster."""
    page.goto(address)
    page.locator(".hero button[name=preset]").first.click()
    expect(page.locator("pod-cluster svg")).to_be_visible(timeout=15_000)


def part(page: Page, name: str) -> None:
    """Go to a part of the lab: on a phone by its tab, elsewhere it is there (the inspector may be a drawer)."""
    tab = page.locator(f'.tabbar a[href="#{name}"]')
    if tab.is_visible():
        tab.click()


def type_line(page: Page, line: str) -> None:
    """Type a line into the terminal and press Enter."""
    part(page, "term")
    page.locator(".pane:not([hidden])").click()
    keyboard = page.locator(".pane:not([hidden]) .xterm-helper-textarea")
    expect(keyboard).to_be_focused()
    page.keyboard.type(line)
    page.keyboard.press("Enter")


def terminal(page: Page) -> Any:
    """What the terminal shows, as a screen reader is told."""
    return page.locator(".pane:not([hidden]) [role=log]")


def pod(page: Page, name: str) -> Any:
    """A Pod of the picture."""
    return page.locator(f'pod-cluster [data-pod="{name}"]')
