"""The runtime for tests: in this process with a real Valkey (`runtime`), or all processes (`stack`); both with the small cluster."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from pytest_django import Settings

from podlab.session import redis as r
from podlab.session import warm
from tests.session.stack import Stack


@pytest.fixture
def runtime(valkey: str, transactional_db: None, settings: Settings) -> None:
    """An empty Redis and database; the small cluster."""
    settings.PODLAB_ENGINE = "tests.session.fake"
    settings.PODLAB_CHECKPOINT_CPU_S = 0
    warm.clear()
    r.client.cache_clear()
    r._script.cache_clear()
    r.client().flushall()


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    """Valkey, database, one worker, sweeper and server."""
    with TemporaryDirectory(prefix="podlab-") as folder:
        running = Stack(Path(folder))
        try:
            running.start()
            yield running
        finally:
            running.stop()
            print(running.logs())
