"""What many tests need: a real Valkey, a whole running lab, a real browser."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from podlab.cli import browser as chromium
from podlab.cli import valkey as valkey_server
from podlab.cli.children import Child
from podlab.cli.waiting import await_valkey
from podlab.home import ROOT

CHROMIUM_FLAGS = [
    "--no-sandbox", "--headless", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
OpenPage = Callable[..., Page]


@dataclass
class Lab:
    """A running lab: what a person gets from `manage.py lab`, in a home of its own."""

    process: "subprocess.Popen[bytes]"
    home: Path

    def state(self) -> dict[str, Any]:
        """What the supervisor writes down: its address and the process numbers of its children."""
        state: dict[str, Any] = json.loads((self.home / "lab.json").read_text("utf-8"))
        return state

    @property
    def address(self) -> str:
        """The address of the home page, with a slash at its end."""
        return str(self.state()["address"])

    def pid(self, child: str) -> int:
        """The process number of "valkey", "server", "worker-1" … or "sweeper"."""
        return int(self.state()["children"][child])

    def kill(self, child: str) -> None:
        """Kill a child without warning."""
        os.kill(self.pid(child), signal.SIGKILL)

    def is_ready(self) -> bool:
        """Whether `/readyz` says so."""
        try:
            with urllib.request.urlopen(f"{self.address}readyz", timeout=5) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def wait_until_ready(self, seconds: float = 60) -> None:
        """Wait for `/readyz`. Raises with the lab's own words where it ends first."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and self.process.poll() is None:
            if (self.home / "lab.json").exists() and self.is_ready():
                return
            time.sleep(0.1)
        raise AssertionError(f"the lab is not ready:\n{(self.home / 'lab.out').read_text('utf-8')}")


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
        home = short_folder / name
        home.mkdir()
        with (home / "lab.out").open("wb") as out:
            environment = {k: v for k, v in os.environ.items() if k != "PODLAB_REDIS_URL"} | {"PODLAB_HOME": str(home)}
            command = [sys.executable, "manage.py", "lab", "--port", "0"]
            process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=out, stderr=out, stdin=subprocess.DEVNULL)
        labs.append(Lab(process, home))
        labs[-1].wait_until_ready()
        return labs[-1]

    yield start
    for lab in labs:
        lab.process.terminate()
        lab.process.wait(20)


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
    """Tests that share the lab share a test process too, so that one lab serves them all."""
    for item in items:
        if "start_lab" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group("lab"))
