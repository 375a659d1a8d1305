"""The lock files of the Python packages: versions and hashes, no address (decision 0001)."""

import hashlib
import json
import re
import tomllib
from pathlib import Path

from podlab.cli.trouble import Trouble
from podlab.home import ROOT

LOCKS = {
    "lab": ROOT / "requirements.lock",
    "test": ROOT / "requirements-test.lock",
    "tools": ROOT / "requirements-tools.lock",
}
"""What runs a lab; that and what tests it; the tools that set both up."""
_HEADER = "# Made by `python3 manage.py lock` from pyproject.toml, whose dependencies have the digest"


def wishes_digest(pyproject: Path = ROOT / "pyproject.toml") -> str:
    """A digest of everything in `pyproject.toml` that decides what the locks hold."""
    data = tomllib.loads(pyproject.read_text("utf-8"))
    project = data["project"]
    wishes = [project["requires-python"], project["dependencies"], project.get("optional-dependencies"), data["dependency-groups"]]
    return hashlib.sha256(json.dumps(wishes, sort_keys=True).encode()).hexdigest()[:16]


def header() -> str:
    """The first line of each lock."""
    return f"{_HEADER} {wishes_digest()}.\n"


def digest(kind: str) -> str:
    """The digest of a lock. Raises `Trouble` where `pyproject.toml` has changed since it was made."""
    text = LOCKS[kind].read_text("utf-8")
    if not text.startswith(header()):
        raise Trouble(f"pyproject.toml asks for other packages than {LOCKS[kind].name} holds: run python3 manage.py lock")
    return hashlib.sha256(text.encode()).hexdigest()


def entry(package: str) -> str:
    """The lines of one package in the tools' lock, hashes included."""
    found = re.search(rf"^{re.escape(package)}==.*(?:\n[ ]+.*)*", LOCKS["tools"].read_text("utf-8"), re.MULTILINE)
    if found is None:
        raise Trouble(f"{LOCKS['tools'].name} does not hold {package}: run python3 manage.py lock")
    return found.group() + "\n"
