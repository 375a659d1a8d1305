"""Nobody fills the server's disk with one request."""

from typing import Any

import pytest

from podlab.web.bounds import MOST, Message, Receive, Send, bounded


async def asked(headers: list[tuple[bytes, bytes]], parts: list[int]) -> int:
    """The status of a request whose body comes in parts of so many bytes."""
    statuses: list[int] = []
    waiting = [{"type": "http.request", "body": b"x" * size, "more_body": number + 1 < len(parts)} for number, size in enumerate(parts)]

    async def application(scope: Any, receive: Receive, send: Send) -> None:
        while (await receive())["more_body"]:
            pass
        await send({"type": "http.response.start", "status": 200})

    async def receive() -> Message:
        return waiting.pop(0)

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    await bounded(application)({"type": "http", "headers": headers}, receive, send)
    return statuses[0]


@pytest.mark.parametrize(
    ("headers", "parts", "expected"),
    [
        ([], [10, 10], 200),
        ([(b"content-length", b"20")], [20], 200),
        ([(b"content-length", str(MOST + 1).encode())], [1], 413),
        ([(b"content-length", b"many")], [1], 413),
        ([], [MOST, 1], 413),
    ],
)
async def test_a_request_has_its_bound_whatever_it_says(headers: list[tuple[bytes, bytes]], parts: list[int], expected: int) -> None:
    """By its own word, and by what comes."""
    assert expected == await asked(headers, parts)
