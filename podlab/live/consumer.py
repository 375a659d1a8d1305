"""A page's socket: frames in, frames out. Everything that blocks happens in threads (`work`)."""

from __future__ import annotations

import asyncio
import contextlib
import time
from typing import Any

import msgspec
import structlog
from channels.generic.websocket import AsyncWebsocketConsumer
from django.conf import settings

from podlab.live import work
from podlab.session import metrics
from podlab.session.hub import Item, Subscription, hub
from podlab.session.models import Session
from podlab.wire.frames import (
    MAX_FRAME,
    Ack,
    Ask,
    ClockFrame,
    CommandFrame,
    Hello,
    Nack,
    Notice,
    Past,
    Ping,
    Pong,
    decode_client,
    encode,
)  # fmt: skip

log = structlog.get_logger()
MALFORMED, FOREIGN, SLOW, TOO_LARGE, AWAY = 4400, 4404, 4408, 4413, 4503
CATCHING_UP_MS = 300
QUESTIONS_PER_S = 10
REFUSALS = {
    "slow": ("slow-down", "more than {0} commands a second: slow down"),
    "limit": ("budget", "this cluster is 24 hours old, as old as one may get here: start a new one"),
}


class SessionConsumer(AsyncWebsocketConsumer):  # type: ignore[misc, unused-ignore]
    """`/ws/sessions/<id>/`, for the session's owner."""

    channel_layer_alias = ""  # a socket hears the stream through the hub; the layer may lose messages
    session: Session
    cursor = 0
    asked: list[float]

    async def connect(self) -> None:
        """Accept, and close at once where the session is not this learner's."""
        self.ear: Subscription | None = None
        self.tasks: list[asyncio.Task[None]] = []
        self.asked = []
        self.log = log.bind(session=str(self.scope["url_route"]["kwargs"]["session"]))
        await self.accept()
        found = await work.in_thread(
            work.find, str(self.scope["url_route"]["kwargs"]["session"]), self.scope["session"], self.scope["user"]
        )
        if found is None:
            await self.refuse("foreign", FOREIGN)
            return
        self.session = found
        self.id = str(found.pk)
        metrics.SOCKETS.inc()

    async def disconnect(self, code: int) -> None:
        """Leave nothing behind."""
        for task in self.tasks:
            task.cancel()
        if self.ear is not None:
            await hub().leave(self.ear)
        if hasattr(self, "session"):
            metrics.SOCKETS.dec()

    async def refuse(self, why: str, code: int) -> None:
        """Close with a code, said once in the log."""
        metrics.FRAMES_REFUSED.labels(why).inc()
        self.log.warning("socket refused", why=why)
        await self.close(code)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """One frame of the page."""
        if not hasattr(self, "session"):
            return
        if len(text_data or bytes_data or "") > MAX_FRAME:
            await self.refuse("too large", TOO_LARGE)
            return
        try:
            frame = decode_client(text_data or bytes_data or b"")
        except (msgspec.DecodeError, UnicodeError, RecursionError):
            await self.refuse("malformed", MALFORMED)
            return
        try:
            await self.handle(frame)
        except work.Away as error:
            self.log.warning("socket closed: a service is away", error=repr(error))
            await self.close(AWAY)

    async def handle(self, frame: Any) -> None:
        """Answer a well-formed frame."""
        match frame:
            case Hello():
                await self.hello(frame)
            case CommandFrame() if 1 <= len(frame.id) <= 64:
                await self.command(frame)
            case ClockFrame():
                await work.in_thread(work.clock, self.id, frame)
            case Past():
                await self.out(await work.in_thread(work.past, self.id, frame.id, frame.t))
            case Ask() if 1 <= len(frame.id) <= 64:
                await self.ask(frame)
            case Ping():
                await self.pong(frame)
            case _:
                await self.refuse("malformed", MALFORMED)

    async def pong(self, frame: Ping) -> None:
        """Tell the time; not while the clock that sessions run by is away."""
        with contextlib.suppress(*work.Away):
            await self.out(encode(Pong(frame.id, await work.in_thread(work.wall))))

    async def ask(self, frame: Ask) -> None:
        """Answer a question; more than a few a second wait their turn, and say so beyond that."""
        now = time.monotonic()
        self.asked = [each for each in self.asked if now - each < 1]
        if len(self.asked) >= QUESTIONS_PER_S:
            await self.out(encode(Nack(0, frame.id, "slow-down", f"more than {QUESTIONS_PER_S} questions a second: slow down")))
            return
        self.asked.append(now)
        await self.out(await work.in_thread(work.ask, self.id, frame))

    async def out(self, frame: bytes) -> None:
        """Send a frame."""
        await self.send(text_data=frame.decode())

    async def hello(self, frame: Hello) -> None:
        """Welcome, then what is missing or the whole picture, then everything as it comes."""
        if self.ear is not None:
            await self.refuse("malformed", MALFORMED)
            return
        await work.in_thread(work.use, self.id)
        self.ear = await hub().listen(self.id)
        await self.out(await work.in_thread(work.welcome, self.session))
        await self.catch_up(frame.cursor)
        self.tasks = [asyncio.create_task(each) for each in (self.forward(self.ear), self.stay(), self.watch(self.ear))]

    async def catch_up(self, cursor: int | None) -> None:
        """Bring the page from `cursor` to now."""
        items = None if cursor is None else await work.in_thread(work.missing, self.id, cursor)
        if items is None or cursor is None:
            await self.paint()
            return
        self.cursor = cursor
        for item in items:
            await self.pass_on(item)

    async def paint(self) -> None:
        """The whole picture."""
        while (picture := await work.in_thread(work.paint, self.id)) is None:
            await asyncio.sleep(0.05)
        if picture.behind > CATCHING_UP_MS:
            await self.out(encode(Notice(0, "catching-up", {"ms": picture.behind})))
        self.cursor = picture.position
        for each in picture.frames:
            await self.out(each)

    async def pass_on(self, item: Item) -> None:
        """A frame of the stream, if it is the next one."""
        if item.position == self.cursor + 1:
            self.cursor = item.position
            await self.out(item.frame)

    async def forward(self, ear: Subscription) -> None:
        """The stream, in order and without gaps."""
        while True:
            item = await ear.queue.get()
            if item is not None and item.position <= self.cursor and item.position >> 32 == self.cursor >> 32:
                continue
            if item is None or item.position != self.cursor + 1:
                await self.mend()
            else:
                await self.pass_on(item)

    async def mend(self) -> None:
        """Frames may be missing: fetch them, or start anew."""
        try:
            await work.in_thread(work.touch, self.id)
            await self.catch_up(self.cursor)
        except work.Away as error:
            self.log.warning("socket closed: a service is away", error=repr(error))
            await self.close(AWAY)

    async def watch(self, ear: Subscription) -> None:
        """Close a page that does not read."""
        await ear.overrun.wait()
        metrics.FRAMES_REFUSED.labels("slow reader").inc()
        self.log.warning("socket closed: slow reader")
        await self.close(SLOW)

    async def stay(self) -> None:
        """As long as the page is there, the clock runs."""
        while True:
            await asyncio.sleep(settings.PODLAB_LINGER_MS / 3000)
            try:
                await work.in_thread(work.use, self.id)
            except work.Away as error:
                self.log.warning("clock not kept going", error=repr(error))

    async def command(self, frame: CommandFrame) -> None:
        """Queue a command. Its acknowledgement comes over the stream; a refusal, or an old one's, at once."""
        accepted = await work.in_thread(work.accept, self.id, frame.id, frame.command)
        if accepted.status in REFUSALS:
            code, words = REFUSALS[accepted.status]
            await self.out(encode(Nack(0, frame.id, code, words.format(settings.PODLAB_COMMANDS_PER_S))))
        elif accepted.status == "known" and accepted.seq:
            await self.out(encode(Ack(0, frame.id, accepted.seq, accepted.t)))
