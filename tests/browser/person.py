"""What a person does at the page, and what axe says of it."""

import re
from typing import Any, Literal

from playwright.sync_api import Locator, Page, expect

from podlab.home import ROOT

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
PHONE = 760
PHONE_WIDTH, DESK_WIDTH = 390, 1440
THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


def complaints(page: Page) -> list[str]:
    """axe's violations, each as rule, element and what is wrong."""
    page.evaluate(AXE.read_text("utf-8"))
    found: dict[str, Any] = page.evaluate("() => axe.run()")
    return [f"{each['id']}: {node['html'][:160]} {node['failureSummary']}" for each in found["violations"] for node in each["nodes"]]


def wrong_for_somebody(page: Page) -> list[str]:
    """What axe says, and what is wider than the screen: on a phone and on a desk, in both themes."""
    found = []
    for theme in THEMES:
        page.emulate_media(color_scheme=theme)
        for width in (PHONE_WIDTH, DESK_WIDTH):
            page.set_viewport_size({"width": width, "height": 900})
            wide: int = page.evaluate("document.documentElement.scrollWidth")
            found += [f"{theme} {width}: {each}" for each in complaints(page)] + ([f"{wide} wide on {width}"] if wide > width else [])
    return found


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
    page.locator(".pane.on").click()
    keyboard = page.locator(".pane.on .xterm-helper-textarea")
    expect(keyboard).to_be_focused()
    page.keyboard.type(line)
    page.keyboard.press("Enter")


def terminal(page: Page, name: str = "") -> Locator:
    """What a terminal (by default the one in use) shows, as a screen reader is told."""
    return page.locator(f"#panel-{name} [role=log]" if name else ".pane.on [role=log]")


def to_terminal(page: Page, name: str) -> None:
    """Go to a terminal by its tab; open it where it is not there yet."""
    tab = page.locator(f"#tab-{name}")
    if tab.count() == 0:
        page.locator("pod-terminals .tabs > .add").click()
    tab.click()


def pod(page: Page, name: str) -> Locator:
    """A Pod of the picture."""
    return page.locator(f'pod-cluster [data-pod="{name}"]')


PASSWORD = "a horse of another colour"


def sign_up(page: Page, name: str) -> None:
    """Take an account; the work of before is kept."""
    page.goto("/sign-up/")
    page.locator("[name=username]").fill(name)
    for field in ("password1", "password2"):
        page.locator(f"[name={field}]").fill(PASSWORD)
    page.locator("main form button.btn").click()
    expect(page).not_to_have_url(re.compile("sign-up"))


def sign_in(page: Page, name: str) -> None:
    """The same account in another browser."""
    page.goto("/sign-in/")
    page.locator("[name=username]").fill(name)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main form button.btn").click()
    expect(page).not_to_have_url(re.compile("sign-in"))
