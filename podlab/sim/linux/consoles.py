"""Consoles: the terminal of a container's own (`tty: true` with `stdin: true`), which an attached terminal of the learner shows.

What is written goes into the container's log as well. While nobody is attached, a reader waits; when the attached terminal is closed, the
reader is at its end.

Upstream: pty(7), containerd's console and the shim's copying. Left out: output of before an attachment is not shown again; a second
terminal that attaches takes the console from the first; input that stays open when its terminal goes (`--leave-stdin-open`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from podlab.sim.linux.state import Console
from podlab.sim.linux.types import Process

if TYPE_CHECKING:
    from podlab.sim.linux.linux import Linux


class Consoles:
    """All consoles, by the key of the container's log (`<uid>/<container>/<instance>`)."""

    def __init__(self, linux: Linux) -> None:
        self._linux = linux
        self._state = linux.state.consoles

    def terminal(self, key: str) -> str:
        """The terminal that is attached, "" for none."""
        console = self._state.get(key)
        return console.terminal if console else ""

    def has(self, key: str) -> bool:
        """Whether somebody holds this console open."""
        return any(each.exit_code is None and f"console:{key}" in each.fds.values() for each in self._linux.state.processes.values())

    def attach(self, key: str, terminal: str) -> None:
        """From now on `terminal` shows this console and is read by its foreground."""
        console = self._get(key)
        console.terminal = terminal
        self._linux.terminals.foreground(terminal, console.foreground or self._first(key))
        if console.prompt is not None:
            self._linux.terminals.prompt(terminal, console.prompt)
        waiting, console.waiting = console.waiting, []
        for pid in waiting:
            self._linux.processes.wake(pid)

    def detach(self, key: str, group: int) -> None:
        """The terminal is the process group's again."""
        console = self._state.pop(key, None)
        if console is not None and console.terminal:
            self._linux.terminals.foreground(console.terminal, group)

    def write(self, key: str, text: str) -> None:
        """Into the log, and onto the screen of who is attached."""
        self._linux.logs.write(key, text)
        self._linux.terminals.write(self.terminal(key), text)

    def prompt(self, key: str, text: str) -> None:
        """Ask whoever is or will be attached for a line."""
        console = self._get(key)
        console.prompt = text
        self._linux.terminals.prompt(console.terminal, text)

    def foreground(self, key: str, group: int) -> None:
        """This process group reads the console from now on."""
        console = self._get(key)
        console.foreground = group
        self._linux.terminals.foreground(console.terminal, group)

    def ready(self, key: str, process: Process) -> bool:
        """Whether a read would say more than "nothing yet"."""
        terminal = self.terminal(key)
        return bool(terminal) and self._linux.terminals.ready(terminal, process)

    def wait(self, key: str, process: Process) -> None:
        """Wake the process when there is a line for it, or somebody attaches."""
        console = self._get(key)
        if console.terminal:
            self._linux.terminals.wait(console.terminal, process)
        elif process.pid not in console.waiting:
            console.waiting.append(process.pid)

    def read(self, key: str, process: Process) -> str | None:
        """A typed line with its LF, "" for nothing yet, None at the end."""
        terminal = self.terminal(key)
        return self._linux.terminals.read(terminal, process) if terminal else ""

    def _get(self, key: str) -> Console:
        return self._state.setdefault(key, Console())

    def _first(self, key: str) -> int:
        return next((each.group for each in self._linux.state.processes.values() if f"console:{key}" in each.fds.values()), 0)
