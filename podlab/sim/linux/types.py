"""The contract between the machines' kernel and the programs that run on it; all of it plain data.

A program is code without state of its own: `start` and `resume` get a `Context` and say what the process waits for next. What it
must remember between two calls it keeps in `ctx.process.state` (plain JSON-like data).

Upstream: none (POSIX processes). Left out: threads, shared memory, terminals' raw mode.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

from msgspec import Struct, field

if TYPE_CHECKING:
    from podlab.sim.world import World


class Sleep(Struct, frozen=True, tag="sleep"):
    """Go on after `ms`."""

    ms: int


class Read(Struct, frozen=True, tag="read"):
    """Go on when `fd` has data or has ended; at the latest after `timeout_ms` (None: never)."""

    fd: int = 0
    timeout_ms: int | None = None


class Child(Struct, frozen=True, tag="child"):
    """Go on when the process `pid` has ended (0: any child)."""

    pid: int = 0


class Watch(Struct, frozen=True, tag="watch"):
    """Go on when an object of `resource` changes (with `namespace`, `name`: only such), at the latest after `timeout_ms`."""

    resource: str
    namespace: str = ""
    name: str = ""
    timeout_ms: int | None = None


class Forever(Struct, frozen=True, tag="forever"):
    """Wait for signals (a server answers requests meanwhile)."""


class Exit(Struct, frozen=True, tag="exit"):
    """The process ends with `code` (0…255)."""

    code: int = 0


Wait = Sleep | Read | Child | Watch | Forever | Exit


class Wake(Struct, frozen=True):
    """Why a process goes on: `timer`, `input`, `child`, `watch`, or `signal` (then `signal` names it: INT, TERM, HUP …)."""

    why: str
    signal: str = ""


class Mount(Struct, frozen=True):
    """A directory of a host that lives elsewhere: `volume` names shared contents (`emptydir/<pod uid>/<name>`, `node/<n>:/path` …)."""

    path: str
    volume: str
    read_only: bool = False
    sub_path: str = ""


class Host(Struct):
    """A place where processes live. `name`: `workstation`, `node/<name>` or `container/<id>`; `image`: whose files it starts with."""

    name: str
    hostname: str
    image: str = ""
    node: str = ""
    address: str = ""
    mounts: list[Mount] = field(default_factory=list)
    files: dict[str, str] = field(default_factory=dict)
    removed: list[str] = field(default_factory=list)
    network: str = ""
    """Hosts with the same `network` (a sandbox's id; `node/<name>`) share addresses and ports."""
    pid_namespace: str = ""


class Process(Struct):
    """A process: `program` is the registered code, `fds` name its streams, `wait` what it waits for, `state` what it remembers."""

    pid: int
    parent: int
    host: str
    program: str
    argv: list[str]
    env: dict[str, str]
    cwd: str
    fds: dict[int, str]
    state: dict[str, Any] = field(default_factory=dict)
    wait: Wait | None = None
    exit_code: int | None = None
    owner: str = ""
    """Who is told of its end: `<kind> <key>`, see `Linux.on_exit`."""
    started_ms: int = 0


class Files(Protocol):
    """A host's files as one of its processes sees them (relative paths start at its cwd). Raises OSError subclasses with POSIX meaning."""

    def read(self, path: str) -> str: ...
    def write(self, path: str, text: str, *, append: bool = False) -> None: ...
    def remove(self, path: str) -> None: ...
    def mkdir(self, path: str, *, parents: bool = False) -> None: ...
    def exists(self, path: str) -> bool: ...
    def is_dir(self, path: str) -> bool: ...
    def list(self, path: str) -> list[str]: ...


class Context(Protocol):
    """What a program can do: its process' view of the machine."""

    @property
    def world(self) -> World: ...
    @property
    def process(self) -> Process: ...
    @property
    def files(self) -> Files: ...

    def out(self, text: str) -> None: ...
    def err(self, text: str) -> None: ...
    def read(self, fd: int = 0) -> str | None:
        """What has arrived on `fd`: text, "" for nothing yet, None at its end."""

    def spawn(self, argv: list[str], *, env: dict[str, str] | None = None, cwd: str | None = None, fds: dict[int, str] | None = None, host: str | None = None) -> int:
        """Start a child (FileNotFoundError, PermissionError); returns its pid."""

    def kill(self, pid: int, signal: str) -> None: ...
    def exit_code(self, pid: int) -> int | None: ...
    def is_tty(self, fd: int) -> bool: ...


class Program(Protocol):
    """Code for processes. `handles`: signals that wake it instead of their default action."""

    handles: frozenset[str]

    def start(self, ctx: Context) -> Wait: ...
    def resume(self, ctx: Context, wake: Wake) -> Wait: ...


class HttpRequest(Struct):
    """What a program that listens is asked."""

    method: str
    path: str
    host: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    body: str = ""


class HttpResponse(Struct):
    """What it answers, after `after_ms`; `hang`: never."""

    status: int
    body: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    after_ms: int = 1
    hang: bool = False


ExitHandler = Callable[[str, int, str], None]
"""Called with the owner's key, the exit code, and the signal's name ("" if it ended by itself)."""


class LinuxApi(Protocol):
    """What the kubelet (through containerd) and the network use of the machines' kernel."""

    def open_host(self, host: Host) -> None: ...
    def close_host(self, name: str) -> None:
        """All its processes end at once, its files are gone (volumes stay until `drop_volume`)."""

    def spawn(self, host: str, argv: list[str], *, env: dict[str, str], cwd: str, fds: dict[int, str], owner: str = "", parent: int = 0) -> int:
        """Start a process (FileNotFoundError: no such program; PermissionError); returns its pid. PID 1 rules apply to a container's first.

        `fds` name streams: `null`, `log:<pod uid>/<container>/<instance>`, `tty:<terminal>`, `buffer:<id>` (kept for `take_buffer`), `pipe:<n>`.
        """

    def kill(self, pid: int, signal: str) -> None: ...
    def alive(self, pid: int) -> bool: ...
    def take_buffer(self, name: str) -> str: ...
    def on_exit(self, kind: str, handler: ExitHandler) -> None:
        """Processes whose owner is `kind key` report their end to `handler` (which may act: it runs as a step of its own)."""

    def on_touch(self, listener: Callable[[str], None]) -> None:
        """`listener(host)` is called when something that a probe may look at changed there: a file, a process, an application's state."""

    def epoch(self, host: str) -> int:
        """Counts the touches of a host (with those of the volumes it mounts)."""

    def set_volume(self, volume: str, files: dict[str, str]) -> None: ...
    def drop_volume(self, volume: str) -> None: ...
    def log(self, uid: str, container: str, instance: int) -> list[tuple[int, str]]:
        """The log of a container instance: (instant, text) in order."""
