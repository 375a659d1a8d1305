"""The front end is built when its sources have changed, and only then."""

from pathlib import Path

import pytest

from podlab.cli import frontend


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A house with one source, nothing installed, nothing built; tools only say that they were called."""
    (tmp_path / "static" / "src").mkdir(parents=True)
    for name in ("package.json", "package-lock.json", ".npmrc", "vite.config.ts", "tsconfig.json", "static/src/main.ts"):
        (tmp_path / name).write_text(name)
    for folder in ("node_modules", "static/dist"):
        (tmp_path / folder).mkdir()
    monkeypatch.setattr(frontend, "ROOT", tmp_path)
    monkeypatch.setattr(frontend, "MODULES", tmp_path / "node_modules")
    monkeypatch.setattr(frontend, "DIST", tmp_path / "static" / "dist")
    monkeypatch.setattr(frontend, "PACKAGES", [tmp_path / name for name in ("package.json", "package-lock.json", ".npmrc")])
    return tmp_path


@pytest.fixture
def called(house: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was run, in order."""
    done: list[str] = []
    monkeypatch.setattr(frontend, "run_tool", lambda what, *_, **__: done.append(what))
    monkeypatch.setattr(frontend, "node", lambda: house / "node")
    monkeypatch.setattr(frontend, "_npm", lambda: house / "npm-cli.js")
    return done


INSTALL, BUILD = "Installing the front-end packages", ["Building the front end", "Compressing the front end"]


def test_it_is_built_once(called: list[str]) -> None:
    """The second time there is nothing to do."""
    frontend.ensure()
    frontend.ensure()
    assert called == [INSTALL, *BUILD]


def test_a_changed_source_is_built_without_installing(called: list[str], house: Path) -> None:
    """Packages depend on their own files alone."""
    frontend.ensure()
    (house / "static" / "src" / "main.ts").write_text("changed")
    frontend.ensure()
    assert called == [INSTALL, *BUILD, *BUILD]


def test_a_changed_lock_is_installed_and_built(called: list[str], house: Path) -> None:
    """Another Vite may build something else."""
    frontend.ensure()
    (house / "package-lock.json").write_text("changed")
    frontend.ensure()
    assert called == [INSTALL, *BUILD, INSTALL, *BUILD]


def test_the_tests_packages_are_added_and_stay(called: list[str]) -> None:
    """A lab does not take them away again."""
    frontend.ensure()
    frontend.ensure(with_tests=True)
    frontend.ensure()
    assert called == [INSTALL, *BUILD, INSTALL]


def test_an_old_node_is_not_taken(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Debian 12's Node is 18; the Python package has one that Vite runs on."""
    (tmp_path / "node").write_text("#!/bin/sh\necho v18.20.4\n")
    (tmp_path / "node").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    monkeypatch.setattr(frontend, "tool", lambda name: tmp_path / name)
    monkeypatch.setattr(frontend, "_wheel", lambda: tmp_path / "wheel")
    assert frontend.node() == tmp_path / "wheel" / "bin" / "node"
