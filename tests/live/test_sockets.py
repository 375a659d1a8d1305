"""The sockets' manners: who may, what is refused, what is caught up."""

import asyncio
import json

import pytest
import websockets

from tests.session.page import Client
from tests.session.stack import Stack


async def closed(stack: Stack, cookie: str, session: str, *frames: str) -> int:
    """The code that the server closes with."""
    client = Client(stack.address, cookie, session)
    async with websockets.connect(client.url, additional_headers=client.headers, max_size=None) as socket:
        for frame in frames:
            await socket.send(frame)
        with pytest.raises(websockets.ConnectionClosed) as end:
            while True:
                await asyncio.wait_for(socket.recv(), 20)
        assert end.value.rcvd is not None
        return end.value.rcvd.code


async def test_a_foreign_session_is_not_there(stack: Stack) -> None:
    """Another learner's cookie, none, and an id that nobody has: the same answer."""
    _, (session,) = stack.session()
    other, _ = stack.session()
    assert await closed(stack, other, session) == 4404
    assert await closed(stack, "", session) == 4404
    assert await closed(stack, other, "00000000-0000-4000-8000-000000000000") == 4404


async def test_what_is_malformed_or_too_large_is_closed(stack: Stack) -> None:
    """With a code of its own; the session lives on for others."""
    cookie, (session,) = stack.session()
    hello = '{"kind":"hello"}'
    assert await closed(stack, cookie, session, "not json") == 4400
    assert await closed(stack, cookie, session, hello, hello) == 4400
    assert await closed(stack, cookie, session, hello, '{"kind":"command","id":"","command":{"kind":"eof","terminal":"t"}}') == 4400
    text = "x" * (257 * 1024)
    large = json.dumps({"kind": "command", "id": "1", "command": {"kind": "line", "terminal": "t", "text": text}})
    assert await closed(stack, cookie, session, hello, large) == 4413
    async with Client(stack.address, cookie, session) as page:
        assert (await page.acked(await page.line("set a 1")))["kind"] == "ack"


async def test_two_pages_show_the_same_and_a_reload_too(stack: Stack) -> None:
    """Whoever comes later, with or without a cursor."""
    cookie, (session,) = stack.session()
    async with Client(stack.address, cookie, session) as first, Client(stack.address, cookie, session) as second:
        await first.acked(await first.line("tick a 50 10"))
        await second.acked(await second.line("set b 1"))
        async with Client(stack.address, cookie, session) as third:
            await asyncio.sleep(0.7)
            pages = [first, second, third]
            for page in pages:
                await page.until(lambda page=page: page.store.epoch == 2)
            t = min(min(page.store.bound(), page.now()) for page in pages)
            shown = [page.store.at(t) for page in pages]
            assert shown[0] == shown[1] == shown[2]
            assert {"uid-a", "uid-b", "uid-cluster"} == set(shown[0][0])


async def test_a_short_break_is_caught_up_by_cursor(stack: Stack) -> None:
    """The page says its cursor, gets what it missed, and no second snapshot."""
    cookie, (session,) = stack.session()
    async with Client(stack.address, cookie, session) as page, Client(stack.address, cookie, session) as other:
        await page.acked(await page.line("set a 1"))
        page.frames.clear()
        await page.socket.close()
        await other.acked(await other.line("set b 2"))
        await page.until(lambda: any(each.get("name") == "b" for each in page.store.changes))
        assert "snapshot" not in [each["kind"] for each in page.frames]


async def test_a_foreign_cursor_starts_anew(stack: Stack) -> None:
    """A cursor of another stream, or of the future, gets the whole picture."""
    cookie, (session,) = stack.session()
    for cursor in (7, 2**52):
        page = Client(stack.address, cookie, session)
        page.cursor = cursor
        async with page:
            await page.until(lambda page=page: page.store.base["objects"])


async def test_the_clock_is_set_for_all_pages(stack: Stack) -> None:
    """Pause in one page stops the other."""
    cookie, (session,) = stack.session()
    async with Client(stack.address, cookie, session) as page, Client(stack.address, cookie, session) as other:
        await page.until(lambda: page.store.until > 0)
        await other.until(lambda: other.store.until > 0)
        await page.socket.send(json.dumps({"kind": "clock", "id": "1", "action": "pause"}))
        await other.until(lambda: other.anchor["paused"])
        assert (await other.acked(await other.line("set a 1")))["kind"] == "ack"


async def test_an_earlier_instant_can_be_seen(stack: Stack) -> None:
    """The picture at any released instant, and what happened since, after a reload too."""
    cookie, (session,) = stack.session()
    async with Client(stack.address, cookie, session) as page:
        first = await page.acked(await page.line("set a 1"))
        second = await page.acked(await page.line("set a 2"))
        await page.until(lambda: page.now() > second["t"] + 200)
    async with Client(stack.address, cookie, session) as page:
        await page.until(lambda: page.store.until > 0)
        await page.socket.send(json.dumps({"kind": "past", "id": "p", "t": first["t"]}))
        await page.until(lambda: any(each["kind"] == "past" for each in page.frames))
        past = next(each for each in page.frames if each["kind"] == "past")
        assert {"solo", "1"} == {each["spec"]["value"] for each in past["objects"]}
        assert [each.get("text") for each in past["changes"]] == ["$ set a 2\r\n", None]


async def test_a_ping_is_answered(stack: Stack) -> None:
    """With the server's wall clock."""
    cookie, (session,) = stack.session()
    async with Client(stack.address, cookie, session) as page:
        await page.until(lambda: page.store.until > 0)
        await page.socket.send(json.dumps({"kind": "ping", "id": "x"}))
        await page.until(lambda: any(each["kind"] == "pong" and each["id"] == "x" for each in page.frames))
