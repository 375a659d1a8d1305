"""A lesson done through the page, as a person does it: `pod-hands-on/08-readiness-hands-on`."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.person import complaints, pod, sign_in, sign_up, terminal, to_terminal, type_line
from tests.conftest import OpenPage

pytestmark = pytest.mark.browser
LESSON = "/lessons/pod-hands-on/08-readiness-hands-on/"
NODE = 'on(pod("pod-readiness-exec1"))'
READY_AT = "pod-predict[data-id=ready-at]"


def begin(page: Page, address: str = "") -> None:
    """Open the lesson's page (of another lab at its `address`) and start it."""
    page.goto(address.rstrip("/") + LESSON)
    page.locator("main form.row .btn").first.click()
    expect(page.locator("pod-lesson .progress")).to_be_visible(timeout=20_000)


def task(page: Page, name: str) -> Locator:
    """A task of the text."""
    return page.locator(f"pod-task#task-{name}")


def is_met(page: Page, name: str) -> None:
    """The task is met, soon."""
    expect(task(page, name)).to_have_attribute("data-state", "met", timeout=30_000)


def test_the_lesson_is_done_by_a_person_with_a_reload_in_the_middle_and_a_wrong_answer(page: Page) -> None:
    """Its buttons and its own lines; the file first on the wrong node; every task met, the prediction compared, the end shown, home knows."""
    begin(page)
    for run in task(page, "a").locator(".run-all").all():
        run.click()
    is_met(page, "a")
    node = page.locator(f"pod-live[data-expr='{NODE}']")
    expect(node).to_have_text(re.compile("node-[12]"))
    page.locator(f"{READY_AT} input[type=number]").fill("25")
    page.keyboard.press("Tab")
    page.locator(f"{READY_AT} .btn").click()
    expect(page.locator(f"{READY_AT} [role=status]")).to_have_text("Your guess: 25 s.")

    wrong = "node-2" if node.inner_text() == "node-1" else "node-1"
    type_line(page, f"ssh {wrong} mkdir -p /tmp/readiness")
    type_line(page, f"ssh {wrong} touch /tmp/readiness/ready.txt")
    expect(task(page, "b").locator(".hint").first).to_contain_text(f"This Pod is on {node.inner_text()}", timeout=15_000)
    page.reload()
    expect(page.locator("pod-lesson .num")).to_have_text("1 of 4 done", timeout=20_000)
    expect(page.locator(f"{READY_AT} [role=status]")).to_have_text("Your guess: 25 s.")
    assert [] == complaints(page)

    type_line(page, f"ssh {node.inner_text()} touch /tmp/readiness/ready.txt")
    page.get_by_role("button", name="×10").click()
    is_met(page, "b")
    pod(page, "pod-readiness-exec1").click()
    expect(page.locator("pod-timeline .guessed")).to_contain_text("your guess")
    expect(page.locator(f"{READY_AT} .came-words")).to_contain_text("It was:")
    is_met(page, "c")
    type_line(page, f"ssh {node.inner_text()} rm /tmp/readiness/ready.txt")
    is_met(page, "d")
    expect(page.locator("pod-done")).to_contain_text("counted three successes in a row")
    assert [] == complaints(page)

    task(page, "b").locator(".at button").click()
    expect(page.locator("pod-clock")).to_contain_text("Looking back")
    page.goto("/")
    expect(page.locator(".packs li.cur .lp i.done")).to_have_count(1)
    page.goto(LESSON)
    expect(page.get_by_role("button", name="Start afresh")).to_be_visible()


LOOP = "while true; do date && curl 10.96.80.8:8080/hostname; sleep 1; done"
TOLD = "$(kubectl get pod pod-readiness-exec1 -o jsonpath='{.spec.nodeName}')"
MISTAKES = [
    (["mkdir -p /tmp/readiness", "touch /tmp/readiness/ready.txt"], "That file lies on your own machine"),
    (["ssh {other} mkdir -p /tmp/readiness", "ssh {other} touch /tmp/readiness/ready.txt"], "hostPath is the directory of its node"),
    (["kubectl delete pod pod1"], "the Service has no ready address at all"),
    (
        [
            "kubectl delete pod pod-readiness-exec1",
            "sed 's/successThreshold: 3/successThreshold: 1/' pod-readiness-exec1.yaml > easy.yaml",
            "kubectl apply -f easy.yaml",
        ],
        "A new Pod with a smaller threshold is another Pod",
    ),
]
"""What is typed, and the hint that comes of it."""


