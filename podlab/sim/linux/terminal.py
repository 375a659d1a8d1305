"""Terminals: what is typed reaches the foreground, what is written reaches the screen.

A terminal's shell runs on the workstation as user `learner`. The page shows the prompt itself; the screen gets it once a line was typed.

Upstream: tty(4), the line discipline. Left out: raw mode, cursor movement (`watch` clears the screen, nothing more).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from podlab.sim.changes import Output
from podlab.sim.errors import SimulationBug
from podlab.sim.linux.state import Terminal
from podlab.sim.linux.types import Process

if TYPE_CHECKING:
    from podlab.sim.linux.linux import Linux

FRAME_MS = 100
SCROLLBACK = 100_000
TYPED_AHEAD = 100
CLEAR = "\x1b[H\x1b[2J"


class TerminalView(Struct):
    """A terminal as the page shows it."""

    id: str
    columns: int
    scrollback: str
    prompt: str
    busy: bool


class Terminals:
    """All terminals of the learner."""

    def __init__(self, linux: Linux) -> None:
        self._linux = linux
        self._world = linux.world
        self._state = linux.state.terminals
        linux.world.kernel.handle("linux.screen", self._flush)

    def open(self, terminal: str, columns: int = 80, rows: int = 24) -> None:
        """A new terminal with a shell; one that is open is only resized."""
        if terminal in self._state:
            self.resize(terminal, columns, rows)
            return
        tty = self._state[terminal] = Terminal(columns, rows)
        stream = f"tty:{terminal}"
        env = {"HOME": "/home/learner", "USER": "learner", "PATH": "/usr/local/bin:/usr/bin:/bin", "TERM": "xterm", "PWD": "/home/learner"}
        tty.shell = self._linux.spawn(
            "workstation", ["bash"], env=env, cwd="/home/learner", fds={0: stream, 1: stream, 2: stream}, owner=f"linux.terminal {terminal}"
        )
        tty.foreground = tty.shell

    def close(self, terminal: str) -> None:
        """Hang up: the processes that have this terminal get SIGHUP."""
        if terminal not in self._state:
            return
        waiting = self._state.pop(terminal).waiting
        self._world.kernel.cancel("linux.screen", terminal)
        for process in list(self._linux.state.processes.values()):
            if f"tty:{terminal}" in process.fds.values():
                self._linux.kill(process.pid, "HUP")
        for pid in waiting:
            self._linux.processes.wake(pid)

    def ended(self, terminal: str, code: int, signal: str) -> None:
        """The shell has ended: say so and start another one."""
        if terminal in self._state:
            tty = self._state.pop(terminal)
            self.open(terminal, tty.columns, tty.rows)
            new = self._state[terminal]
            new.scrollback, new.framed, new.pending = tty.scrollback, tty.framed, tty.pending
            self.write(terminal, "[the shell has ended; here is a new one]\n")

    def line(self, terminal: str, text: str) -> None:
        """A line was typed: it is echoed behind the prompt, and the foreground gets it."""
        tty = self._get(terminal)
        self._show(tty, (tty.prompt or "") + text + "\n")
        tty.prompt = None
        if len(tty.lines) < TYPED_AHEAD:
            tty.lines.append(text + "\n")
        self._wake(tty)
        self._soon(terminal, tty)

    def eof(self, terminal: str) -> None:
        """Ctrl-D on an empty line."""
        tty = self._get(terminal)
        tty.ended = True
        self._wake(tty)

    def signal(self, terminal: str, name: str) -> None:
        """Ctrl-C and its kin, to all processes of the foreground."""
        tty = self._get(terminal)
        if tty.prompt and name != "INT":
            return  # a shell at its prompt heeds neither Ctrl-Z nor Ctrl-\
        shown = {"INT": "^C", "TSTP": "^Z", "QUIT": "^\\"}[name]
        self._show(tty, (tty.prompt or "") + shown + "\n")
        tty.prompt = None
        tty.lines.clear()
        self._linux.processes.kill_group(tty.foreground, name)
        self._soon(terminal, tty)

    def resize(self, terminal: str, columns: int, rows: int) -> None:
        """The window changed its size."""
        tty = self._get(terminal)
        tty.columns, tty.rows = columns, rows
        self._linux.processes.kill_group(tty.foreground, "WINCH")

    def view(self, terminal: str) -> TerminalView:
        """What the page needs to show it anew."""
        tty = self._get(terminal)
        text = tty.scrollback + tty.pending
        return TerminalView(terminal, tty.columns, text.replace("\n", "\r\n"), tty.prompt or "", tty.prompt is None)

    def names(self) -> list[str]:
        """The open terminals."""
        return sorted(self._state)

    def find(self, terminal: str) -> Terminal | None:
        """The terminal's state, or None."""
        return self._state.get(terminal)

    def _get(self, terminal: str) -> Terminal:
        if terminal not in self._state:
            raise SimulationBug(f"there is no terminal {terminal!r}")
        return self._state[terminal]

    # Below: what the streams use.

    def write(self, terminal: str, text: str) -> None:
        """A process writes to the screen (lines end with LF here, with CR LF on the wire)."""
        tty = self._state.get(terminal)
        if tty is not None:
            self._show(tty, text)
            self._soon(terminal, tty)

    def prompt(self, terminal: str, text: str) -> None:
        """The foreground asks for a line with this prompt."""
        tty = self._state.get(terminal)
        if tty is not None:
            tty.prompt = text
            self._soon(terminal, tty)

    def ready(self, terminal: str, process: Process) -> bool:
        """Whether this process would get a line now; a closed terminal is at its end."""
        tty = self._state.get(terminal)
        return tty is None or (process.group == tty.foreground and (bool(tty.lines) or tty.ended))

    def wait(self, terminal: str, process: Process) -> None:
        """Wake the process when there is a line for it."""
        waiting = self._state[terminal].waiting
        if process.pid not in waiting:
            waiting.append(process.pid)

    def read(self, terminal: str, process: Process) -> str | None:
        """A typed line with its LF, "" for nothing yet, None for Ctrl-D."""
        tty = self._state.get(terminal)
        if tty is None:
            return None
        if process.group != tty.foreground:
            return ""
        if tty.lines:
            return tty.lines.pop(0)
        if tty.ended:
            tty.ended = False
            return None
        return ""

    def foreground(self, terminal: str, group: int) -> None:
        """This process group reads the terminal from now on."""
        tty = self._state.get(terminal)
        if tty is not None:
            tty.foreground = group
            if tty.lines or tty.ended:
                self._wake(tty)

    def _wake(self, tty: Terminal) -> None:
        waiting, tty.waiting = tty.waiting, []
        for pid in waiting:
            process = self._linux.state.processes.get(pid)
            if process is not None and process.group == tty.foreground:
                self._linux.processes.wake(pid)
            elif process is not None:
                tty.waiting.append(pid)

    def _show(self, tty: Terminal, text: str) -> None:
        tty.pending += text

    def _soon(self, terminal: str, tty: Terminal) -> None:
        now = self._world.now
        due = now if tty.prompt is not None else max(now, tty.framed + FRAME_MS)
        self._world.kernel.sooner(due, "linux.screen", terminal)

    def _flush(self, terminal: str) -> None:
        tty = self._state.get(terminal)
        if tty is None or (not tty.pending and tty.prompt == tty.told):
            return
        text, tty.pending, tty.framed = tty.pending, "", self._world.now
        tty.scrollback = (tty.scrollback + text).rpartition(CLEAR)[2][-SCROLLBACK:]
        tty.told = tty.prompt
        self._world.tell(
            Output(self._world.now, self._world.number(), terminal, text.replace("\n", "\r\n"), tty.prompt, tty.prompt is None)
        )
