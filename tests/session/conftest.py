"""A running runtime with the small cluster, shared by the tests of the rooms above the simulation."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.session.stack import Stack


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    """Valkey, SQLite, one worker, sweeper and server."""
    with TemporaryDirectory(prefix="podlab-") as folder:
        running = Stack(Path(folder))
        try:
            running.start()
            yield running
        finally:
            running.stop()
            print(running.logs())