def test_the_documents_commands_the_four_wrong_answers_and_another_device(open_page: OpenPage) -> None:
    """Typed verbatim, the loop beside; each mistake has its hint; an account takes the lesson to a phone, which ends it, seen on both."""
    page = open_page(width=1440, height=900, locale="en-US", theme="dark")
    begin(page)
    to_terminal(page, "2")
    type_line(page, "ssh node-1")
    type_line(page, LOOP)
    page.get_by_role("button", name="Side by side").click()
    to_terminal(page, "1")
    type_line(page, "kubectl apply -f pod-readiness-exec1.yaml")
    is_met(page, "a")
    node = page.locator(f"pod-live[data-expr='{NODE}']").inner_text()
    page.get_by_role("button", name="×10").click()
    to_terminal(page, "3")
    type_line(page, "kubectl get events -w | grep pod-readiness-exec1")
    expect(terminal(page, "3")).to_contain_text("Readiness probe failed: cat: can't open '/readiness/ready.txt'", timeout=40_000)
    to_terminal(page, "1")
    type_line(page, "kubectl describe pod pod-readiness-exec1 | grep -A5 Conditions")
    expect(terminal(page, "1")).to_contain_text(re.compile(r"\n  Ready +False"), timeout=40_000)
    type_line(page, "kubectl describe endpoints svc-readiness")
    expect(terminal(page, "1")).to_contain_text(re.compile(r"NotReadyAddresses:  10\."), timeout=40_000)
    expect(terminal(page, "2")).to_contain_text("pod1")
    for lines, hint in MISTAKES:
        for line in lines:
            type_line(page, line.format(other="node-2" if node == "node-1" else "node-1"))
        expect(page.locator("pod-lesson ~ *, pod-task, pod-hint").get_by_text(hint).first).to_be_visible(timeout=40_000)
    expect(page.locator("pod-lesson .guards .broken")).to_contain_text("Somebody always answers")
    assert [] == complaints(page)

    sign_up(page, "grace")
    phone = open_page(width=390, height=844, locale="ko-KR")
    sign_in(phone, "grace")
    phone.goto(LESSON)
    phone.get_by_role("button", name="처음부터 다시").click()
    expect(phone.locator("pod-lesson .num")).to_have_text("4개 중 0개 완료", timeout=40_000)
    type_line(phone, f"kubectl apply -f pod-readiness-exec1.yaml; ssh node-1 '{LOOP}'")
    is_met(phone, "a")
    page.goto(LESSON)
    page.locator("main .btn").first.click()
    to_terminal(page, "2")
    type_line(page, f"ssh {TOLD} touch /tmp/readiness/ready.txt")
    page.get_by_role("button", name="×10").click()
    is_met(page, "c")
    type_line(page, f"ssh {TOLD} rm /tmp/readiness/ready.txt")
    for each in (page, phone):
        is_met(each, "d")


def tab_to(page: Page, wanted: Locator) -> None:
    """Press Tab until it has the focus."""
    for _ in range(120):
        if wanted.evaluate("each => each === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not lead to {wanted}")


def to_lesson(page: Page) -> None:
    """`g g`: the key that leads to the lesson."""
    page.keyboard.press("g")
    page.keyboard.press("g")
    expect(page.locator("#guide")).to_be_focused()


def press(page: Page, wanted: Locator) -> None:
    """Go there by keyboard, and press Enter."""
    tab_to(page, wanted)
    page.keyboard.press("Enter")


def test_the_lesson_is_done_by_keyboard_alone_on_a_phone_in_korean(open_page: OpenPage) -> None:
    """Tab, Enter and the page's own keys: start, run, predict, lines in the terminal and out of it again, to the end; nothing is wider than the screen."""
    page = open_page(width=390, height=844, locale="ko-KR")
    page.goto(LESSON)
    press(page, page.locator("main form.row .btn").first)
    expect(page.locator("pod-lesson .num")).to_have_text("4개 중 0개 완료", timeout=20_000)
    for index in range(task(page, "a").locator(".run").count()):
        press(page, task(page, "a").locator(".run").nth(index))
        to_lesson(page)
    is_met(page, "a")
    tab_to(page, page.locator(f"{READY_AT} input[type=number]"))
    page.keyboard.type("25")
    press(page, page.locator(f"{READY_AT} .btn"))
    expect(page.locator(f"{READY_AT} [role=status]")).to_have_text("내 예측: 25초.")
    node = page.locator(f"pod-live[data-expr='{NODE}']").inner_text()
    page.keyboard.press("g")
    page.keyboard.press("t")
    expect(page.locator(".pane:not([hidden]) .xterm-helper-textarea")).to_be_focused()
    page.keyboard.type(f"ssh {node} touch /tmp/readiness/ready.txt\n")
    page.keyboard.press("Control+Shift+Period")
    to_lesson(page)
    page.keyboard.press("2")
    is_met(page, "b")
    is_met(page, "c")
    page.keyboard.press("g")
    page.keyboard.press("t")
    expect(page.locator(".pane.on .xterm-helper-textarea")).to_be_focused()
    page.keyboard.type(f"ssh {node} rm /tmp/readiness/ready.txt\n")
    page.keyboard.press("Control+Shift+Period")
    expect(page.locator("pod-clock [role=status]")).to_contain_text("완료:", timeout=60_000)
    expect(page.locator(".tabbar .news")).to_have_attribute("href", "#guide")
    to_lesson(page)
    expect(page.locator(".tabbar .news")).to_have_count(0)
    is_met(page, "d")
    expect(page.locator("pod-done")).to_contain_text("연달아 세 번 성공")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert [] == complaints(page)


def test_the_language_switch_keeps_the_place(page: Page) -> None:
    """Who reads the third task in English reads it in Korean after the switch."""
    page.goto(LESSON + "#task-c")
    task(page, "c").scroll_into_view_if_needed()
    page.locator("button[name=language][value=ko]").click()
    expect(page.locator("html")).to_have_attribute("lang", "ko")
    assert re.search("#task-[bcd]$", page.url)
