"""A program's view of the machine: its process, files, streams and children.

Upstream: the system calls. Left out: see the rooms that it hands on to.
"""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING, TypeVar

import msgspec

from podlab.sim.images import find_image
from podlab.sim.images.types import Image
from podlab.sim.linux.files import HostFiles
from podlab.sim.linux.types import Host, Process, Sleep, Wait
from podlab.sim.world import World

if TYPE_CHECKING:
    from podlab.sim.linux.linux import Linux
    from podlab.sim.network.network import Network

T = TypeVar("T")


class ProcessContext:
    """The `Context` of `linux.types`, and what the lab's own programs need besides."""

    def __init__(self, linux: Linux, process: Process) -> None:
        self.linux = linux
        self.process = process

    @property
    def world(self) -> World:
        """The clock, the API server."""
        return self.linux.world

    @property
    def host(self) -> Host:
        """Where the process lives."""
        return self.linux.state.hosts[self.process.host]

    @property
    def image(self) -> Image:
        """Whose programs and words this host has."""
        return find_image(self.host.image)

    @property
    def busybox(self) -> bool:
        """Whether the tools here speak BusyBox' words."""
        return self.image.userland == "busybox"

    @property
    def network(self) -> Network:
        """Who reaches whom."""
        return self.linux.network

    @property
    def files(self) -> HostFiles:
        """The host's files, relative paths from the process' directory."""
        return HostFiles(self.linux, self.host, self.process.cwd, self.process.pid)

    def memory(self, type_: type[T]) -> T:
        """What the program remembers, as a Struct of that type (made with its defaults at first)."""
        held = self.process.state.get("memory")
        if not isinstance(held, type_):
            held = msgspec.convert(held or {}, type_, str_keys=True)
            self.process.state["memory"] = held
        return held

    def out(self, text: str) -> None:
        """Write to standard output; BrokenPipeError (which ends the process by SIGPIPE)."""
        self.write(1, text)

    def err(self, text: str) -> None:
        """Write to standard error."""
        self.write(2, text)

    def write(self, fd: int, text: str) -> None:
        """Write to a file descriptor; OSError EBADF."""
        name = self.process.fds.get(fd)
        if name is None:
            raise OSError(errno.EBADF, "Bad file descriptor")
        self.linux.streams.write(self.process, name, text)

    def read(self, fd: int = 0) -> str | None:
        """What has arrived: text, "" for nothing yet, None at its end."""
        name = self.process.fds.get(fd)
        return None if name is None else self.linux.streams.read(self.process, name)

    def read_line(self, fd: int = 0) -> str | None:
        """One line with its LF (the last one may lack it), "" for nothing yet, None at the end."""
        name = self.process.fds.get(fd)
        return None if name is None else self.linux.streams.read(self.process, name, line=True)

    def open(self, path: str, mode: str) -> str:
        """The stream of a file (`r`, `w`, `a`), to be given to a child or to `hold`."""
        whole = self.files.absolute(path)
        special = {"/dev/stdin": 0, "/dev/stdout": 1, "/dev/stderr": 2, "/dev/tty": 0}.get(whole)
        if special is None and whole.startswith("/proc/self/fd/"):
            special = int(whole.rpartition("/")[2])
        if special is None and whole.startswith("/proc/1/fd/"):
            first = self.linux.processes.by_number(self.process.host, 1)
            return "null" if first is None else first.fds.get(int(whole.rpartition("/")[2]), "null")
        if special is not None:
            return self.process.fds.get(special, "null")
        return self.linux.streams.open(self.process.host, whole, mode)

    def set_fd(self, fd: int, name: str | None) -> None:
        """Let a descriptor lead to that stream (None: close it)."""
        if name is not None:
            self.linux.streams.hold(name)
        old = self.process.fds.pop(fd, None)
        if name is not None:
            self.process.fds[fd] = name
        if old is not None:
            self.linux.streams.close(old)

    def spawn(
        self,
        argv: list[str],
        *,
        env: dict[str, str] | None = None,
        cwd: str | None = None,
        fds: dict[int, str] | None = None,
        host: str | None = None,
        state: dict[str, object] | None = None,
        group: int | None = None,
    ) -> int:
        """Start a child (FileNotFoundError, PermissionError, BlockingIOError when there are too many processes); returns its pid.

        `state`: what it remembers already (a forked shell); `group`: 0 makes it leader of a new one, None leaves it in ours.
        """
        own = self.process
        where = host or own.host
        place = self.linux.state.hosts[where]
        if not self.linux.pids.room(place):
            raise BlockingIOError(errno.EAGAIN, "Resource temporarily unavailable")
        pid = self.linux.spawn(
            where,
            argv,
            env=own.env if env is None else env,
            cwd=own.cwd if cwd is None else cwd,
            fds=own.fds if fds is None else fds,
            parent=own.pid,
            state=state,
        )
        child = self.linux.state.processes[pid]
        child.ignored = list(own.ignored)
        child.group = own.group if group is None else (group or pid)
        self.linux.pids.made(place)
        return pid

    def kill(self, pid: int, signal: str) -> None:
        """Send a signal to a process (by its real pid)."""
        self.linux.processes.kill(pid, signal, sender=self.process)

    def exec(self, argv: list[str]) -> Wait:
        """Become another program; return what this gives."""
        own = self.process
        own.program, own.argv = self.linux.processes.programs.find(self.host, argv, own.cwd, own.env.get("PATH", ""))
        own.state, own.caught, own.started = {}, [], False
        return Sleep(self.world.timings["linux.exec"])

    def exit_code(self, pid: int) -> int | None:
        """The code of an ended child (which is thereby reaped: ask once), None while it runs."""
        return self.linux.processes.reap(pid)

    def is_tty(self, fd: int) -> bool:
        """Whether a descriptor leads to a terminal."""
        return self.process.fds.get(fd, "").startswith(("tty:", "console:"))

    @property
    def terminal(self) -> str:
        """The terminal's name (of a console: the one that is attached), "" for none."""
        name = next((name.removeprefix("tty:") for name in self.process.fds.values() if name.startswith("tty:")), "")
        return name or self.linux.consoles.terminal(self._console)

    @property
    def _console(self) -> str:
        return next((name.removeprefix("console:") for name in self.process.fds.values() if name.startswith("console:")), "")

    @property
    def columns(self) -> int:
        """How wide the terminal is (80 without one)."""
        tty = self.linux.terminals.find(self.terminal)
        return tty.columns if tty else 80

    def prompt(self, text: str) -> None:
        """Ask the terminal for a line."""
        if self._console:
            self.linux.consoles.prompt(self._console, text)
        else:
            self.linux.terminals.prompt(self.terminal, text)

    def foreground(self, group: int) -> None:
        """Let that process group read the terminal."""
        if self._console:
            self.linux.consoles.foreground(self._console, group)
        else:
            self.linux.terminals.foreground(self.terminal, group)

    def listen(self, port: int) -> bool:
        """Listen on a TCP port (UDP: negative); False when somebody in this network already does."""
        return self.linux.processes.listen(self.process, port)

    def touch(self) -> None:
        """Say that something changed here that a probe may look at."""
        self.linux.touch(self.process.host)
