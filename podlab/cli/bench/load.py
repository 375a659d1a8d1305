"""Load: sessions with real clusters under commands, what is left of an idle one, and the plain design beside it."""

from __future__ import annotations

import asyncio
import json
import os
import re
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import redis

from podlab.cli.bench import clients, plain
from podlab.cli.bench.measure import Figure, tree_cpu_s
from podlab.cli.running import Lab
from podlab.home import ROOT
from podlab.sim.cluster import Cluster
from podlab.sim.commands import OpenTerminal

FULL = bool(os.environ.get("PODLAB_BENCH_FULL"))
SESSIONS, RATE, SECONDS = (200, 100, 30) if FULL else (20, 10, 10)
TOO_SLOW_S = 0.1
MOST = 1_000
"""Commands a second at which rising ends."""
ZERO_MS = 1_777_000_000_000


def figures() -> Iterator[Figure]:
    """One lab for all; a busy machine makes the latencies worse, the CPU figures little."""
    with tempfile.TemporaryDirectory(prefix="podlab-") as folder:
        lab = Lab.start(Path(folder))
        try:
            yield from Load(lab).figures()
        finally:
            lab.end()


class Load:
    """The sessions of a lab that is running."""

    def __init__(self, lab: Lab) -> None:
        self.lab = lab
        self.redis_url = f"unix://{lab.home / 'run' / 'valkey.sock'}?db="
        self.redis = redis.Redis.from_url(f"{self.redis_url}0")
        self.cookie, *self.sessions = self._shell(MAKE.format(count=SESSIONS)).split()

    def figures(self) -> Iterator[Figure]:
        """Idle, busy, parked; then the plain design with the same number of clusters."""
        found, busy, idle = asyncio.run(self._run())
        yield from found
        yield from self._kept()
        yield from self._parked()
        yield from self._compare("idle", idle, [_cluster(busy=False)] * SESSIONS, [])
        kinds = _cluster(busy=True, loop=True), _cluster(busy=True), _cluster(busy=True)
        yield from self._compare(
            "busy", busy, [kinds[number % 3] for number in range(SESSIONS)], [clients.GET, clients.APPLY, clients.GET, clients.DELETE]
        )

    async def _run(self) -> tuple[list[Figure], float, float]:
        """Latencies and shares; CPU s a session and minute of the busy and of the idle sessions."""
        async with clients.pages(self.lab.address, self.cookie, self.sessions) as pages:
            for page in pages:
                await page.command(kind="open", terminal="t1")
                await page.answered()
            before = self._cpu_s()
            await asyncio.sleep(SECONDS)
            idle = self._a_minute(self._cpu_s() - before)
            await clients.prepare(pages)
            start, metrics = self._cpu_s(), self._metrics()
            latencies = await clients.traffic(pages, RATE, SECONDS)
            spent = self._cpu_s() - start
            found = [*_latencies(latencies, RATE), *self._shares(spent, metrics, len(latencies))]
            if FULL:
                found.append(await _rise(pages))
            self.sent = {name for page in pages for name in page.sent}
            self.acked = {name for page in pages for name, kind in page.told.items() if kind == "ack"}
        return found, self._a_minute(spent), idle

    def _a_minute(self, seconds: float) -> float:
        return seconds * 60 / SECONDS / SESSIONS

    def _cpu_s(self) -> float:
        """CPU time of the workers and the sweeper so far."""
        children: dict[str, int] = self.lab.state()["children"]
        return sum(tree_cpu_s(pid) for name, pid in children.items() if name.startswith(("worker", "sweeper")))

    def _metrics(self) -> Counter[str]:
        with urllib.request.urlopen(f"{self.lab.address}metrics", timeout=10) as answer:
            lines = re.findall(r"^(podlab_\w+_total) (\S+)$", answer.read().decode(), re.MULTILINE)
        return Counter({name: float(value) for name, value in lines})

    def _shares(self, spent: float, before: Counter[str], commands: int) -> Iterator[Figure]:
        """What of the workers' and the sweeper's CPU is the engine's, and what the runtime costs a command."""
        now = self._metrics()
        engine, serve = (now[name] - before[name] for name in ("podlab_engine_seconds_total", "podlab_serve_seconds_total"))
        yield Figure("worker CPU a command, windows and loops included", 1000 * spent / commands, "ms CPU", 2)
        yield Figure("  of it running the engine", 100 * engine / spent, "%")
        yield Figure("  of it serving otherwise (load, dump, journal, Redis)", 100 * (serve - engine) / spent, "%")
        yield Figure("  of it Celery and the sweeper", 100 * (spent - serve) / spent, "%")
        yield Figure("the runtime's own (limit 3)", 1000 * (spent - engine) / commands, "ms CPU a command", 2)

    def _kept(self) -> Iterator[Figure]:
        """Against the journal."""
        kept = Counter(json.loads(self._shell(JOURNAL)))
        yield Figure("commands sent", len(self.sent), "", 0)
        yield Figure("  acknowledged", len(self.acked), "", 0)
        yield Figure("  lost (acknowledged, not in the journal)", len(self.acked - kept.keys()), "", 0)
        yield Figure("  doubled", sum(number > 1 for number in kept.values()), "", 0)

    def _parked(self) -> Iterator[Figure]:
        """As if all pages had left two minutes ago: what stays of a session in Redis."""
        for session in self.sessions:
            for name in ("wall", "seen"):
                self.redis.hincrby(f"podlab:s:{session}:meta", name, -120_000)
            self.redis.zadd("podlab:due", {session: 0})
        end = time.monotonic() + 60
        while time.monotonic() < end and not all(self.redis.hget(f"podlab:s:{each}:meta", "parked") == b"1" for each in self.sessions):
            time.sleep(0.2)
        sizes = sorted(self._bytes(each) for each in self.sessions)
        yield Figure("parked sessions", sum(self.redis.hget(f"podlab:s:{each}:meta", "parked") == b"1" for each in self.sessions), "", 0)
        yield Figure("  the largest in Redis (limit 32)", sizes[-1] / 1024, "KB")
        yield Figure("  timers left", sum(self.redis.zscore("podlab:due", each) is not None for each in self.sessions), "", 0)

    def _bytes(self, session: str) -> int:
        return sum(int(self.redis.memory_usage(key) or 0) for key in self.redis.scan_iter(f"podlab:s:{session}:*", count=1000))

    def _compare(self, name: str, ours: float, dumps: list[bytes], lines: list[str]) -> Iterator[Figure]:
        """The plain design's workers, on clusters as busy as ours, with as many commands."""
        url = f"{self.redis_url}1"
        worker = plain.start(url)
        try:
            plain.drive(url, dumps[:1], 2, [])
            before = tree_cpu_s(worker.pid)
            plain.drive(url, dumps, SECONDS, lines)
            theirs = self._a_minute(tree_cpu_s(worker.pid) - before)
        finally:
            worker.terminate()
            worker.wait(20)
        yield Figure(f"{name} session, a minute: Podlab", 1000 * ours, "ms CPU")
        yield Figure(f"{name} session, a minute: one task a tick", 1000 * theirs, "ms CPU")
        yield Figure("  the plain design costs", theirs / ours if ours else 0, "times as much")

    def _shell(self, code: str) -> str:
        environment = {**os.environ, "PODLAB_HOME": str(self.lab.home)}
        command = [sys.executable, "manage.py", "shell", "-v", "0", "-c", code]
        return subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True, timeout=120).stdout


