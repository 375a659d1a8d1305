"""Settings come from the environment; what is unsafe is not the default."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from podlab import settings as module
from podlab.home import ROOT


def test_the_secret_key_is_made_once_and_private(tmp_path: Path) -> None:
    """Two processes with one home have one key; only its owner reads it."""
    keys = {_ask("SECRET_KEY", PODLAB_HOME=str(tmp_path)) for _ in range(2)}
    assert len(keys) == 1
    assert len(keys.pop()) >= 50
    assert oct((tmp_path / "secret.key").stat().st_mode & 0o777) == "0o600"


def test_sqlite_waits_for_other_writers() -> None:
    """WAL for readers beside the writer, IMMEDIATE so that a transaction never fails half-way for the lock."""
    options = module._sqlite(Path("x"))["OPTIONS"]
    assert options["transaction_mode"] == "IMMEDIATE"
    assert options["timeout"] >= 5
    assert "journal_mode=WAL" in options["init_command"]


def test_postgres_by_its_address() -> None:
    """Percent signs and options included."""
    database = module._postgres("postgres://learner:p%40ss@db.example.org:5433/podlab?sslmode=require")
    assert database["USER"] == "learner"
    assert database["PASSWORD"] == "p@ss"
    assert (database["HOST"], database["PORT"], database["NAME"]) == ("db.example.org", "5433", "podlab")
    assert database["OPTIONS"] == {"sslmode": "require"}


def test_an_address_of_another_database_is_refused() -> None:
    """Rather than read as PostgreSQL."""
    with pytest.raises(ValueError, match="PODLAB_DATABASE_URL: 'mysql'; it begins with postgres://"):
        module._postgres("mysql://x/y")


@pytest.mark.parametrize(
    ("url", "broker"),
    [
        ("unix:///run/valkey.sock?db=0", "redis+socket:///run/valkey.sock?virtual_host=0"),
        ("redis://redis.example.org:6379/1", "redis://redis.example.org:6379/1"),
    ],
)
def test_celery_is_told_the_same_redis(url: str, broker: str) -> None:
    """In its own spelling."""
    assert module._broker(url) == broker


def test_no_inline_script_or_style_is_let_through() -> None:
    """Neither by the policy nor by a page that forgot it."""
    policy = {name: [str(source) for source in sources] for name, sources in module.CONTENT_SECURITY_POLICY["DIRECTIVES"].items()}
    assert {name: sources for name, sources in policy.items() if {"'unsafe-inline'", "'unsafe-eval'"} & set(sources)} == {}
    assert policy["default-src"] == ["'self'"]


def _ask(name: str, **environment: str) -> str:
    """A setting as a process with this environment sees it."""
    source = f"from podlab import settings; print(settings.{name})"
    done = subprocess.run(
        [sys.executable, "-c", source], cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()
