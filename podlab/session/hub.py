"""One hub a server process: it hears every session that a page of this process looks at, and hands the frames on."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

import redis.asyncio
import structlog
from django.conf import settings

from podlab.session import redis as r
from podlab.session import store

log = structlog.get_logger()
OPTIONS: dict[str, Any] = settings.REDIS_OPTIONS
QUEUE = 256
"""Frames that a page may be behind before it is closed."""


class Item(NamedTuple):
    """A frame with its place in the stream."""

    position: int
    frame: bytes


class Subscription:
    """A page's ear. `lost` is set when frames may be missing: catch up by `backfill`; `overrun` when the page is too slow."""

    def __init__(self, session: str) -> None:
        self.session = session
        self.queue: asyncio.Queue[Item | None] = asyncio.Queue(QUEUE)
        self.overrun = asyncio.Event()

    def put(self, item: Item | None) -> None:
        """Never waits; None says that frames may be missing. An overrun ear holds nothing."""
        if self.overrun.is_set():
            return
        try:
            self.queue.put_nowait(item)
        except asyncio.QueueFull:
            self.overrun.set()
            while not self.queue.empty():
                self.queue.get_nowait()


class Hub:
    """Subscribes in Redis while anybody listens."""

    def __init__(self) -> None:
        self._ears: dict[str, set[Subscription]] = defaultdict(set)
        self._client: Any = redis.asyncio.Redis.from_url(settings.REDIS_URL, **OPTIONS)
        self._pubsub: Any = None
        self._task: asyncio.Task[None] | None = None
        self._up = asyncio.Event()

    async def listen(self, session: str) -> Subscription:
        """Hear a session from now on."""
        ear = Subscription(session)
        first = session not in self._ears
        self._ears[session].add(ear)
        if self._task is None:
            self._task = asyncio.create_task(self._run())
        await self._up.wait()
        if first and self._pubsub is not None:
            await self._pubsub.subscribe(r.channel(session))
        return ear

    async def leave(self, ear: Subscription) -> None:
        """Hear it no more."""
        ears = self._ears[ear.session]
        ears.discard(ear)
        if not ears:
            del self._ears[ear.session]
            if self._up.is_set():
                try:
                    await self._pubsub.unsubscribe(r.channel(ear.session))
                except redis.RedisError as error:
                    log.info("hub: not unsubscribed", session=ear.session, error=repr(error))

    async def _run(self) -> None:
        """Hear until the process ends; a Redis that goes away is tried again, and all ears are told that frames may be missing."""
        while True:
            try:
                await self._hear()
            except (redis.RedisError, OSError) as error:
                log.warning("hub: Redis is away", error=repr(error))
            self._up.clear()
            await asyncio.sleep(0.2)

    async def _hear(self) -> None:
        self._pubsub = self._client.pubsub(ignore_subscribe_messages=False)
        try:
            await self._pubsub.subscribe("podlab:hub", *(r.channel(session) for session in self._ears))
            self._up.set()
            async for message in self._pubsub.listen():
                self._hand_on(message)
        finally:
            await self._pubsub.aclose()

    def _hand_on(self, message: dict[str, Any]) -> None:
        """A frame to the session's ears; a subscription that begins tells them to catch up."""
        session = message["channel"].decode().rpartition(":")[2]
        if message["type"] == "message":
            position, _, frame = message["data"].partition(b" ")
            item: Item | None = Item(int(position), frame)
        elif message["type"] == "subscribe":
            item = None
        else:
            return
        for ear in self._ears.get(session, ()):
            ear.put(item)


_hubs: WeakKeyDictionary[asyncio.AbstractEventLoop, Hub] = WeakKeyDictionary()


def hub() -> Hub:
    """The hub of this process (of the running loop)."""
    loop = asyncio.get_running_loop()
    if loop not in _hubs:
        _hubs[loop] = Hub()
    return _hubs[loop]


def backfill(session: str, cursor: int) -> list[Item] | None:
    """The frames after `cursor`; None: they are not all there (any more), or the cursor is of another stream."""
    live = store.look(session)
    if live is None or cursor > live.position or cursor >> 32 != live.position >> 32:
        return None
    found = r.client().xrange(r.key(session, "stream"), f"{cursor + 1}-0", "+")
    items = [Item(int(name.split(b"-")[0]), fields[b"f"]) for name, fields in found]
    complete = cursor == live.position if not items else items[0].position == cursor + 1
    return items if complete else None
