"""Pages that do what no page should: bounded, answered, and nothing lost for the others."""

from __future__ import annotations

import asyncio
import json
import re
import socket as sockets
import urllib.request
from contextlib import AsyncExitStack
from urllib.parse import urlsplit

import websockets

from tests.session.page import Client
from tests.session.stack import Stack

TABS = 100


def metric(stack: Stack, name: str) -> float:
    """A figure of the server's."""
    with urllib.request.urlopen(f"http://127.0.0.1:{stack.port}/metrics", timeout=20) as answer:
        found = re.search(rf"^{re.escape(name)} (\S+)$", answer.read().decode(), re.MULTILINE)
    return float(found.group(1)) if found else 0.0


async def comes(stack: Stack, name: str, value: float) -> None:
    """Wait until the server's figure is `value`."""
    for _ in range(300):
        if await asyncio.to_thread(metric, stack, name) == value:
            return
        await asyncio.sleep(0.1)
    assert value == await asyncio.to_thread(metric, stack, name)


async def test_a_hundred_tabs_show_the_same(stack: Stack) -> None:
    """One session in a hundred tabs: each hears a line that one of them types, and another session's line does not wait."""
    cookie, sessions = stack.session(2)
    async with AsyncExitStack() as exits:
        tabs = [await exits.enter_async_context(Client(stack.address, cookie, sessions[0])) for _ in range(TABS)]
        other = await exits.enter_async_context(Client(stack.address, cookie, sessions[1]))
        for tab in tabs:
            await tab.until(lambda tab=tab: tab.store.until > 0, 60)
        ack = await tabs[0].acked(await tabs[0].line("set a 1"))
        assert "ack" == (await other.acked(await other.line("set b 1")))["kind"]
        for tab in tabs:
            await tab.until(lambda tab=tab: tab.store.epoch == ack["seq"], 60)
        shown = [tab.store.at(ack["t"]) for tab in tabs]
        assert [shown[0]] * TABS == shown
        assert "1" == shown[0][0]["uid-a"]["spec"]["value"]


def half_open(stack: Stack, cookie: str, session: str) -> sockets.socket:
    """A page that has said hello and will never read: its window is as small as the system lets it be."""
    made = sockets.socket()
    made.setsockopt(sockets.SOL_SOCKET, sockets.SO_RCVBUF, 2048)
    parts = urlsplit(stack.address)
    made.connect((parts.hostname, parts.port))
    lines = [f"GET /ws/sessions/{session}/ HTTP/1.1", f"Host: {parts.netloc}", f"Origin: http://{parts.netloc}", f"Cookie: {cookie}"]
    lines += ["Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13", f"Sec-WebSocket-Key: {'A' * 22}=="]
    made.sendall("\r\n".join([*lines, "", ""]).encode())
    head = made.recv(2048)
    assert head.startswith(b"HTTP/1.1 101 "), head
    hello = b'{"kind":"hello"}'
    made.sendall(bytes([0x81, 0x80 | len(hello), 0, 0, 0, 0]) + hello)
    return made


async def test_a_page_that_never_reads_is_ended(stack: Stack) -> None:
    """Once what waits for it is too much it is cut off, though it does not even take the farewell; the other page gets all."""
    cookie, (session,) = stack.session()
    async with Client(stack.address, cookie, session) as page:
        page.patient = True
        await page.until(lambda: page.store.until > 0)
        pages = await asyncio.to_thread(metric, stack, "podlab_sockets")
        with half_open(stack, cookie, session):
            await comes(stack, "podlab_sockets", pages + 1)
            for number in range(60):
                ack = await page.acked(await page.line(f"set a{number} {'x' * 100_000}"))
                assert "ack" == ack["kind"], ack
            await comes(stack, "podlab_sockets", pages)
        await page.until(lambda: page.store.epoch == ack["seq"])
        assert {f"uid-a{number}" for number in range(60)} <= set(page.store.at(ack["t"])[0])


async def test_ten_thousand_commands_in_a_second_are_told_to_slow_down(stack: Stack) -> None:
    """Every one is answered; a second's worth is taken each second, and another session does not wait for the rest."""
    cookie, sessions = stack.session(2)
    async with Client(stack.address, cookie, sessions[0]) as page, Client(stack.address, cookie, sessions[1]) as other:
        await page.until(lambda: page.store.until > 0)
        await other.until(lambda: other.store.until > 0)
        flood = asyncio.create_task(_flood(stack, cookie, sessions[0], 10_000))
        assert "ack" == (await other.acked(await other.line("set a 1")))["kind"]
        answers = await flood
        assert {"ack", "nack"} == {each["kind"] for each in answers.values()}
        assert 10_000 == len(answers)
        refused = [each for each in answers.values() if each["kind"] == "nack"]
        assert {"slow-down"} == {each["code"] for each in refused}
        assert len(refused) > 5_000
        await page.until(lambda: page.store.epoch == 10_000 - len(refused), 60)


async def _flood(stack: Stack, cookie: str, session: str, count: int) -> dict[str, dict[str, object]]:
    """Send as fast as the socket takes; the answers by id."""
    client = Client(stack.address, cookie, session)
    answers: dict[str, dict[str, object]] = {}
    async with websockets.connect(client.url, additional_headers=client.headers, max_size=None) as line:
        await line.send('{"kind":"hello"}')

        async def send() -> None:
            for number in range(count):
                command = {"kind": "line", "terminal": "t1", "text": "set a 1"}
                await line.send(json.dumps({"kind": "command", "id": f"flood-{number}", "command": command}))

        sending = asyncio.create_task(send())
        async with asyncio.timeout(120):
            while len(answers) < count:
                frame = json.loads(await line.recv())
                if frame["kind"] in ("ack", "nack"):
                    answers[frame["id"]] = frame
        await sending
    return answers


async def test_a_command_that_was_acknowledged_is_not_worked_again(stack: Stack) -> None:
    """A page that sends old commands again, out of order and from another socket, gets the same answers and changes nothing."""
    cookie, (session,) = stack.session()
    async with Client(stack.address, cookie, session) as page:
        await page.until(lambda: page.store.until > 0)
        acks = [await page.acked(await page.line(f"set a {number}", f"old-{number}")) for number in range(3)]
    async with Client(stack.address, cookie, session) as again:
        await again.until(lambda: again.store.epoch == acks[-1]["seq"])
        for number in (2, 0, 1):
            answer = await again.acked(await again.line(f"set a {number}", f"old-{number}"))
            assert (acks[number]["seq"], acks[number]["t"]) == (answer["seq"], answer["t"])
        last = await again.acked(await again.line("set b 1"))
        assert acks[-1]["seq"] + 1 == last["seq"]
