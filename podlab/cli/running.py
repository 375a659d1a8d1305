"""A running lab as another process sees it: benches and tests start one of their own, ask it, and harm it."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from podlab.home import ROOT
from podlab.lifeline import die_with_parent


@dataclass
class Lab:
    """What a person gets from `manage.py lab`, in a home of its own, on a free port."""

    process: "subprocess.Popen[bytes]"
    home: Path

    @classmethod
    def start(cls, home: Path, **variables: str) -> "Lab":
        """Start one, with these environment variables, and wait until it is ready."""
        home.mkdir(parents=True, exist_ok=True)
        environment = {name: value for name, value in os.environ.items() if name != "PODLAB_REDIS_URL"}
        command, parent = [sys.executable, "manage.py", "lab", "--port", "0"], os.getpid()
        with (home / "lab.out").open("wb") as out:
            process = subprocess.Popen(
                command, cwd=ROOT, env={**environment, **variables, "PODLAB_HOME": str(home)}, stdin=subprocess.DEVNULL, stdout=out, stderr=out,
                preexec_fn=lambda: die_with_parent(parent, signal.SIGTERM),
            )  # fmt: skip
        lab = cls(process, home)
        lab.wait_until_ready()
        return lab

    def end(self) -> None:
        """End it as Ctrl-C would."""
        self.process.terminate()
        self.process.wait(20)

    def state(self) -> dict[str, Any]:
        """What the supervisor writes down: its address and the process numbers of its children."""
        state: dict[str, Any] = json.loads((self.home / "lab.json").read_text("utf-8"))
        return state

    @property
    def address(self) -> str:
        """The address of the home page, with a slash at its end."""
        return str(self.state()["address"])

    def pid(self, child: str) -> int:
        """The process number of "valkey", "server", "worker-1" … or "sweeper"."""
        return int(self.state()["children"][child])

    def kill(self, child: str) -> None:
        """Kill a child without warning."""
        os.kill(self.pid(child), signal.SIGKILL)

    def is_ready(self) -> bool:
        """Whether `/readyz` says so."""
        try:
            with urllib.request.urlopen(f"{self.address}readyz", timeout=5) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def wait_until_ready(self, seconds: float = 60) -> None:
        """Wait for `/readyz`. Raises with the lab's own words where it ends first."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and self.process.poll() is None:
            if (self.home / "lab.json").exists() and self.is_ready():
                return
            time.sleep(0.1)
        raise AssertionError(f"the lab is not ready:\n{(self.home / 'lab.out').read_text('utf-8')}")
