"""What many tests need: a real Valkey, a whole running lab, a real browser."""

import json
import os
import signal
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from podlab.cli import browser as chromium
from podlab.cli import valkey as valkey_server
from podlab.cli.children import Child
from podlab.cli.running import Lab
from podlab.cli.waiting import await_valkey
from podlab.lifeline import die_with_parent

CHROMIUM_FLAGS = [
    "--no-sandbox", "--headless", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
OpenPage = Callable[..., Page]


@pytest.fixture(scope="session")
def short_folder() -> Iterator[Path]:
    """A temporary folder whose path is short enough for Unix sockets."""
    with tempfile.TemporaryDirectory(prefix="podlab-") as folder:
        yield Path(folder)


@pytest.fixture(scope="session")
def valkey(short_folder: Path) -> Iterator[str]:
    """The address of a real Valkey of this test process's own, as redis-py reads it; Django's settings name it too."""
    from django.conf import settings

    path = short_folder / "valkey.sock"
    child = Child("valkey-test", valkey_server.command(short_folder / "valkey", path), dict(os.environ))
    child.start()
    await_valkey(child, path)
    before = settings.REDIS_URL
    settings.REDIS_URL = f"unix://{path}?db=0"
    yield settings.REDIS_URL
    settings.REDIS_URL = before
    child.signal(signal.SIGKILL)


@pytest.fixture(scope="session")
def start_lab(short_folder: Path) -> Iterator[Callable[[str], Lab]]:
    """Starts a lab in the home of that name, on a free port; all end with the tests."""
    labs: list[Lab] = []

    def start(name: str) -> Lab:
        labs.append(Lab.start(short_folder / name, PODLAB_ANONYMOUS_CAP="1000"))  # all tests come from one address
        return labs[-1]

    yield start
    for lab in labs:
        lab.end()


@pytest.fixture(scope="session")
def lab_server(start_lab: Callable[[str], Lab]) -> Lab:
    """The lab that most tests share."""
    return start_lab("shared")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A headless Chromium. Of one module only: Playwright's loop would be in the way of asynchronous tests."""
    path = os.environ.get("PODLAB_CHROMIUM") or str(chromium.ensure())
    with sync_playwright() as playwright:
        chrome = playwright.chromium.launch(executable_path=path, args=CHROMIUM_FLAGS)
        yield chrome
        chrome.close()


@pytest.fixture
def open_page(browser: Browser, lab_server: Lab) -> Iterator[OpenPage]:
    """Opens pages of the shared lab, each in a profile of its own; a script error in any of them fails the test."""
    errors: list[str] = []
    contexts = []

    def open_one(width: int = 1440, height: int = 900, locale: str = "en-US", theme: Literal["light", "dark"] = "light") -> Page:
        context = browser.new_context(
            base_url=lab_server.address, viewport={"width": width, "height": height}, locale=locale, color_scheme=theme
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert errors == []


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    """A page at 1440 × 900, English, light; nothing loaded yet."""
    return open_page()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that share the lab share a test process too, so that one lab serves them all; what a browser shows may be looked at twice."""
    for item in items:
        if "start_lab" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group("lab"))
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.flaky(reruns=1))


def pytest_configure(config: pytest.Config) -> None:
    """A test process of xdist ends with the one that started it."""
    if hasattr(config, "workerinput"):
        die_with_parent(os.getppid(), signal.SIGTERM)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Write down why tests were skipped and which had a second try, for the last lines of `manage.py test`."""
    if told := os.environ.get("PODLAB_TOLD"):
        reasons = {report.longrepr[2].removeprefix("Skipped: ") for report in terminalreporter.stats.get("skipped", ())}
        again = {report.nodeid for report in terminalreporter.stats.get("rerun", ())}
        Path(told).write_text(json.dumps({"Tried twice": sorted(again), "Skipped": sorted(reasons)}), "utf-8")
