"""Pages without a screen for the load bench: they type at a rate, and note when the first change comes back."""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections import deque
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import msgspec
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Origin

GET, APPLY, DELETE = "kubectl get pods", "kubectl apply -f my-nginx-pod.yaml", "kubectl delete pod my-nginx --wait=false"
LOOP = "while true; do date; sleep 1; done"
WAIT_S = 30


class Frame(msgspec.Struct):
    """What the bench reads of a server's frame."""

    kind: str
    id: str = ""
    seq: int = 0
    epoch: int = 0
    changes: list[msgspec.Raw] = msgspec.field(default_factory=list)


_frame = msgspec.json.Decoder(Frame)


class Page:
    """One session's socket. `latencies`: seconds from each command to the first window with a change that knows of it."""

    def __init__(self, session: str, socket: ClientConnection, dice: random.Random) -> None:
        self.session, self.socket, self.dice = session, socket, dice
        self.sent: dict[str, float] = {}
        self.told: dict[str, str] = {}
        self.latencies: list[float] = []
        self.windows: deque[tuple[int, float]] = deque(maxlen=64)
        self.number = 0

    async def listen(self) -> None:
        """Take frames until the socket closes."""
        async for text in self.socket:
            frame = _frame.decode(text)
            if frame.kind == "window" and frame.changes:
                self.windows.append((frame.epoch, time.monotonic()))
            elif frame.kind in ("ack", "nack"):
                self._answered(frame)

    def _answered(self, frame: Frame) -> None:
        """A window comes before the answers to its commands."""
        self.told[frame.id] = frame.kind
        first = min((at for epoch, at in self.windows if epoch >= frame.seq), default=time.monotonic())
        if frame.kind == "ack":
            self.latencies.append(first - self.sent[frame.id])

    async def command(self, **command: Any) -> None:
        """Send a command."""
        self.number += 1
        name = f"{self.session}-{self.number}"
        self.sent[name] = time.monotonic()
        await self.socket.send(json.dumps({"kind": "command", "id": name, "command": command}))

    async def type(self) -> None:
        """The mix: 60 % look, 25 % apply, 15 % delete."""
        await self.command(kind="line", terminal="t1", text=self.dice.choices([GET, APPLY, DELETE], [60, 25, 15])[0])

    async def answered(self) -> None:
        """Wait until every command has its answer, bounded."""
        end = time.monotonic() + WAIT_S
        while len(self.told) < len(self.sent) and time.monotonic() < end:
            await asyncio.sleep(0.05)


@asynccontextmanager
async def pages(address: str, cookie: str, sessions: list[str]) -> AsyncIterator[list[Page]]:
    """A page on each session, connected and painted; on every third one a loop runs in a second terminal."""
    async with AsyncExitStack() as exits, asyncio.TaskGroup() as group:
        made, listeners = [], []
        for number, session in enumerate(sessions):
            url = f"{address.replace('http:', 'ws:')}ws/sessions/{session}/"
            headers = {"Cookie": f"podlab_session={cookie}"}
            origin = Origin(address.rstrip("/"))
            socket = await exits.enter_async_context(connect(url, additional_headers=headers, origin=origin, max_size=None))
            page = Page(session, socket, random.Random(number))
            await socket.send(json.dumps({"kind": "hello", "cursor": None, "epoch": None}))
            listeners.append(group.create_task(page.listen()))
            made.append(page)
        yield made
        for listener in listeners:
            listener.cancel()


async def prepare(made: list[Page]) -> None:
    """Open terminals, start the loops; latencies of this are not counted."""
    for number, page in enumerate(made):
        await page.command(kind="open", terminal="t1")
        if number % 3 == 0:
            await page.command(kind="open", terminal="t2")
            await page.command(kind="line", terminal="t2", text=LOOP)
        await page.answered()
    for page in made:
        page.latencies.clear()


async def traffic(made: list[Page], rate: float, seconds: float) -> list[float]:
    """So many commands a second over all pages in turn; the latencies, sorted."""
    begin = time.monotonic()
    dice = random.Random(1)
    for number in range(int(rate * seconds)):
        await asyncio.sleep(max(0.0, begin + number / rate - time.monotonic()))
        await dice.choice(made).type()
    await asyncio.gather(*(page.answered() for page in made))
    found = sorted(each for page in made for each in page.latencies)
    for page in made:
        page.latencies.clear()
    return found
