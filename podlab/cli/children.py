"""The processes of a lab: started, watched, brought back when they die, ended together."""

import os
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from podlab.home import ROOT, describe_place, logs
from podlab.lifeline import die_with_parent

LONGEST_PAUSE_S = 4.0
"""A child that dies is back within five seconds, however often it died."""
STEADY_S = 20.0
"""After so long a life a death counts as the first one again."""
LOG_LIMIT = 20 * 1024 * 1024


@dataclass
class Child:
    """One process of the lab. It ends when the supervisor does (`how`), whatever happens to that."""

    name: str
    command: list[str]
    environment: dict[str, str]
    how: signal.Signals = signal.SIGKILL
    keep: tuple[int, ...] = ()
    process: "subprocess.Popen[bytes] | None" = None
    started: float = 0.0
    deaths: int = 0
    due: float = 0.0

    def alive(self) -> bool:
        """Whether the process runs."""
        return self.process is not None and self.process.poll() is None

    @property
    def log(self) -> Path:
        """The file that has what the child says."""
        return logs() / f"{self.name}.log"

    def start(self) -> None:
        """Start the process, in a group of its own so that Ctrl-C in the terminal reaches the supervisor alone."""
        parent = os.getpid()
        logs().mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command, cwd=ROOT, env=self.environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                pass_fds=self.keep, start_new_session=True, preexec_fn=lambda: die_with_parent(parent, self.how),
            )  # fmt: skip
        self.started = time.monotonic()

    def signal(self, number: signal.Signals) -> None:
        """Signal the child and all that it started."""
        if self.process is not None and self.alive():
            os.killpg(self.process.pid, number)

    def tail(self, lines: int = 12) -> str:
        """The last lines of the child's log, indented."""
        if not self.log.exists():
            return ""
        with self.log.open("rb") as log:
            log.seek(max(0, self.log.stat().st_size - 8192))
            text = log.read().decode("utf-8", "replace")
        return "\n".join(f"    {line}" for line in text.splitlines()[-lines:])


@dataclass
class Family:
    """All children, in the order in which they are started; they end in the opposite order."""

    say: Callable[[str], None]
    changed: Callable[[dict[str, int]], None]
    children: list[Child] = field(default_factory=list)

    def add(self, child: Child) -> Child:
        """Start a child and watch over it from now on."""
        child.start()
        self.children.append(child)
        self.changed(self._pids())
        return child

    def _pids(self) -> dict[str, int]:
        return {child.name: child.process.pid for child in self.children if child.process is not None}

    def tend(self) -> None:
        """One look at all: who has died comes back, after a pause that grows; who has just begun is told of."""
        for child in self.children:
            if child.process is not None and child.process.poll() is not None:
                self._bury(child, child.process.returncode)
            if child.process is None and time.monotonic() >= child.due:
                child.start()
                self.changed(self._pids())
            _shorten(child.log)

    def _bury(self, child: Child, code: int) -> None:
        if time.monotonic() - child.started > STEADY_S:
            child.deaths = 0
        pause = min(LONGEST_PAUSE_S, 0.2 * 2**child.deaths) if child.deaths else 0.0
        child.deaths += 1
        child.due = time.monotonic() + pause
        child.process = None
        self.say(f"{child.name} ended ({_describe(code)}) and is started again.")
        if child.deaths in {3, 10} or child.deaths % 100 == 0:
            self.say(f"{child.name} keeps ending; the last lines of {describe_place(child.log)}:\n{child.tail()}")

    def end(self, patience_s: float = 8.0) -> None:
        """End all, the last first: asked (SIGTERM), then after `patience_s` killed. Who serves others is asked last."""
        deadline = time.monotonic() + patience_s
        for group in (self.children[1:], self.children[:1]):
            for child in reversed(group):
                child.signal(signal.SIGTERM)
            for child in group:
                _await_end(child, deadline)


def _await_end(child: Child, deadline: float) -> None:
    if child.process is None:
        return
    try:
        child.process.wait(max(0.5, deadline - time.monotonic()))
    except subprocess.TimeoutExpired:
        child.signal(signal.SIGKILL)
        child.process.wait()


def _describe(code: int) -> str:
    return f"exit code {code}" if code >= 0 else f"signal {signal.Signals(-code).name}"


def _shorten(log: Path) -> None:
    """Keep one older part of a log that has grown long; the child goes on appending to the same file."""
    if log.exists() and log.stat().st_size > LOG_LIMIT:
        log.with_suffix(".log.1").write_bytes(log.read_bytes())
        os.truncate(log, 0)
