"""kill -9 of worker, Valkey and server, and Redis emptied, at random moments: nothing is lost, doubled, or seen differently."""

from __future__ import annotations

import asyncio
import os
import random

from tests.chaos.traffic import fragile, pages, reckon, typing

ROUNDS = int(os.environ.get("PODLAB_CHAOS_ROUNDS", "50"))


async def test_kills_lose_double_and_contradict_nothing() -> None:
    """Every line that was sent is in the journal once, every page shows what a fresh replay shows."""
    dice = random.Random(int(os.environ.get("PODLAB_CHAOS_SEED", "1")))
    with fragile() as stack:
        async with pages(stack) as clients:
            async with typing(clients) as sent:
                for _ in range(ROUNDS):
                    await asyncio.sleep(dice.uniform(0.1, 1))
                    name = dice.choice(["worker-0", "worker-1", "valkey", "server", "flush"])
                    if name == "flush":
                        await asyncio.to_thread(stack.redis().flushall)
                        continue
                    await asyncio.to_thread(stack.kill, name)
                    await asyncio.sleep(dice.uniform(0, 0.3))
                    stack.spawn(name)
            await asyncio.sleep(1)
            print(f"\nchaos: kills {ROUNDS}")
            await reckon(stack, clients, sent)