def _latencies(found: list[float], rate: float) -> Iterator[Figure]:
    """p50 and p99."""
    name = f"{SESSIONS} sessions, {rate:.0f} commands/s: command → first change"
    yield Figure(f"{name}, p50", 1000 * found[len(found) // 2], "ms")
    yield Figure(f"{name}, p99", 1000 * found[len(found) * 99 // 100], "ms")


async def _rise(pages: list[clients.Page]) -> Figure:
    """By a quarter each time."""
    rate = float(RATE)
    while rate < MOST:
        found = await clients.traffic(pages, rate, SECONDS / 3)
        if found[len(found) * 99 // 100] > TOO_SLOW_S:
            break
        rate *= 1.25
    return Figure("p99 passes 100 ms at", rate, "commands/s", 0)


def _cluster(*, busy: bool, loop: bool = False) -> bytes:
    """A learner's cluster after a minute: untouched, or with the Pod and perhaps the loop."""
    cluster = Cluster.start(Cluster.boot("trio"), 1, ZERO_MS)
    cluster.apply(OpenTerminal("t1"))
    if busy:
        cluster.script(clients.APPLY)
    if loop:
        cluster.script(clients.LOOP)
    cluster.advance(60_000)
    return cluster.dump()


MAKE = """
from django.contrib.sessions.backends.db import SessionStore
from podlab.learners.models import Learner
from podlab.session.service import create_session
learner = Learner.objects.create()
cookie = SessionStore()
cookie["learner"] = learner.pk
cookie.save()
print(cookie.session_key)
for _ in range({count}):
    print(create_session(learner, "trio").pk)
"""
JOURNAL = """
import json
from podlab.session.models import JournalRow
print(json.dumps(list(JournalRow.objects.values_list("client", flat=True))))
"""
