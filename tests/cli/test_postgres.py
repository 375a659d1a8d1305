"""The database tests' PostgreSQL: found before it is installed, installed before it is asked for."""

from pathlib import Path

import pytest

from podlab.cli import debian, postgres
from podlab.cli.trouble import Trouble


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine without any PostgreSQL: `bin` is its PATH, `debian` where Debian's programs would be."""
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setattr(postgres, "DEBIANS", tmp_path / "debian")
    monkeypatch.setattr(postgres, "NEW_CLUSTERS", tmp_path / "createcluster.conf")
    return tmp_path


def put(folder: Path, *names: str) -> Path:
    """Programs of these names in the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        (folder / name).write_text("#!/bin/sh\n")
        (folder / name).chmod(0o755)
    return folder


def test_the_one_on_path_is_taken(bare: Path) -> None:
    """Even where Debian has one too."""
    put(bare / "debian" / "15" / "bin", "initdb", "postgres")
    assert put(bare / "bin", "initdb", "postgres") == postgres.ensure()


def test_else_the_newest_of_debians(bare: Path) -> None:
    """By number, not by letter; one without its server does not count."""
    put(bare / "debian" / "9.6" / "bin", "initdb", "postgres")
    put(bare / "debian" / "17" / "bin", "initdb")
    assert put(bare / "debian" / "15" / "bin", "initdb", "postgres") == postgres.ensure()


def test_root_on_debian_gets_it_from_the_package_without_a_cluster(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Debian is told to make none while its package is installed, and finds its setting as it was."""
    told: dict[str, str] = {}

    def install(what: str, command: list[str], *_: object, **__: object) -> None:
        if command[-1] == "postgresql-common":
            postgres.NEW_CLUSTERS.write_text("start_conf = 'auto'\n")
        else:
            told[command[-1]] = postgres.NEW_CLUSTERS.read_text()
            put(bare / "debian" / "15" / "bin", "initdb", "postgres")

    put(bare / "bin", "apt-get")
    monkeypatch.setattr("os.getuid", lambda: 0)
    monkeypatch.setattr(debian, "run_tool", install)
    assert bare / "debian" / "15" / "bin" == postgres.ensure()
    assert {"postgresql": "start_conf = 'auto'\n\ncreate_main_cluster = false\n"} == told
    assert postgres.NEW_CLUSTERS.read_text() == "start_conf = 'auto'\n"


def test_everybody_else_is_told_the_line_that_installs_it(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And nothing is tried."""
    monkeypatch.setattr("os.getuid", lambda: 1000)
    with pytest.raises(Trouble, match="run apt install postgresql "):
        postgres.ensure()
