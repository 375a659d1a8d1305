"""Waiting until the parts of a lab answer."""

import contextlib
import http.client
import socket
import time
from pathlib import Path

from podlab.cli.children import Child, Family
from podlab.cli.place import reach
from podlab.cli.trouble import Trouble
from podlab.home import describe_place

READY_WITHIN_S = 60.0
TRIES = 3


def await_valkey(child: Child, path: Path) -> None:
    """Wait until Valkey has read its file and answers. Raises `Trouble`."""
    deadline = time.monotonic() + READY_WITHIN_S
    while time.monotonic() < deadline and child.alive():
        if _valkey_answers(path):
            return
        time.sleep(0.02)
    raise Trouble(f"Valkey does not start; the last lines of {describe_place(child.log)}:\n{child.tail()}")


def _valkey_answers(path: Path) -> bool:
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as client:
        client.settimeout(5)
        client.connect(str(path))
        client.sendall(b"PING\r\n")
        return client.recv(16).startswith(b"+PONG")
    return False


def await_ready(family: Family, server: Child, listener: socket.socket) -> None:
    """Wait until the server says that it is ready, bringing back who dies meanwhile. Raises `Trouble`."""
    deadline = time.monotonic() + READY_WITHIN_S
    while time.monotonic() < deadline and server.deaths < TRIES:
        family.tend()
        if server.alive() and _server_is_ready(listener):
            return
        time.sleep(0.1)
    raise Trouble(f"The server does not get ready; the last lines of {describe_place(server.log)}:\n{server.tail()}")


def _server_is_ready(listener: socket.socket) -> bool:
    connection = http.client.HTTPConnection(*reach(listener), timeout=2)
    try:
        connection.request("GET", "/readyz", headers={"Host": "localhost"})
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
