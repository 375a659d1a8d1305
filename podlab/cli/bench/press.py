"""A whole lab: its second start, from the press of "Start" to the first picture, its pages, and from a line to its first answer."""

import asyncio
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

from podlab.cli.bench import clients
from podlab.cli.bench.measure import RUNS, Figure, tree_cpu_s
from podlab.cli.running import Lab

LESSON = "lessons/pod-hands-on/08-readiness-hands-on/"
PAGES = 21


def figures() -> Iterator[Figure]:
    """Wall time of the start; wall and CPU time (server, workers) of the press. The first press warms up and is not counted."""
    with tempfile.TemporaryDirectory(prefix="podlab-") as folder:
        Lab.start(Path(folder)).end()
        start = time.monotonic()
        lab = Lab.start(Path(folder))
        yield Figure("second start (limit 6)", time.monotonic() - start, "s")
        try:
            presses = [_press(lab, http.cookiejar.CookieJar()) for _ in range(RUNS + 1)][1:]
            yield Figure("press → first picture", 1000 * statistics.median(wall for wall, _ in presses), "ms")
            yield Figure("  of it server and workers (limit 300)", 1000 * statistics.median(cpu for _, cpu in presses), "ms CPU", 0)
            yield from _visitor(lab)
        finally:
            lab.end()


def _visitor(lab: Lab) -> Iterator[Figure]:
    """One who has a cluster already: what her pages take, and a line that she types."""
    jar = http.cookiejar.CookieJar()
    _press(lab, jar)
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    session = browser.open(lab.address).read().decode().partition('href="/lab/')[2].partition("/")[0]
    for name, path in (("the lab page", f"lab/{session}/"), ("a lesson page", LESSON), ("home", "")):
        yield Figure(
            f"{name}, asked for again (limit 100)", 1000 * statistics.median(_open(browser, lab.address + path) for _ in range(PAGES)), "ms"
        )
    cookie = next(each.value or "" for each in jar if each.name == "podlab_session")
    found = asyncio.run(_lines(lab, cookie, session))
    yield Figure("a line → its first change over the socket, p50 (limit 15)", 1000 * statistics.median(found), "ms")
    yield Figure("  p90", 1000 * found[len(found) * 9 // 10], "ms")


def _open(browser: urllib.request.OpenerDirector, address: str) -> float:
    start = time.monotonic()
    browser.open(address).read()
    return time.monotonic() - start


async def _lines(lab: Lab, cookie: str, session: str) -> list[float]:
    """Seconds, sorted: one learner who types a line every third of a second."""
    async with clients.pages(lab.address, cookie, [session]) as made:
        await made[0].command(kind="open", terminal="t1")
        await made[0].answered()
        made[0].latencies.clear()
        return await clients.traffic(made, 3, 20)


def _press(lab: Lab, jar: http.cookiejar.CookieJar) -> tuple[float, float]:
    """One new visitor: the home page, the press, the lab page, its socket, the snapshot. Wall and CPU seconds since the press."""
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
