"""Everything that the machines remember, as plain data.

Upstream: none (the Linux kernel's tables). Left out: inodes, permissions, memory pages.
"""

from __future__ import annotations

from msgspec import Struct, field

from podlab.sim.linux.types import Host, Process


class Pipe(Struct, omit_defaults=True):
    """Text on its way from `writers` to `readers` (counts of open ends); `waiting` pids go on when something arrives, `full` ones when it is taken."""

    text: str = ""
    writers: int = 0
    readers: int = 0
    waiting: list[int] = field(default_factory=list)
    full: list[int] = field(default_factory=list)


class OpenFile(Struct, omit_defaults=True):
    """A file that somebody reads or writes: `mode` is `r`, `w` or `a`, `offset` in characters."""

    host: str
    path: str
    mode: str
    offset: int = 0
    users: int = 0


class Log(Struct, omit_defaults=True):
    """What a container instance wrote: (instant, text) in order; `pending` was not told yet, `framed` is when something was told last."""

    lines: list[tuple[int, str]] = field(default_factory=list)
    size: int = 0
    dropped: int = 0
    pending: str = ""
    framed: int = -1_000_000
    namespace: str = ""
    pod: str = ""


class Terminal(Struct, omit_defaults=True):
    """A terminal: `foreground` is the process group that reads it, `prompt` what its reader shows (None: nobody asks), `lines` what was typed ahead."""

    columns: int = 80
    rows: int = 24
    shell: int = 0
    foreground: int = 0
    lines: list[str] = field(default_factory=list)
    ended: bool = False
    prompt: str | None = None
    waiting: list[int] = field(default_factory=list)
    scrollback: str = ""
    pending: str = ""
    framed: int = -1_000_000
    told: str | None = None
    """The prompt that was told last."""


class Console(Struct, omit_defaults=True):
    """A container's console: `terminal` is who is attached ("" for nobody), `foreground` and `prompt` as a terminal's, `waiting` who would read."""

    terminal: str = ""
    foreground: int = 0
    prompt: str | None = None
    waiting: list[int] = field(default_factory=list)


class LinuxState(Struct, omit_defaults=True):
    """All machines: hosts and processes by name and pid, streams by name, volumes as path → text."""

    hosts: dict[str, Host] = field(default_factory=dict)
    processes: dict[int, Process] = field(default_factory=dict)
    next_pid: int = 1
    next_stream: int = 1
    numbers: dict[str, int] = field(default_factory=dict)
    """pid namespace → the number given last."""
    pipes: dict[str, Pipe] = field(default_factory=dict)
    opened: dict[str, OpenFile] = field(default_factory=dict)
    buffers: dict[str, str] = field(default_factory=dict)
    logs: dict[str, Log] = field(default_factory=dict)
    terminals: dict[str, Terminal] = field(default_factory=dict)
    volumes: dict[str, dict[str, str]] = field(default_factory=dict)
    epochs: dict[str, int] = field(default_factory=dict)
    consoles: dict[str, Console] = field(default_factory=dict)
