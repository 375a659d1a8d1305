"""The bootstrap: what is there is not installed again, what is stale is, and what is missing is named."""

import importlib.util
import os
import subprocess
import sys
from importlib.machinery import ModuleSpec
from pathlib import Path

import pytest

from podlab.cli import environment, locks
from podlab.cli.trouble import Trouble
from podlab.home import ROOT


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home with an environment that this process seems to run in."""
    monkeypatch.setenv("PODLAB_HOME", str(tmp_path))
    monkeypatch.setattr(sys, "prefix", str(tmp_path / "venv"))
    (tmp_path / "venv" / "bin").mkdir(parents=True)
    (tmp_path / "venv" / "bin" / "python").touch()
    return tmp_path


@pytest.mark.parametrize(
    ("installed", "kind", "ready"),
    [("lab", "lab", True), ("test", "test", True), ("test", "lab", True), ("lab", "test", False)],
)
def test_an_environment_serves_what_it_was_made_for(home: Path, installed: str, kind: str, ready: bool) -> None:
    """That of the tests holds all that a lab needs, not the other way round."""
    (home / "venv" / "podlab.lock").write_text(locks.digest(installed))
    assert environment.ready(kind) is ready


def test_an_environment_of_an_older_lock_is_stale(home: Path) -> None:
    """The stamp is the digest of the lock that was installed."""
    (home / "venv" / "podlab.lock").write_text("0" * 64)
    assert not environment.ready("lab")


def test_an_interrupted_installation_is_stale(home: Path) -> None:
    """The stamp is written last."""
    assert not environment.ready("lab")


def test_a_lab_does_not_take_the_tests_packages_away(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever tests also looks at what they made."""
    installed: list[Path] = []
    monkeypatch.setattr(environment, "tool", lambda name: home / name)
    monkeypatch.setattr(environment, "run_tool", lambda what, command, *_, **__: installed.append(command[-1]))
    monkeypatch.setattr(environment, "_index", list)
    (home / "venv" / "bin" / "pytest").touch()
    environment.ensure("lab")
    assert installed == [locks.LOCKS["test"]]
    assert environment.ready("test")


def test_a_python_without_venv_is_told_what_to_install(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Debian's python3 comes without ensurepip."""
    find_spec = importlib.util.find_spec

    def without_ensurepip(name: str) -> ModuleSpec | None:
        return None if name == "ensurepip" else find_spec(name)

    monkeypatch.setattr(importlib.util, "find_spec", without_ensurepip)
    with pytest.raises(Trouble, match="apt install python3-venv"):
        environment.tool("uv")


def test_a_changed_pyproject_asks_for_new_locks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rather than install something else than what is asked for."""
    stale = tmp_path / "requirements.lock"
    stale.write_text("# made from another pyproject.toml\ndjango==1.0\n")
    monkeypatch.setitem(locks.LOCKS, "lab", stale)
    with pytest.raises(Trouble, match=r"run python3 manage\.py lock"):
        locks.digest("lab")


def test_one_package_is_read_from_the_lock_with_its_hashes() -> None:
    """pip wants the hashes of what it installs, and of nothing else."""
    lines = locks.entry("uv").splitlines()
    assert lines[0].startswith("uv==")
    assert len(lines) > 1
    assert all(line.strip().startswith("--hash=sha256:") for line in lines[1:])


def test_the_bootstrap_needs_nothing_but_the_standard_library() -> None:
    """Everything up to the environment is imported by an isolated Python that sees no site-packages."""
    source = "import sys; sys.path.insert(0, '.'); import podlab.cli.main, podlab.cli.lab"
    done = subprocess.run([sys.executable, "-ISc", source], cwd=ROOT, env=dict(os.environ), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_an_older_python_is_told_so() -> None:
    """`manage.py` can be read by it, up to the sentence."""
    source = (ROOT / "manage.py").read_text("utf-8").replace("(3, 11)", "(99, 0)")
    done = subprocess.run([sys.executable, "-c", source], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("Podlab needs Python 3.11 or newer and this is 3.")
