"""The repository names nobody's machine and nobody's registry."""

import json

import pytest

from podlab.cli import locks
from podlab.home import ROOT
from tests.house import tree

WORDS = ["/" + name + "/" for name in ("work", "farm", "root")]
WORDS += [".".join(host) for host in (("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"), ("npmjs", "com"), ("jsdelivr", "net"))]
TOP = {".ci", "podlab", "lessons", "static", "templates", "tests", "docs", "deploy"}


@pytest.mark.parametrize("word", WORDS)
def test_no_file_names_a_machine_or_a_registry(word: str) -> None:
    """Neither folders of somebody's machine nor hosts of a package registry."""
    assert [str(path) for path in tree.tracked() if word in tree.text(path)] == []


def test_the_npm_lock_has_no_addresses() -> None:
    """Versions and hashes only, as in the Python locks."""
    packages = json.loads((ROOT / "package-lock.json").read_text("utf-8"))["packages"]
    assert [name for name, package in packages.items() if "resolved" in package] == []


@pytest.mark.parametrize("kind", locks.LOCKS)
def test_the_locks_hold_what_pyproject_asks_for(kind: str) -> None:
    """Otherwise: `python3 manage.py lock`."""
    assert locks.LOCKS[kind].read_text("utf-8").startswith(locks.header())


def test_the_top_level_has_the_agreed_folders_only() -> None:
    """A new room goes where the map in README.md says."""
    assert {path.parts[0] for path in tree.tracked() if len(path.parts) > 1} <= TOP
