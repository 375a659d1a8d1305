"""The browser tests' Chromium: found before it is installed, installed before it is asked for."""

from pathlib import Path

import pytest

from podlab.cli import browser, debian
from podlab.cli.trouble import Trouble


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine without any browser; the folder is its PATH."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(browser, "_playwrights_own", lambda: None)
    return tmp_path


def test_the_one_on_path_is_taken(bare: Path) -> None:
    """Under any of its names."""
    (bare / "google-chrome").write_text("#!/bin/sh\n")
    (bare / "google-chrome").chmod(0o755)
    assert browser.ensure() == bare / "google-chrome"


def test_else_the_one_that_playwright_installed(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Which is not on PATH."""
    monkeypatch.setattr(browser, "_playwrights_own", lambda: Path("/opt/chrome"))
    assert browser.ensure() == Path("/opt/chrome")


def test_root_on_debian_gets_it_from_the_package(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the letters for the Korean pages."""
    called: list[list[str]] = []

    def install(what: str, command: list[str], *_: object, **__: object) -> None:
        called.append(command)
        (bare / "chromium").write_text("#!/bin/sh\n")
        (bare / "chromium").chmod(0o755)

    (bare / "apt-get").write_text("#!/bin/sh\n")
    (bare / "apt-get").chmod(0o755)
    monkeypatch.setattr("os.getuid", lambda: 0)
    monkeypatch.setattr(debian, "run_tool", install)
    assert browser.ensure() == bare / "chromium"
    assert called[0][-2:] == ["chromium", "fonts-noto-cjk"]


def test_everybody_else_is_told_the_line_that_installs_it(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And nothing is tried."""
    monkeypatch.setattr("os.getuid", lambda: 1000)
    with pytest.raises(Trouble, match="run apt install chromium fonts-noto-cjk"):
        browser.ensure()
