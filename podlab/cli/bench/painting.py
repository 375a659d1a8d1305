"""The page in a real Chromium: what a change, a look back and a day cost its main thread, and the first view on a slow machine."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from msgspec.json import encode
from playwright.sync_api import Browser, CDPSession, Page, WebSocketRoute, sync_playwright

from podlab.cli import browser as chromium
from podlab.cli.bench.measure import Figure
from podlab.cli.running import Lab
from podlab.sim.cluster import Cluster
from podlab.wire.changes import WireChange, to_wire
from podlab.wire.frames import Anchor, SnapshotFrame, Terminal, Welcome, Window

FLAGS = ["--no-sandbox", "--headless", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
ZERO_MS = 1_777_000_000_000
LONG, SINGLE, LOOKS, ROUNDS = 10_000, 40, 120, 6
MANY = "kubectl create deployment web --image=nginx:1.27 --replicas=120", "kubectl rollout restart deployment web"
FEW = "kubectl create deployment web --image=nginx:1.27 --replicas=10", "kubectl rollout restart deployment web"
SLOWER = 4
SCRUB = """async ([from, to, looks]) => {
  const { lab } = document.querySelector("pod-cluster");
  for (let i = 0; i < looks; i++) {
    lab.lookAt(from + ((to - from) * i) / looks);
    await new Promise((resolve) => requestAnimationFrame(resolve));
  }
  lab.lookAt(null);
}"""


@dataclass
class Story:
    """What a session tells: its picture, a long history, and changes to be told one by one."""

    picture: SnapshotFrame
    history: list[WireChange]
    single: list[WireChange]

    @property
    def end(self) -> int:
        """An instant after all of it."""
        return self.single[-1].t + 1000


def figures() -> Iterator[Figure]:
    """CPU time of the main thread (thread ticks), without what the page needs while nothing happens."""
    with tempfile.TemporaryDirectory(prefix="podlab-") as folder, sync_playwright() as playwright:
        lab = Lab.start(Path(folder))
        chrome = playwright.chromium.launch(executable_path=str(chromium.ensure()), args=FLAGS)
        try:
            yield from _first_view(chrome, lab)
            yield from _changes(chrome, lab, _story("big", *MANY))
            yield from _looking_back(chrome, lab, _story("trio", *FEW))
        finally:
            chrome.close()
            lab.end()


def _first_view(chrome: Browser, lab: Lab) -> Iterator[Figure]:
    page = _started(chrome, lab)
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")
    line.send("Network.setCacheDisabled", {"cacheDisabled": True})
    line.send("Performance.enable", {"timeDomain": "threadTicks"})
    line.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.reload()
    page.locator("pod-cluster svg").wait_for()
    page.locator("pod-terminals .pane").first.wait_for()
    shown: float = page.evaluate("performance.now()")
    yield Figure(f"first view, CPU {SLOWER} times slower, nothing cached (limit 1000)", shown, "ms", 0)
    yield Figure("  of it the main thread", 1000 * _busy(line), "ms CPU", 0)
    page.context.close()


def _changes(chrome: Browser, lab: Lab, story: Story) -> Iterator[Figure]:
    page, line, socket = _played(chrome, lab, story)
    idle = _busy_for(page, line, 2000) / 2000
    before = _busy(line)
    for change in story.single:
        socket.send(_window([change], story.end))
        page.wait_for_timeout(50)
    spent = _busy(line) - before - idle * SINGLE * 50
    yield Figure("150 Pods in the picture, a change until it is painted (limit 16)", 1000 * spent / SINGLE, "ms CPU")
    yield from _day(page, line, story, socket)
    page.context.close()


def _looking_back(chrome: Browser, lab: Lab, story: Story) -> Iterator[Figure]:
    page, line, _ = _played(chrome, lab, story)
    before = _busy(line)
    page.evaluate(SCRUB, [story.picture.t, story.end, LOOKS])
    yield Figure(f"looking back in {LONG:,} changes, a frame (limit 8)", 1000 * (_busy(line) - before) / LOOKS, "ms CPU")
    page.context.close()


def _played(chrome: Browser, lab: Lab, story: Story) -> tuple[Page, CDPSession, WebSocketRoute]:
    """A page that has got all of the story's history, and rests."""
    sockets: list[WebSocketRoute] = []
    page = _started(chrome, lab, lambda socket: _play(socket, story, sockets))
    page.locator("pod-cluster [data-uid]").first.wait_for()
    line = page.context.new_cdp_session(page)
    line.send("Performance.enable", {"timeDomain": "threadTicks"})
    page.wait_for_timeout(2000)
    return page, line, sockets[-1]


