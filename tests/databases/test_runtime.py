"""The session runtime keeps its promises on PostgreSQL as on SQLite."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from podlab.cli import postgres
from podlab.home import ROOT
from podlab.lifeline import die_with_parent
from tests.databases import server

RUNTIME = ("tests/learners", "tests/session", "tests/jobs", "tests/live")
EXAMPLES = "15"
"""Of the model; SQLite's run has more."""


@pytest.fixture(scope="session")
def database_url() -> Iterator[str]:
    """The address of an empty PostgreSQL database."""
    found = os.environ.get("PODLAB_POSTGRES")
    with server.running(Path(found) if found else postgres.ensure()) as url:
        yield url


def test_the_runtimes_tests_pass_on_postgresql(database_url: str, tmp_path: Path) -> None:
    """All of them, in processes that know PostgreSQL alone; afterwards the learners' sessions are there."""
    environment = {**os.environ, "PODLAB_DATABASE_URL": database_url, "PODLAB_HOME": str(tmp_path), "PODLAB_EXAMPLES": EXAMPLES}
    environment.pop("PODLAB_TOLD", None)
    command, parent = [sys.executable, "-m", "pytest", "-q", *RUNTIME], os.getpid()
    done = subprocess.run(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", check=False,
        timeout=600, preexec_fn=lambda: die_with_parent(parent, signal.SIGINT),
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-20_000:]
    with psycopg.connect(database_url) as connection:
        kept = connection.execute("SELECT count(*) FROM session_journalrow").fetchone()
    assert kept is not None and kept[0] > 0
