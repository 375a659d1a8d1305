"""The Chromium of the browser tests: found, or installed where that needs no question."""

import importlib.util
import shutil
from pathlib import Path

from podlab.cli import debian
from podlab.cli.steps import step
from podlab.cli.trouble import Trouble

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome")
PACKAGES = ("chromium", "fonts-noto-cjk")
"""Debian's: the browser, and letters for the Korean pages."""


def find() -> Path | None:
    """A Chromium on PATH, else one that Playwright has installed already."""
    for name in NAMES:
        if found := shutil.which(name):
            return Path(found)
    return _playwrights_own()


def ensure() -> Path:
    """The Chromium; as root on Debian it is installed when missing. Raises `Trouble` with the line that installs it."""
    found = find() or _install()
    if found is None:
        raise Trouble(
            "The browser tests need a Chromium: run apt install chromium fonts-noto-cjk (or, elsewhere, "
            "python3 -m playwright install chromium), then this again."
        )
    return found


def _playwrights_own() -> Path | None:
    if importlib.util.find_spec("playwright") is None:
        return None
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = Path(playwright.chromium.executable_path)
    return path if path.exists() else None


def _install() -> Path | None:
    if not debian.may_install():
        return None
    with step(f"Installing {' and '.join(PACKAGES)} (apt)"):
        debian.update()
        debian.install("Chromium", *PACKAGES)
    return find()
