"""The contract between the machines' kernel and the programs that run on it; all of it plain data.

A program is code without state of its own: `start` and `resume` get a `Context` and say what the process waits for next. What it
must remember between two calls it keeps in `ctx.process.state` (plain JSON-like data).

Upstream: none (POSIX processes). Left out: threads, shared memory, terminals' raw mode.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from msgspec import Struct, field

from podlab.sim.changes import ObjectChange

if TYPE_CHECKING:
    from podlab.sim.images.types import Image
    from podlab.sim.linux.files import HostFiles
    from podlab.sim.linux.linux import Linux
    from podlab.sim.network.network import Network
    from podlab.sim.world import World

T = TypeVar("T")


class Sleep(Struct, frozen=True, omit_defaults=True, tag="sleep"):
    """Go on after `ms`."""

    ms: int


class Read(Struct, frozen=True, omit_defaults=True, tag="read"):
    """Go on when `fd` has data or has ended; at the latest after `timeout_ms` (None: never)."""

    fd: int = 0
    timeout_ms: int | None = None


class Child(Struct, frozen=True, omit_defaults=True, tag="child"):
    """Go on when the process `pid` has ended (0: any child), at the latest after `timeout_ms`."""

    pid: int = 0
    timeout_ms: int | None = None


class Watch(Struct, frozen=True, omit_defaults=True, tag="watch"):
    """Go on when an object of `resource` changes (with `namespace`, `name`: only such), at the latest after `timeout_ms`."""

    resource: str
    namespace: str = ""
    name: str = ""
    timeout_ms: int | None = None


class Forever(Struct, frozen=True, omit_defaults=True, tag="forever"):
    """Wait for signals (a server answers requests meanwhile)."""


class Exit(Struct, frozen=True, omit_defaults=True, tag="exit"):
    """The process ends with `code` (0…255)."""

    code: int = 0


Wait = Sleep | Read | Child | Watch | Forever | Exit


class Wake(Struct, frozen=True):
    """Why a process goes on: `timer`, `input`, `child`, `watch`, or `signal` (then `signal` names it: INT, TERM, HUP …)."""

    why: str
    signal: str = ""


class Mount(Struct, frozen=True, omit_defaults=True):
    """A directory of a host that lives elsewhere: `volume` names shared contents (`emptydir/<pod uid>/<name>`, `node/<n>:/path` …)."""

    path: str
    volume: str
    read_only: bool = False
    sub_path: str = ""
    limit: int = 0
    """Bytes that fit (a volume in memory); 0: no limit."""


class Host(Struct, omit_defaults=True):
    """A place where processes live. `name`: `workstation`, `node/<name>` or `container/<id>`; `image`: whose files and programs it has.

    `files` holds what was written over the image's files (whoever opens a container's host puts `/etc/hosts` and `/etc/resolv.conf` there:
    `network.names` renders them), `removed` what was deleted of them. A key that ends in `/` is an empty directory.
    """

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
    """Hosts with the same one see each other's processes; "": its own."""
    memory_limit: int = 0
    """Bytes that its processes may use together; 0: the node's."""
    oom_score_adj: int = 0
    user_namespace: str = ""
    opened_ms: int = 0
    trouble: dict[str, str] = field(default_factory=dict)
    """What a fault has done to the application here: `500`, `hang`, `latency` (ms)."""
    cpu_limit: int = 0
    """Thousandths of a CPU that its processes may use together; 0: no limit."""
    executable: list[str] = field(default_factory=list)
    """Paths of written files that may be run (`chmod +x`)."""
    pod: str = ""
    """The uid of the Pod that a container is of."""
    pids_limit: int = 0
    """Processes that the Pod may have; 0: as many as the machine."""


class Growth(Struct, omit_defaults=True):
    """A process takes `step` bytes more each `period_ms`, up to `most`, since an instant."""

    since_ms: int
    step: int
    period_ms: int
    most: int


class Process(Struct, omit_defaults=True):
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
    started: bool = False
    """Its program has run its first step."""
    number: int = 0
    """Its pid as seen in its pid namespace."""
    group: int = 0
    """The process group (pid of its leader) that a terminal's signals go to."""
    caught: list[str] = field(default_factory=list)
    """Signals that wake it, besides those that its program always handles."""
    ignored: list[str] = field(default_factory=list)
    """Signals that it ignores; children inherit them."""
    signals: list[str] = field(default_factory=list)
    """Signals that have arrived and were not delivered yet."""
    held: str = ""
    """Why it does not run: `stop`, or the name of a full pipe."""
    seen: list[ObjectChange] = field(default_factory=list)
    """What a `Watch` has come upon; the program takes it when it goes on."""
    woken: bool = False
    """It was to go on while it was held."""
    ended_by: str = ""
    ended_ms: int = 0
    memory: int = 0
    """Bytes that it holds (of a growing one: that it began with); see `linux.memory.held`."""
    growth: Growth | None = None
    follows: bool = False
    """It waits for changes of its host's files (`tail -f`)."""
    ports: list[int] = field(default_factory=list)
    """TCP ports that it listens on; UDP ones are negative."""


