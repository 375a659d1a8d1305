"""The PostgreSQL of the database tests: found, or installed where that needs no question; no cluster of the system's is made."""

import contextlib
import shutil
from collections.abc import Iterator
from pathlib import Path

from podlab.cli import debian
from podlab.cli.steps import step
from podlab.cli.trouble import Trouble

DEBIANS = Path("/usr/lib/postgresql")
"""Debian keeps the server's programs off PATH, in `<version>/bin`."""
NEW_CLUSTERS = Path("/etc/postgresql-common/createcluster.conf")
"""What Debian's package asks before it makes, and starts, a cluster of the system's."""


def find() -> Path | None:
    """The folder that holds `initdb` and `postgres`: one on PATH, else the newest of Debian's."""
    on_path = [Path(found).parent] if (found := shutil.which("initdb")) else []
    debians = sorted(DEBIANS.glob("[0-9]*/bin"), key=lambda folder: float(folder.parent.name), reverse=True)
    return next((folder for folder in [*on_path, *debians] if (folder / "initdb").exists() and (folder / "postgres").exists()), None)


def ensure() -> Path:
    """The folder of the programs; as root on Debian installed when missing. Raises `Trouble` with the line that installs them."""
    found = find() or _install()
    if found is None:
        raise Trouble(
            "The database tests need PostgreSQL's server: run apt install postgresql (or, elsewhere, put its initdb and postgres "
            "on PATH), then this again."
        )
    return found


def _install() -> Path | None:
    if not debian.may_install():
        return None
    with step("Installing postgresql (apt)"):
        debian.update()
        debian.install("PostgreSQL's tools", "postgresql-common")
        with _no_new_cluster():
            debian.install("PostgreSQL", "postgresql")
    return find()


@contextlib.contextmanager
def _no_new_cluster() -> Iterator[None]:
    """Debian makes no cluster meanwhile; afterwards its setting is as it was."""
    before = NEW_CLUSTERS.read_text("utf-8")
    NEW_CLUSTERS.write_text(f"{before}\ncreate_main_cluster = false\n", "utf-8")
    try:
        yield
    finally:
        NEW_CLUSTERS.write_text(before, "utf-8")