def _busy_for(page: Page, line: CDPSession, ms: int) -> float:
    before = _busy(line)
    page.wait_for_timeout(ms)
    return _busy(line) - before


def _day(page: Page, line: CDPSession, story: Story, socket: WebSocketRoute) -> Iterator[Figure]:
    """The same history again and again, later each time."""
    number, heaps = story.single[-1].n, []
    for turn in range(ROUNDS):
        for change in story.history:
            number += 1
            change.n = number
        socket.send(_window(story.history, story.end))
        page.wait_for_timeout(1500)
        line.send("HeapProfiler.collectGarbage")
        heaps.append(_metrics(line)["JSHeapUsedSize"] / 2**20)
        if turn in (1, ROUNDS - 1):
            yield Figure(f"script's memory after {(turn + 2) * LONG:,} changes", heaps[-1], "MB")


def _started(chrome: Browser, lab: Lab, line: Any = None) -> Page:
    """A new learner's lab, its socket played by `line` where that is given."""
    page = chrome.new_context(base_url=lab.address, viewport={"width": 1440, "height": 900}).new_page()
    if line is not None:
        page.route_web_socket(re.compile("/ws/sessions/"), line)
    page.goto("/")
    page.locator(".hero button[name=preset]").first.click()
    page.locator("pod-cluster svg").wait_for()
    return page


def _play(socket: WebSocketRoute, story: Story, sockets: list[WebSocketRoute]) -> None:
    sockets.append(socket)
    anchor = Anchor(ZERO_MS, story.end, 1, True)
    hello = Welcome("s", "big", "", ZERO_MS, ZERO_MS, 0, anchor, "1", "open")

    def answer(message: str | bytes) -> None:
        if json.loads(message)["kind"] == "hello":
            for frame in (encode(hello), encode(story.picture)):
                socket.send(frame.decode())
            socket.send(_window(story.history, story.end))

    socket.on_message(answer)


def _window(changes: list[WireChange], end: int) -> str:
    return encode(Window(2, 1, end, end, changes)).decode()


def _story(preset: str, make: str, again: str) -> Story:
    """A cluster of that preset, what is made in it, and what is done until enough has changed."""
    cluster = Cluster.start(Cluster.boot(preset), 1, ZERO_MS)
    cluster.script(make)
    cluster.advance(60_000)
    cluster.take_changes()
    seen = cluster.snapshot()
    picture = SnapshotFrame(1, cluster.now, seen.objects, [Terminal("1", 100, "", "$ ", False)], {}, seen.seen)
    changes: list[WireChange] = []
    while len(changes) < LONG + SINGLE:
        cluster.script(again)
        cluster.advance(cluster.now + 120_000)
        changes += [to_wire(change) for change in cluster.take_changes()]
    return Story(picture, changes[:LONG], changes[LONG : LONG + SINGLE])


def _busy(line: CDPSession) -> float:
    """Seconds that the main thread has worked so far."""
    return _metrics(line)["TaskDuration"]


def _metrics(line: CDPSession) -> dict[str, float]:
    found: list[dict[str, Any]] = line.send("Performance.getMetrics")["metrics"]
    return {each["name"]: float(each["value"]) for each in found}
