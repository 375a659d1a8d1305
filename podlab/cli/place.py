"""One lab in a home, at one address: the lock, the listening socket, the note on where it runs."""

import contextlib
import fcntl
import json
import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from podlab.cli.trouble import Trouble
from podlab.home import home


def state_file() -> Path:
    """The note on the running lab: `{"pid", "address", "children": {name: pid}}`."""
    return home() / "lab.json"


def tell(address: str, children: dict[str, int]) -> None:
    """Write down where the lab runs and its processes, for the next `lab` and for tests."""
    part = state_file().with_suffix(".part")
    part.write_text(json.dumps({"pid": os.getpid(), "address": address, "children": children}), "utf-8")
    part.replace(state_file())


@contextlib.contextmanager
def only_one() -> Iterator[None]:
    """Hold the home's lab lock (the kernel gives it back when this process dies). Raises `Trouble` when another has it."""
    home().mkdir(parents=True, exist_ok=True)
    with (home() / "lab.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise _already_running() from None
        yield


def _already_running() -> Trouble:
    try:
        state: dict[str, Any] = json.loads(state_file().read_text("utf-8"))
    except (OSError, ValueError):
        return Trouble(f"A lab is starting or ending in {home()} right now: wait a moment.")
    return Trouble(
        f"A lab already runs at {state['address']} (process {state['pid']}, home {home()}). "
        "Open it, end it with Ctrl-C, or set PODLAB_HOME to another folder for a second one."
    )


def listen(host: str, port: int) -> socket.socket:
    """A listening socket. Raises `Trouble` where the address cannot be had."""
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    except (OSError, OverflowError) as error:
        raise Trouble(f"{host}:{port} is no address to listen on ({error}): try --host 127.0.0.1 --port 8000.") from None
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(address)
        listener.listen(1024)
    except OSError as error:
        listener.close()
        raise Trouble(
            f"Port {port} on {host} cannot be had ({error.strerror}): choose another, "
            f"for example python3 manage.py lab --port {port + 1 if 1024 <= port < 65535 else 8001}"
        ) from None
    return listener


def url(listener: socket.socket) -> str:
    """The address of a listening socket as one types it into a browser on this machine."""
    host, port = reach(listener)
    return f"http://{f'[{host}]' if ':' in host else host}:{port}/"


def reach(listener: socket.socket) -> tuple[str, int]:
    """Host and port at which this machine reaches a listening socket, also one that listens on all addresses."""
    host, port = listener.getsockname()[:2]
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host), port
