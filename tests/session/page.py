"""A page without a screen: the store that the browser keeps, and a socket that feeds it."""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from typing import Any

import websockets

from podlab.wire.patch import apply_patch

Json = dict[str, Any]
JUMP_MS = 1000


def steady_ms() -> int:
    """A clock that nobody sets."""
    return time.monotonic_ns() // 1_000_000


class Store:
    """Objects and terminals by `n`-ordered changes; cut back by windows, released up to an instant."""

    def __init__(self) -> None:
        self.base: Json = {"objects": {}, "terminals": {}, "t": -1}
        self.changes: list[Json] = []
        self.until = -1
        self.epoch = -1
        self.holds: list[tuple[int, int]] = []
        self.seen: list[tuple[int, int, str]] = []

    def take(self, frame: Json) -> None:
        """One frame of the server."""
        match frame["kind"]:
            case "snapshot":
                objects = {each["metadata"]["uid"]: each for each in frame["objects"]}
                terminals = {each["id"]: each["scrollback"] for each in frame["terminals"]}
                self.base = {"objects": objects, "terminals": terminals, "t": frame["t"]}
                self.changes, self.holds, self.until, self.epoch = [], [], frame["t"], -1
            case "hold":
                self.holds.append((frame["t"], frame["epoch"]))
            case "window":
                self._window(frame)

    def _window(self, frame: Json) -> None:
        self.changes = [each for each in self.changes if each["t"] <= frame["from_t"]]
        last = self.changes[-1]["n"] if self.changes else 0
        self.changes += [each for each in frame["changes"] if each["n"] > last]
        self.until, self.epoch = frame["until"], frame["epoch"]
        self.holds = [hold for hold in self.holds if hold[1] > self.epoch]

    def bound(self) -> int:
        """The newest instant that may be released."""
        return min([self.until, *(t for t, _ in self.holds)])

    def at(self, t: int) -> tuple[Json, Json]:
        """Objects and terminals as they are at `t`."""
        objects, terminals = dict(self.base["objects"]), dict(self.base["terminals"])
        for change in self.changes:
            if change["t"] > t:
                break
            _apply(objects, terminals, change)
        return objects, terminals


def _apply(objects: Json, terminals: Json, change: Json) -> None:
    if change["kind"] == "output":
        terminals[change["terminal"]] = (terminals.get(change["terminal"], "") + change["text"])[-10_000:]
    elif change["kind"] == "object" and change["type"] == "ADDED":
        objects[change["uid"]] = change["object"]
    elif change["kind"] == "object" and change["type"] == "MODIFIED":
        objects[change["uid"]] = apply_patch(objects[change["uid"]], change["patch"])
    elif change["kind"] == "object":
        objects.pop(change["uid"], None)


class Client:
    """A page on a real socket: resends what is not acknowledged, reconnects with its cursor."""

    def __init__(self, address: str, cookie: str, session: str) -> None:
        self.url = f"{address}/ws/sessions/{session}/"
        self.headers = {"Cookie": cookie, "Origin": address.replace("ws:", "http:")}
        self.store = Store()
        self.cursor: int | None = None
        self.welcome: Json = {}
        self.anchor: Json = {}
        self.offset = 0
        self.frames: list[Json] = []
        self.pending: dict[str, Json] = {}
        self.acks: dict[str, Json] = {}
        self.sent: dict[str, float] = {}
        self.socket: Any = None
        self.news = asyncio.Event()
        self.task: asyncio.Task[None] | None = None
        self.number = 0
        self.patient = False
        """Sends again what was told to slow down."""

    async def __aenter__(self) -> Client:
        self.task = asyncio.create_task(self._run())
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self.task is not None
        self.task.cancel()
        if self.socket is not None:
            await self.socket.close()

    async def _run(self) -> None:
        while True:
            try:
                async with websockets.connect(self.url, additional_headers=self.headers, max_size=None) as self.socket:
                    await self._talk()
            except (OSError, websockets.WebSocketException):
                await asyncio.sleep(0.1)

    async def _talk(self) -> None:
        await self.socket.send(json.dumps({"kind": "hello", "cursor": self.cursor, "epoch": self.store.epoch}))
        for command in list(self.pending.values()):
            await self.socket.send(json.dumps(command))
        resend = asyncio.create_task(self._resend())
        try:
            async for text in self.socket:
                self._hear(json.loads(text))
        finally:
            resend.cancel()

    async def _resend(self) -> None:
        while True:
            await asyncio.sleep(1)
            for name, command in list(self.pending.items()):
                if time.monotonic() - self.sent[name] > 1:
                    await self.socket.send(json.dumps(command))

    def _hear(self, frame: Json) -> None:
        self.frames.append(frame)
        kind = frame["kind"]
        if kind == "welcome":
            self.welcome, self.anchor = frame, frame["anchor"]
            self.offset = frame["server_ms"] - steady_ms()
        elif kind == "clock":
            self.anchor = frame["anchor"]
            if abs(frame["server_ms"] - self.wall()) > JUMP_MS:
                self.offset = frame["server_ms"] - steady_ms()
        elif frame.get("code") == "slow-down" and self.patient:
            self.sent[frame["id"]] = time.monotonic()
        elif kind in ("ack", "nack"):
            self.acks[frame["id"]] = frame
            self.pending.pop(frame["id"], None)
        if frame.get("cursor"):
            self.cursor = frame["cursor"]
        self.store.take(frame)
        self.news.set()

    def now(self) -> int:
        """The virtual now of the page's clock."""
        if self.anchor["paused"]:
            return int(self.anchor["virtual_ms"])
        return int(self.anchor["virtual_ms"] + max(0, self.wall() - self.anchor["wall_ms"]) * self.anchor["speed"])

    def wall(self) -> int:
        """The server's wall clock, as far as the page knows."""
        return steady_ms() + self.offset

    async def line(self, text: str, name: str | None = None) -> str:
        """Send a line; its id."""
        return await self.command({"kind": "line", "terminal": "t1", "text": text}, name)

    async def command(self, command: Json, name: str | None = None) -> str:
        self.number += 1
        name = name or f"{id(self)}-{self.number}"
        frame = {"kind": "command", "id": name, "command": command}
        self.pending[name] = frame
        self.sent[name] = time.monotonic()
        if self.socket is not None:
            with contextlib.suppress(websockets.WebSocketException):
                await self.socket.send(json.dumps(frame))
        return name

    async def until(self, condition: Any, seconds: float = 20) -> None:
        """Wait until `condition()` holds, looking whenever a frame comes."""
        end = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < end, f"not within {seconds} s: {self.frames[-5:]}"
            self.news.clear()
            try:
                await asyncio.wait_for(self.news.wait(), 0.05)
            except TimeoutError:
                continue

    async def acked(self, name: str, seconds: float = 20) -> Json:
        """The answer to a command."""
        await self.until(lambda: name in self.acks, seconds)
        return self.acks[name]
