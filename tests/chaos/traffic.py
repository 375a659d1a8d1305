"""Real traffic on real processes, and the reckoning afterwards: what was lost, doubled, or is seen differently."""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.session.page import Client
from tests.session.stack import Stack

SESSIONS = 4
LINES = ["set a {n}", "tick b 50 20", "set c {n}", "tick d 700 5"]
Sent = list[tuple[Client, str]]


@contextmanager
def fragile(*, clocks: bool = False, **environment: str) -> Iterator[Stack]:
    """Processes with two workers, and waits of a second where the lab has many."""
    short = {"PODLAB_LEASE_S": "1", "PODLAB_KICK_MS": "1000", "PODLAB_RETRY_MS": "1000"} | environment
    with TemporaryDirectory(prefix="podlab-") as folder:
        running = Stack(Path(folder), workers=2, clocks=clocks, **short)
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
        found = [await exits.enter_async_context(Client(stack.address, cookie, each)) for each in sessions for _ in range(2)]
        for client in found:
            client.patient = True
        yield found


@asynccontextmanager
async def typing(clients: list[Client]) -> AsyncIterator[Sent]:
    """All of them type while the block runs; after it every line is acknowledged."""
    sent: Sent = []
    stop = asyncio.Event()
    traffic = [asyncio.create_task(_type(client, stop, sent, random.Random(n))) for n, client in enumerate(clients)]
    yield sent
    stop.set()
    await asyncio.gather(*traffic)
    start = time.monotonic()
    for client, name in sent:
        answer = await client.acked(name, 90)
        assert answer["kind"] == "ack", answer
    print(f"all of {len(sent)} acknowledged {time.monotonic() - start:.1f} s after")


async def _type(client: Client, stop: asyncio.Event, sent: Sent, dice: random.Random) -> None:
    while not stop.is_set():
        text = dice.choice(LINES).format(n=dice.randrange(1000))
        sent.append((client, await client.line(text)))
        await asyncio.sleep(dice.uniform(0.1, 0.5))


async def reckon(stack: Stack, clients: list[Client], sent: Sent) -> None:
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
    print(f"\nchaos: commands {len(sent)}")
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
