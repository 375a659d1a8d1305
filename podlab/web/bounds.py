"""How large a request may be: a pack is the largest thing that anybody sends, and Django would keep whatever comes before it asks who sends it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from podlab.packs.folder import ALL_BYTES

MOST = ALL_BYTES + 64 * 1024
"""A zip is no larger than what it holds, and a form around it."""
Message = Mapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Any, Receive, Send], Awaitable[None]]


class TooLarge(Exception):
    """More has come than was told, or than may be."""


def bounded(application: Application) -> Application:
    """The application, for requests of at most `MOST` bytes; larger ones are answered with 413 and not read."""

    async def serve(scope: Any, receive: Receive, send: Send) -> None:
        told = dict(scope["headers"]).get(b"content-length", b"0")
        if not told.isdigit() or int(told) > MOST:
            await _refuse(send)
            return
        had = 0

        async def counted() -> Message:
            nonlocal had
            message = await receive()
            had += len(message.get("body", b""))
            if had > MOST:
                raise TooLarge
            return message

        try:
            await application(scope, counted, send)
        except TooLarge:
            await _refuse(send)

    return serve


async def _refuse(send: Send) -> None:
    text = f"This is too large: at most {MOST // 1024**2} MB may be sent.\n".encode()
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(text)).encode()), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": text})
