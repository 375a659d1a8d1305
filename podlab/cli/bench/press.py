"""A whole lab: its second start, and from the press of "Start" to the first picture."""

import http.cookiejar
import json
import re
import statistics
import tempfile
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from websockets.sync.client import connect
from websockets.typing import Origin

from podlab.cli.bench.measure import RUNS, Figure, tree_cpu_s
from podlab.cli.running import Lab


def figures() -> Iterator[Figure]:
    """Wall time of the start; wall and CPU time (server, workers) of the press. The first press warms up and is not counted."""
    with tempfile.TemporaryDirectory(prefix="podlab-") as folder:
        Lab.start(Path(folder)).end()
        start = time.monotonic()
        lab = Lab.start(Path(folder))
        yield Figure("second start (limit 6)", time.monotonic() - start, "s")
        try:
            presses = [_press(lab) for _ in range(RUNS + 1)][1:]
        finally:
            lab.end()
    yield Figure("press → first picture", 1000 * statistics.median(wall for wall, _ in presses), "ms")
    yield Figure("  of it server and workers (limit 300)", 1000 * statistics.median(cpu for _, cpu in presses), "ms CPU", 0)


def _press(lab: Lab) -> tuple[float, float]:
    """One new visitor: the home page, the press, the lab page, its socket, the snapshot. Wall and CPU seconds since the press."""
    jar = http.cookiejar.CookieJar()
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', browser.open(lab.address).read().decode())
    assert token is not None
    form = urllib.parse.urlencode({"csrfmiddlewaretoken": token[1], "preset": "trio"}).encode()
    start, before = time.monotonic(), _cpu_s(lab)
    page = browser.open(urllib.request.Request(f"{lab.address}start/", form, {"Referer": lab.address})).read().decode()
    session = re.search(r"/ws/sessions/[0-9a-f-]+/", page)
    assert session is not None
    _await_snapshot(lab, session[0], "; ".join(f"{cookie.name}={cookie.value}" for cookie in jar))
    return time.monotonic() - start, _cpu_s(lab) - before


def _await_snapshot(lab: Lab, path: str, cookies: str) -> None:
    address = lab.address.replace("http:", "ws:").rstrip("/") + path
    with connect(address, origin=Origin(lab.address.rstrip("/")), additional_headers={"Cookie": cookies}) as socket:
        socket.send(json.dumps({"kind": "hello", "cursor": None, "epoch": None}))
        while json.loads(socket.recv(timeout=20)).get("kind") != "snapshot":
            pass


def _cpu_s(lab: Lab) -> float:
    """CPU time of the server, the workers and their pool processes so far."""
    children: dict[str, int] = lab.state()["children"]
    return sum(tree_cpu_s(pid) for name, pid in children.items() if name == "server" or name.startswith("worker"))
