"""The runtime as processes: Valkey, database, Celery workers, sweeper, server; each can be killed and started anew."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import libfaketime
import redis

from podlab.cli import valkey
from podlab.home import ROOT
from podlab.lifeline import die_with_parent

FAKETIME = Path(libfaketime.__file__).parent / "vendor/libfaketime/src/libfaketime.so.1"
QUEUES = [f"sim.{shard:02d}" for shard in range(64)]


class Stack:
    """A home of its own under `folder`; `environment` is added to every process'. `clocks`: each process' wall clock can `jump`."""

    def __init__(self, folder: Path, workers: int = 1, *, clocks: bool = False, **environment: str) -> None:
        self.folder = folder
        self.socket_path = folder / "v.sock"
        self.redis_url = f"unix://{self.socket_path}?db=0"
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=256)
        self.port = int(self.listener.getsockname()[1])
        self.address = f"ws://127.0.0.1:{self.port}"
        self.environment = {
            **os.environ, "PODLAB_HOME": str(folder), "PODLAB_REDIS_URL": self.redis_url, "PODLAB_ENGINE": "tests.session.fake",
            "DJANGO_SETTINGS_MODULE": "podlab.settings", "PYTHONPATH": os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]), **environment,
        }  # fmt: skip
        self.workers = workers
        self.clocks = clocks
        self.processes: dict[str, subprocess.Popen[bytes]] = {}

    def start(self) -> None:
        """Start everything; returns when the server answers."""
        self.spawn("valkey")
        self.redis().ping()
        self._run("migrate", "-v", "0")
        for name in self.names()[1:]:
            self.spawn(name)
        self.await_server()

    def names(self) -> list[str]:
        return ["valkey", "server", "sweep", *(f"worker-{number}" for number in range(self.workers))]

    def spawn(self, name: str) -> None:
        """Start one process (again)."""
        log = (self.folder / f"{name}.log").open("ab")
        parent = os.getpid()
        self.processes[name] = subprocess.Popen(
            self._command(name), cwd=ROOT, env=self.environment | self._clock(name), stdout=log, stderr=log,
            pass_fds=[self.listener.fileno()], preexec_fn=lambda: die_with_parent(parent),
        )  # fmt: skip
        log.close()

    def jump(self, name: str, seconds: int) -> None:
        """Set a process' wall clock, now and when it is started again; its steady clock goes on."""
        new = self.folder / f"{name}.new"
        new.write_text(f"{seconds:+d}")
        new.rename(self._offset(name))

    def _offset(self, name: str) -> Path:
        return self.folder / f"{name}.clock"

    def _clock(self, name: str) -> dict[str, str]:
        if not self.clocks:
            return {}
        if not self._offset(name).exists():
            self.jump(name, 0)
        return {
            "LD_PRELOAD": str(FAKETIME), "FAKETIME_TIMESTAMP_FILE": str(self._offset(name)), "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1", "FAKETIME_FORCE_MONOTONIC_FIX": "0",
        }  # fmt: skip

    def _command(self, name: str) -> list[str]:
        if name == "valkey":
            return [str(part) for part in valkey.command(self.folder / "valkey", self.socket_path)]
        if name == "server":
            return [sys.executable, "-m", "podlab.cli.serve", "--fd", str(self.listener.fileno())]
        if name == "sweep":
            return [sys.executable, "manage.py", "sweep"]
        number = int(name.rpartition("-")[2])
        return [
            sys.executable, "-m", "celery", "--quiet", "-A", "podlab.celery", "worker", "-P", "solo", "-l", "warning",
            "-n", f"{name}@test", "-Q", ",".join(QUEUES[number :: self.workers]),
            "--without-gossip", "--without-mingle", "--without-heartbeat",
        ]  # fmt: skip

    def _run(self, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments], cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    manage = _run

    def kill(self, name: str) -> None:
        """kill -9, and wait for the end."""
        process = self.processes[name]
        process.send_signal(signal.SIGKILL)
        process.wait()

    def logs(self) -> str:
        """The last lines of every process, for a failing test."""
        return "\n".join(f"--- {path.name}\n{path.read_text()[-4000:]}" for path in sorted(self.folder.glob("*.log")))

    def stop(self) -> None:
        for name in reversed(list(self.processes)):
            self.kill(name)
        self.listener.close()

    def redis(self) -> redis.Redis:
        """A client, once the server answers."""
        client = redis.Redis.from_url(self.redis_url, socket_timeout=5)
        end = time.monotonic() + 20
        while True:
            try:
                client.ping()
                return client
            except redis.RedisError:
                assert time.monotonic() < end, (self.folder / "valkey.log").read_text()
                time.sleep(0.02)

    def await_server(self) -> None:
        end = time.monotonic() + 120
        while True:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=2):
                    return
            except OSError:
                assert time.monotonic() < end, (self.folder / "server.log").read_text()[-3000:]
                time.sleep(0.05)

    def session(self, count: int = 1) -> tuple[str, list[str]]:
        """A new learner's cookie and her sessions' ids."""
        made = self._run("shell", "-v", "0", "-c", MAKE.format(count=count)).split()
        return f"podlab_session={made[0]}", made[1:]


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
    print(create_session(learner, "solo").pk)
"""
