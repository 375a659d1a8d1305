"""kill -9 of worker, Valkey and server, and Redis emptied, at random moments: nothing is lost, doubled, or seen differently."""

from __future__ import annotations

import asyncio
import json
import os
import random
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.session.page import Client
from tests.session.stack import Stack

ROUNDS = int(os.environ.get("PODLAB_CHAOS_ROUNDS", "12"))
SESSIONS = 4
LINES = ["set a {n}", "tick b 50 20", "set c {n}", "tick d 700 5"]


@pytest.fixture
def fragile() -> Iterator[Stack]:
    """Two workers, and waits of a second where the lab has many."""
    with TemporaryDirectory(prefix="podlab-") as folder:
        short = {"PODLAB_LEASE_S": "1", "PODLAB_KICK_MS": "1000", "PODLAB_RETRY_MS": "1000"}
        running = Stack(Path(folder), workers=2, **short)
        try:
            running.start()
            yield running
        finally:
            running.stop()
            print(running.logs())


@asynccontextmanager
async def pages(stack: Stack) -> AsyncIterator[list[Client]]:
    """Two pages on each session."""
    cookie, sessions = stack.session(SESSIONS)
    async with AsyncExitStack() as exits:
        yield [await exits.enter_async_context(Client(stack.address, cookie, each)) for each in sessions for _ in range(2)]


async def test_kills_lose_double_and_contradict_nothing(fragile: Stack) -> None:
    """Every line that was sent is in the journal once, every page shows what a fresh replay shows."""
    dice = random.Random(int(os.environ.get("PODLAB_CHAOS_SEED", "1")))
    sent: list[tuple[Client, str]] = []
    async with pages(fragile) as clients:
        stop = asyncio.Event()
        for client in clients:
            client.patient = True
        traffic = [asyncio.create_task(_type(client, stop, sent, random.Random(n))) for n, client in enumerate(clients)]
        for _ in range(ROUNDS):
            await asyncio.sleep(dice.uniform(0.2, 1.2))
            name = dice.choice(["worker-0", "worker-1", "valkey", "server", "flush"])
            if name == "flush":
                await asyncio.to_thread(fragile.redis().flushall)
                continue
            await asyncio.to_thread(fragile.kill, name)
            await asyncio.sleep(dice.uniform(0, 0.5))
            fragile.spawn(name)
        stop.set()
        await asyncio.gather(*traffic)
        print(f"{len(sent)} lines; killed {ROUNDS} times")
        start = time.monotonic()
        for client, name in sent:
            answer = await client.acked(name, 90)
            assert answer["kind"] == "ack", answer
        print(f"all acknowledged {time.monotonic() - start:.1f} s after")
        await asyncio.sleep(1)
        await _check(fragile, clients, sent)


async def _type(client: Client, stop: asyncio.Event, sent: list[tuple[Client, str]], dice: random.Random) -> None:
    while not stop.is_set():
        text = dice.choice(LINES).format(n=dice.randrange(1000))
        sent.append((client, await client.line(text)))
        await asyncio.sleep(dice.uniform(0.1, 0.5))


async def _check(stack: Stack, clients: list[Client], sent: list[tuple[Client, str]]) -> None:
    """Counts what is wrong, tells it (`bench chaos` reads that), and wants nothing of it."""
    sessions = sorted({_session(client) for client in clients})
    kept = json.loads(await asyncio.to_thread(stack.manage, "shell", "-v", "0", "-c", JOURNAL.format(sessions=sessions)))
    counts = Counter(client for client, *_ in kept)
    places = {client: (seq, t) for client, seq, t in kept}
    wrong: dict[str, list[object]] = {"lost": [], "doubled": [], "diverged": []}
    wrong["lost"] = [name for client, name in sent if places.get(name) != (client.acks[name]["seq"], client.acks[name]["t"])]
    wrong["doubled"] = [name for name, number in counts.items() if number > 1]
    wanted = [(_session(client), min(client.store.bound(), client.now())) for client in clients]
    told = json.loads(await asyncio.to_thread(stack.manage, "shell", "-v", "0", "-c", FRESH.format(wanted=wanted)))
    for client, (_, t), (fresh, differences) in zip(clients, wanted, told, strict=True):
        if fresh != list(client.store.at(t)) or differences:
            wrong["diverged"].append((fresh, client.store.at(t), differences))
    print(f"\nchaos: kills {ROUNDS}\nchaos: commands {len(sent)}")
    print(*(f"chaos: {what} {len(found)}" for what, found in wrong.items()), sep="\n")
    assert {"lost": [], "doubled": [], "diverged": []} == wrong


def _session(client: Client) -> str:
    return client.url.rstrip("/").rpartition("/")[2]


JOURNAL = """
import json
from podlab.session.models import JournalRow
print(json.dumps(list(JournalRow.objects.filter(branch__session__in={sessions}).values_list("client", "seq", "t_ms"))))
"""
FRESH = """
import json
from podlab.session import engine, journal
from podlab.session.models import Session
from podlab.session.replay import replay
from podlab.session.timeline import Timeline
def fresh(session, t):
    branch = session.branches.get()
    timeline = Timeline(engine.unpack(bytes(journal.beginning(branch).data)), journal.since(branch.pk, 0))
    timeline.run_to(t)
    seen = timeline.cluster.snapshot()
    return {{each["metadata"]["uid"]: each for each in seen.objects}}, {{each.id: each.scrollback for each in seen.terminals}}
found = [(Session.objects.get(pk=name), t) for name, t in {wanted}]
print(json.dumps([(fresh(session, t), replay(session).lines) for session, t in found]))
"""
