"""A PostgreSQL server of the tests' own: in a temporary folder, on a Unix socket, with nothing kept."""

import os
import pwd
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from podlab.lifeline import die_with_parent

SETTINGS = {"listen_addresses": "", "fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@contextmanager
def running(programs: Path) -> Iterator[str]:
    """The address of a new, empty database, as libpq reads it. The server ends with the block, and with this process."""
    with TemporaryDirectory(prefix="podlab-") as name:
        folder = Path(name)
        owner = _owner(folder)
        initdb = [str(programs / "initdb"), "--auth=trust", "--username=podlab", "--no-locale", "--encoding=UTF8", "--no-sync", "data"]
        made = subprocess.run(initdb, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, **owner)
        assert made.returncode == 0, made.stdout
        process = _start(programs, folder, owner)
        try:
            _await(process, folder)
            yield f"postgres://podlab@/postgres?host={folder}"
        finally:
            process.send_signal(signal.SIGQUIT)
            process.wait(30)


def _owner(folder: Path) -> dict[str, Any]:
    """How to start a program that works in `folder`. PostgreSQL refuses to run as root: it is given a user without rights there."""
    if os.getuid() != 0:
        return {"cwd": folder}
    names = {each.pw_name for each in pwd.getpwall()}
    user = pwd.getpwnam("postgres" if "postgres" in names else "nobody")
    shutil.chown(folder, user.pw_uid, user.pw_gid)
    return {"cwd": folder, "user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def _start(programs: Path, folder: Path, owner: dict[str, Any]) -> "subprocess.Popen[bytes]":
    settings = [word for name, value in SETTINGS.items() for word in ("-c", f"{name}={value}")]
    parent = os.getpid()
    with (folder / "log").open("wb") as log:
        return subprocess.Popen(
            [programs / "postgres", "-D", "data", "-k", str(folder), *settings], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            preexec_fn=lambda: die_with_parent(parent, signal.SIGQUIT), **owner,
        )  # fmt: skip


def _await(process: "subprocess.Popen[bytes]", folder: Path) -> None:
    """Until the server takes connections: it says so in its pid file."""
    told, end = folder / "data" / "postmaster.pid", time.monotonic() + 60
    while not (told.exists() and "ready" in told.read_text("utf-8").split()):
        assert process.poll() is None and time.monotonic() < end, (folder / "log").read_text("utf-8")
        time.sleep(0.02)
