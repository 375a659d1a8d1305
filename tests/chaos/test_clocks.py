"""The wall clocks of Valkey, workers and server are set an hour forward or back, by libfaketime: sessions hardly notice."""

from __future__ import annotations

import asyncio
import os
import random
import time
from itertools import pairwise

from tests.chaos.traffic import fragile, pages, reckon, typing
from tests.session.page import Client
from tests.session.stack import Stack

JUMPS = int(os.environ.get("PODLAB_CHAOS_JUMPS", "12"))
HOUR = 3600
LINGER_MS = 6000
"""A clock that is set forward adds no more than that to a session: nobody was seen for longer."""
LATE_MS = 1500
"""Frames that a busy machine brings late make a page's clock wrong by so much."""
Shown = dict[Client, list[tuple[float, int]]]


async def test_clocks_that_are_set_lose_double_and_contradict_nothing() -> None:
    """Virtual time neither falls back nor runs away, and the reckoning is as after kills; a worker is killed now and then too."""
    dice = random.Random(int(os.environ.get("PODLAB_CHAOS_SEED", "1")))
    with fragile(clocks=True, PODLAB_LINGER_MS=str(LINGER_MS)) as stack:
        await asyncio.to_thread(_must_jump, stack)
        async with pages(stack) as clients:
            shown: Shown = {client: [] for client in clients}
            async with typing(clients) as sent:
                for number in range(JUMPS):
                    await _watch(shown, dice.uniform(1.2, 2))
                    name = dice.choice(["valkey", "valkey", "worker-0", "worker-1", "server"])
                    stack.jump(name, dice.choice([-HOUR, 0, HOUR]))
                    if number % 3 == 2:
                        await asyncio.to_thread(stack.kill, "worker-0")
                        stack.spawn("worker-0")
                await _watch(shown, 2)
            await asyncio.sleep(1)
            print(f"\nchaos: jumps {JUMPS}")
            await reckon(stack, clients, sent)
    for seen in shown.values():
        _steady(seen)


def _must_jump(stack: Stack) -> None:
    """The library works on this machine."""
    before = stack.redis().time()[0]
    stack.jump("valkey", HOUR)
    time.sleep(0.2)
    assert stack.redis().time()[0] - before >= HOUR
    stack.jump("valkey", 0)
    time.sleep(0.2)


async def _watch(shown: Shown, seconds: float) -> None:
    """Note what the pages' clocks show."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        for client, seen in shown.items():
            if client.anchor:
                seen.append((time.monotonic(), client.now()))
        await asyncio.sleep(0.1)


def _steady(seen: list[tuple[float, int]]) -> None:
    """Never back, and ahead of the wall by no more than all jumps may add."""
    falls = [(before, after) for (_, before), (_, after) in pairwise(seen) if after < before - LATE_MS]
    assert [] == falls
    passed = (seen[-1][0] - seen[0][0]) * 1000
    assert seen[-1][1] - seen[0][1] <= passed + JUMPS * LINGER_MS + LATE_MS
    assert seen[-1][1] > seen[0][1]
