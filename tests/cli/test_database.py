"""The database is made ready when it has to be, and only then."""

from pathlib import Path

import pytest

from podlab.cli import database


@pytest.fixture
def runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was run, in a home of its own; a run makes the database's file."""
    done: list[str] = []

    def run(what: str, command: list[str], timeout: int) -> None:
        done.append(command[-1])
        (tmp_path / "podlab.sqlite3").touch()

    monkeypatch.setenv("PODLAB_HOME", str(tmp_path))
    monkeypatch.delenv("PODLAB_DATABASE_URL", raising=False)
    monkeypatch.setattr(database, "run_tool", run)
    return done


def test_it_is_prepared_once(runs: list[str]) -> None:
    """The second start has nothing to do."""
    database.ensure()
    database.ensure()
    assert runs == ["podlab.cli.prepare"]


def test_a_deleted_database_is_prepared_anew(runs: list[str], tmp_path: Path) -> None:
    """The stamp alone is not believed."""
    database.ensure()
    (tmp_path / "podlab.sqlite3").unlink()
    database.ensure()
    assert len(runs) == 2


def test_new_code_prepares_it_again(runs: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Migrations and presets come with the files."""
    database.ensure()
    monkeypatch.setattr(database, "_digest", lambda: "other")
    database.ensure()
    assert len(runs) == 2


def test_somebody_elses_database_is_always_asked(runs: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """What lies behind PODLAB_DATABASE_URL may be another one than last time."""
    monkeypatch.setenv("PODLAB_DATABASE_URL", "postgres:///podlab")
    database.ensure()
    database.ensure()
    assert len(runs) == 2
