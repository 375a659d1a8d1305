"""Machines without a cluster around them: a workstation, a node, and containers, for tests of what runs on them."""

from __future__ import annotations

import msgspec
from msgspec import Struct, field

from podlab.sim import images, shell
from podlab.sim.apiserver.server import ApiServer
from podlab.sim.apiserver.store import StoreState
from podlab.sim.changes import Change
from podlab.sim.images import find_image
from podlab.sim.images.machines import NODE, WORKSTATION
from podlab.sim.linux.linux import Linux
from podlab.sim.linux.state import LinuxState
from podlab.sim.linux.types import Host, Mount
from podlab.sim.network.network import Network
from podlab.sim.network.state import NetworkState
from podlab.sim.timings import load as load_timings
from podlab.sim.world import World, WorldState

ZERO_MS = 1_767_571_200_000
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


class State(Struct):
    """All that there is."""

    world: WorldState = field(default_factory=lambda: WorldState(seed=1, zero_ms=ZERO_MS))
    store: StoreState = field(default_factory=StoreState)
    linux: LinuxState = field(default_factory=LinuxState)
    network: NetworkState = field(default_factory=NetworkState)
    ends: list[tuple[str, int, int, str]] = field(default_factory=list)


class Done(Struct):
    """How a line ended: what it wrote, its code (None: it runs still), and how long it took."""

    out: str
    err: str
    code: int | None
    ms: int


class Machines:
    """The machines' kernel by itself; processes with the owner `test KEY` are noted when they end."""

    def __init__(self, state: State | None = None) -> None:
        self.state = state or State()
        self.world = World(self.state.world, load_timings())
        self.api = self.world.api = ApiServer(self.world, self.state.store)
        self.linux = Linux(self.world, self.state.linux, shell.PROGRAMS | images.PROGRAMS)
        self.network = Network(self.world, self.state.network, self.linux)
        self.linux.on_exit("test", lambda key, code, signal: self.state.ends.append((key, self.world.now, code, signal)))
        if state is None:
            self.linux.open_host(Host("workstation", "workstation", image=WORKSTATION))
            self.linux.open_host(Host("node/node-1", "node-1", image=NODE, node="node-1", network="node/node-1"))

    def again(self) -> Machines:
        """The same, saved and loaded."""
        return Machines(msgspec.msgpack.decode(msgspec.msgpack.encode(self.state), type=State))

    def container(
        self,
        name: str = "box",
        image: str = "busybox:1.36",
        *,
        mounts: list[Mount] | None = None,
        memory: int = 0,
        network: str = "",
        address: str = "",
    ) -> str:
        """Open a container's host; its name."""
        host = f"container/{name}"
        self.linux.open_host(
            Host(host, name, image=image, node="node-1", mounts=mounts or [], memory_limit=memory, network=network or name, address=address)
        )
        return host

    def start(self, host: str, argv: list[str], key: str = "first", *, log: str = "") -> int:
        """Start a process, as a container runtime would."""
        out = f"log:{log}" if log else "null"
        return self.linux.spawn(
            host, argv, env={"PATH": PATH, "HOME": "/root"}, cwd="/", fds={0: "null", 1: out, 2: out}, owner=f"test {key}"
        )

    def image_of(self, host: str) -> list[str]:
        """The command line of the host's image."""
        image = find_image(self.linux.state.hosts[host].image)
        return [*image.entrypoint, *image.command]

    def run(self, host: str, line: str, *, shell: str = "sh", within_ms: int = 60_000, home: str = "/root") -> Done:
        """Run a line there to its end, at most so long."""
        begun, key = self.world.now, f"run {self.world.now} {self.linux.state.next_pid}"
        self.linux.spawn(
            host,
            [shell, "-c", line],
            env={"PATH": PATH, "HOME": home},
            cwd="/",
            fds={0: "null", 1: "buffer:out", 2: "buffer:err"},
            owner=f"test {key}",
        )
        while not self.end_of(key) and (upcoming := self.world.kernel.peek()) is not None and upcoming <= begun + within_ms:
            self.world.kernel.step()
        end = self.end_of(key)
        return Done(
            self.linux.take_buffer("out"),
            self.linux.take_buffer("err"),
            end[2] if end else None,
            (end[1] if end else self.world.now) - begun,
        )

    def end_of(self, key: str) -> tuple[str, int, int, str] | None:
        """(key, instant, code, signal) of a process that has ended."""
        return next((each for each in self.state.ends if each[0] == key), None)

    def wait(self, ms: int) -> None:
        """Let time pass."""
        self.world.kernel.run_until(self.world.now + ms)

    def told(self) -> list[Change]:
        """The changes since the last call."""
        taken, self.world.changes = self.world.changes, []
        return taken