class HttpRequest(Struct):
    """What a program that listens is asked."""

    method: str
    path: str
    host: str = ""
    client: str = ""
    """The asker's address."""
    headers: dict[str, str] = field(default_factory=dict)
    body: str = ""


class HttpResponse(Struct):
    """What it answers, after `after_ms`; `hang`: never."""

    status: int
    body: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    after_ms: int = 1
    hang: bool = False


class Context(Protocol):
    """What a program can do: its process' view of the machine. Built by `linux.context`."""

    @property
    def world(self) -> World: ...
    @property
    def linux(self) -> Linux: ...
    @property
    def network(self) -> Network: ...
    @property
    def process(self) -> Process: ...
    @property
    def host(self) -> Host: ...
    @property
    def image(self) -> Image: ...
    @property
    def busybox(self) -> bool:
        """Whether the tools here speak BusyBox' words (else GNU's)."""

    @property
    def files(self) -> HostFiles: ...
    def memory(self, type_: type[T]) -> T:
        """What the program remembers, as a Struct of that type (made with its defaults at first)."""

    def out(self, text: str) -> None:
        """Write to standard output; BrokenPipeError (let it pass: it ends the process by SIGPIPE)."""

    def err(self, text: str) -> None: ...
    def write(self, fd: int, text: str) -> None: ...
    def read(self, fd: int = 0) -> str | None:
        """What has arrived on `fd`: text, "" for nothing yet, None at its end."""

    def read_line(self, fd: int = 0) -> str | None:
        """One line with its LF (the last one may lack it), "" for nothing yet, None at the end."""

    def open(self, path: str, mode: str) -> str:
        """The stream of a file (`r`, `w`, `a`), to be given to a child or to `set_fd`; OSError."""

    def set_fd(self, fd: int, name: str | None) -> None:
        """Let a descriptor lead to that stream (None: close it)."""

    def spawn(
        self,
        argv: list[str],
        *,
        env: dict[str, str] | None = None,
        cwd: str | None = None,
        fds: dict[int, str] | None = None,
        host: str | None = None,
        state: dict[str, Any] | None = None,
        group: int | None = None,
    ) -> int:
        """Start a child (FileNotFoundError, PermissionError, BlockingIOError: too many processes); returns its pid.

        `state`: what it remembers already (a forked shell); `group`: 0 makes it leader of a new one, None leaves it in ours.
        """

    def kill(self, pid: int, signal: str) -> None: ...
    def exec(self, argv: list[str]) -> Wait:
        """Become another program (errors as of `spawn`); return what this gives."""

    def exit_code(self, pid: int) -> int | None:
        """The code of an ended child (which is thereby reaped: ask once), None while it runs."""

    def is_tty(self, fd: int) -> bool: ...
    @property
    def terminal(self) -> str:
        """The terminal's name, "" for none."""

    @property
    def columns(self) -> int: ...
    def prompt(self, text: str) -> None:
        """Ask the terminal for a line (then wait with `Read`)."""

    def foreground(self, group: int) -> None:
        """Let that process group read the terminal and get its signals."""

    def listen(self, port: int) -> bool:
        """Listen on a TCP port (UDP: negative); False when somebody in this network already does."""

    def touch(self) -> None:
        """Say that something changed here that a probe may look at."""


class Program(Protocol):
    """Code for processes. `handles`: signals that wake it instead of their default action."""

    @property
    def handles(self) -> frozenset[str]: ...

    def start(self, ctx: Context) -> Wait: ...
    def resume(self, ctx: Context, wake: Wake) -> Wait: ...


class Server(Protocol):
    """A program that answers on the ports that it listens on (`ctx.listen`); known by its having `serve`."""

    def serve(self, ctx: Context, port: int, request: HttpRequest) -> HttpResponse | None:
        """The answer; None: the port speaks no HTTP (whoever asks waits in vain)."""


class Acceptor(Protocol):
    """A program that wants to know of connections that ask for nothing; known by its having `accept`."""

    def accept(self, ctx: Context, port: int) -> None:
        """Somebody has connected."""


ExitHandler = Callable[[str, int, str], None]
"""Called with the owner's key, the exit code, and the signal's name ("" if it ended by itself)."""


class LinuxApi(Protocol):
    """What the kubelet (through containerd) and the network use of the machines' kernel."""

    def open_host(self, host: Host) -> None: ...
    def close_host(self, name: str) -> None:
        """All its processes end at once, its files are gone (volumes stay until `drop_volume`)."""

    def spawn(
        self, host: str, argv: list[str], *, env: dict[str, str], cwd: str, fds: dict[int, str], owner: str = "", parent: int = 0
    ) -> int:
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
