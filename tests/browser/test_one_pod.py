"""One Pod from end to end, as a person sees it, in both languages and themes, on a desk and on a phone."""

import re
from typing import Literal

import pytest
from playwright.sync_api import Page, expect

from tests.browser.person import complaints, part, pod, start, terminal, type_line
from tests.conftest import OpenPage

pytestmark = pytest.mark.browser
NAME = "my-nginx-pod"
READY = {"en-US": "ready", "ko-KR": "준비됨"}
WAYS = [
    pytest.param(1440, "en-US", "light", id="desk-english-light"),
    pytest.param(1440, "ko-KR", "dark", id="desk-korean-dark"),
    pytest.param(390, "ko-KR", "light", id="phone-korean-light"),
    pytest.param(390, "en-US", "dark", id="phone-english-dark"),
]


@pytest.mark.parametrize(("width", "locale", "theme"), WAYS)
def test_a_learner_makes_a_pod_watches_it_and_deletes_it(
    open_page: OpenPage, width: int, locale: str, theme: Literal["light", "dark"]
) -> None:
    """Start, apply, Running and ready in the picture, get, describe, logs, why, delete; axe finds nothing on the way."""
    page = open_page(width=width, height=900 if width > 760 else 844, locale=locale, theme=theme)
    complain: list[str] = []
    page.on("console", lambda message: complain.append(message.text) if message.type == "error" else None)
    start(page)
    assert [] == complaints(page)

    type_line(page, "kubectl apply -f my-nginx-pod.yaml")
    expect(terminal(page)).to_contain_text(f"pod/{NAME} created")
    part(page, "cluster")
    expect(pod(page, NAME)).to_have_attribute("aria-label", re.compile(rf"^{NAME}, Running, {READY[locale]}"), timeout=15_000)
    assert [] == complaints(page)

    type_line(page, "kubectl get pods")
    expect(terminal(page)).to_contain_text(re.compile(rf"{NAME}\s+1/1\s+Running\s+0"))
    type_line(page, f"kubectl describe pod {NAME}")
    expect(terminal(page)).to_contain_text("Successfully assigned default/my-nginx-pod")
    type_line(page, f"kubectl logs {NAME}")
    expect(terminal(page)).to_contain_text("start worker process")

    part(page, "why")
    expect(page.locator("pod-inspector h2")).to_have_text(NAME)
    expect(page.locator("pod-inspector .cond")).to_contain_text(["PodScheduled", "my-nginx-container"])
    assert [] == complaints(page)

    type_line(page, f"kubectl delete pod {NAME}")
    expect(terminal(page)).to_contain_text(f'pod "{NAME}" deleted from default namespace', timeout=40_000)
    part(page, "cluster")
    expect(pod(page, NAME)).to_have_count(0, timeout=40_000)
    assert [] == complain


def test_a_reload_a_second_tab_and_the_first_show_the_same(page: Page) -> None:
    """What is on the screen is the session's, not the page's: terminal text and Pods are there again."""
    start(page)
    type_line(page, "kubectl run web --image=nginx")
    expect(pod(page, "web")).to_have_attribute("aria-label", re.compile("ready"), timeout=15_000)
    second = page.context.new_page()
    second.goto(page.url)
    page.reload()
    for each in (page, second):
        expect(pod(each, "web")).to_have_attribute("aria-label", re.compile("ready"), timeout=15_000)
        expect(terminal(each)).to_contain_text("pod/web created")


def test_looking_back_shows_the_pod_as_it_was_and_then_now_again(page: Page) -> None:
    """The time line goes back to the Pod's first instants by keyboard, the inspector with it, and returns."""
    start(page)
    type_line(page, "kubectl run web --image=nginx")
    expect(pod(page, "web")).to_have_attribute("aria-label", re.compile("ready"), timeout=15_000)
    head = page.locator("pod-timeline [role=slider]")
    head.focus()
    page.keyboard.press("Home")
    expect(page.locator("pod-inspector .sub")).to_contain_text("Pending")
    expect(head).to_have_attribute("aria-valuetext", re.compile(r"\d\d:\d\d:\d\d\.\d{3}"))
    page.keyboard.press("End")
    expect(page.locator("pod-inspector .sub")).to_contain_text("Running")
    place = head.locator("circle").bounding_box()
    assert place is not None
    page.mouse.move(place["x"] + 4, place["y"] - 20)
    page.mouse.down()
    page.mouse.move(place["x"] - 60, place["y"] - 20)
    page.mouse.up()
    page.get_by_role("button", name="Back to now").click()
    expect(page.locator("pod-inspector .sub")).to_contain_text("Running")


def test_the_picture_is_also_text(page: Page) -> None:
    """ "As text" shows the same nodes and Pods as tables, without a complaint from axe."""
    start(page)
    type_line(page, "kubectl run web --image=nginx")
    expect(pod(page, "web")).to_have_attribute("aria-label", re.compile("ready"), timeout=15_000)
    page.locator("[data-as-text]").click()
    table = page.locator("pod-table")
    expect(table).to_contain_text("node-1")
    expect(table.get_by_role("row", name=re.compile("^web "))).to_contain_text("Running · ready")
    expect(table.locator(".story")).to_contain_text("Scheduled: Successfully assigned default/web")
    assert [] == complaints(page)


def test_pause_stops_the_clock_for_everybody_and_run_goes_on(page: Page) -> None:
    """Space pauses: the clock stands until it is pressed again."""
    start(page)
    page.keyboard.press("Space")
    button = page.locator("pod-clock .ib.on")
    expect(button).to_have_attribute("aria-label", "Run")
    button.click()
    expect(button).to_have_attribute("aria-label", "Pause")


def test_several_lines_pasted_run_one_after_another(page: Page) -> None:
    """A paste of two lines is two commands; Ctrl-C gives the prompt back to a command that watches."""
    start(page)
    type_line(page, "echo one")
    page.locator(".xterm-helper-textarea").evaluate(
        """(field) => { const data = new DataTransfer(); data.setData("text/plain", "echo two\\nkubectl get pods -w\\n");
        field.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true })); }"""
    )
    expect(terminal(page)).to_contain_text(re.compile(r"one\n.*two\n.*kubectl get pods -w", re.S))
    page.keyboard.press("Control+c")
    expect(terminal(page)).to_contain_text("^C")
    type_line(page, "echo 파드")
    expect(terminal(page)).to_contain_text(re.compile(r"echo 파드\n파드"))


def test_only_ctrl_shift_period_leaves_the_terminal(page: Page) -> None:
    """Tab stays in the terminal; Ctrl+Shift+. goes to its tab."""
    start(page)
    type_line(page, "echo one")
    page.keyboard.press("Tab")
    expect(page.locator(".xterm-helper-textarea")).to_be_focused()
    page.keyboard.press("Control+Shift+Period")
    expect(page.locator("[role=tab][aria-selected=true]")).to_be_focused()


@pytest.mark.parametrize("width", [390, 1440])
def test_long_and_strange_names_overflow_nothing(open_page: OpenPage, width: int) -> None:
    """A name of 63 characters, right-to-left and emoji in an annotation: the page stays as wide as the screen."""
    page = open_page(width=width, height=844)
    start(page)
    name = "a-very-long-name-" + "x" * 41 + "-tq4z"
    type_line(page, f"kubectl run {name} --image=nginx --annotations=note='<b>مرحبا</b>🙂'")
    part(page, "cluster")
    expect(pod(page, name)).to_have_attribute("aria-label", re.compile("ready"), timeout=15_000)
    for each in ("why", "term", "cluster"):
        part(page, each)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert [] == complaints(page)
