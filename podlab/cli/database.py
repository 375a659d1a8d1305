"""The lab's database is made ready: once for each state of the code, since asking Django costs two seconds. Standard library only."""

import hashlib
import os
import sys

from podlab.cli.steps import run_tool
from podlab.home import ROOT, home

SOURCES = {".py", ".yaml", ".json", ".txt"}


def ensure() -> None:
    """Bring the tables and the booted presets up to date, where these files have not done so for this database. Raises `Trouble`."""
    stamp, wanted = home() / "prepared", _digest()
    known = stamp.exists() and stamp.read_text("ascii") == wanted
    if known and "PODLAB_DATABASE_URL" not in os.environ and (home() / "podlab.sqlite3").exists():
        return
    stamp.unlink(missing_ok=True)
    run_tool("Preparing the database", [sys.executable, "-m", "podlab.cli.prepare"], 300)
    stamp.write_text(wanted, "ascii")


def _digest() -> str:
    """Of all that tables and presets are made by: the names and bytes of our own files."""
    digest = hashlib.sha256()
    for path in sorted((ROOT / "podlab").rglob("*")):
        if path.suffix in SOURCES:
            digest.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes())
    return digest.hexdigest()
