"""What breaks underneath: the learner sees it in words, and loses nothing."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from podlab.cli.running import Lab
from tests.browser.person import pod, start, terminal, to_terminal, type_line
from tests.browser.test_lesson import LOOP, TOLD, begin, is_met

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def fragile(start_lab: Callable[[str], Lab]) -> Lab:
    """A lab that may be harmed."""
    return start_lab("fragile")


def test_workers_die_in_the_middle_and_the_pod_becomes_ready_all_the_same(page: Page, fragile: Lab) -> None:
    """Both workers are killed while the image is pulled; what was typed happens, once."""
    start(page, fragile.address)
    type_line(page, "kubectl apply -f my-nginx-pod.yaml")
    for worker in ("worker-1", "worker-2"):
        fragile.kill(worker)
    expect(pod(page, "my-nginx-pod")).to_have_attribute("aria-label", re.compile("Running, ready"), timeout=40_000)
    type_line(page, "kubectl get pods")
    expect(terminal(page)).to_contain_text(re.compile(r"my-nginx-pod\s+1/1\s+Running"), timeout=30_000)
    assert 1 == terminal(page).inner_text().count("pod/my-nginx-pod created")


def test_offline_is_told_and_what_is_typed_meanwhile_is_kept(page: Page, fragile: Lab) -> None:
    """The server is killed: a bar says since when; a line typed without it runs once it is back."""
    start(page, fragile.address)
    type_line(page, "echo before")
    expect(terminal(page)).to_contain_text(re.compile(r"\nbefore"))
    fragile.kill("server")
    expect(page.locator("pod-offline [role=alert]")).to_contain_text("Your work is kept")
    page.keyboard.type("echo meanwhile\n")
    expect(terminal(page)).to_contain_text(re.compile(r"\nmeanwhile"), timeout=40_000)
    expect(page.locator("pod-offline [role=alert]")).to_have_count(0)
    assert 1 == terminal(page).inner_text().count("\nmeanwhile")


def test_the_readiness_lesson_is_done_while_worker_valkey_and_server_are_killed(page: Page, fragile: Lab) -> None:
    """Each dies in the middle of a task; every task is met all the same, and what was typed happened once."""
    begin(page, fragile.address)
    to_terminal(page, "2")
    type_line(page, f"ssh node-1 '{LOOP}'")
    to_terminal(page, "1")
    type_line(page, "kubectl apply -f pod-readiness-exec1.yaml")
    fragile.kill("worker-1")
    fragile.kill("worker-2")
    is_met(page, "a")
    page.get_by_role("button", name="×10").click()
    type_line(page, f"ssh {TOLD} touch /tmp/readiness/ready.txt")
    fragile.kill("valkey")
    is_met(page, "c")
    type_line(page, f"ssh {TOLD} rm /tmp/readiness/ready.txt")
    fragile.kill("server")
    is_met(page, "d")
    assert 1 == terminal(page, "1").inner_text().count("pod/pod-readiness-exec1 created")
