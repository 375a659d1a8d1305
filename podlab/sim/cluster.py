"""The cluster: all components wired to one world, its state one value that can be saved and loaded at any instant.

Upstream: none (kubeadm and the machines). Left out: nothing.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any, Protocol

import msgspec
from msgspec import Struct, field
from msgspec.structs import replace

from podlab.sim import boot as kubeadm
from podlab.sim import images, kubectl, shell
from podlab.sim.api.quantities import whole
from podlab.sim.api.resources import RESOURCES
from podlab.sim.apiserver.server import ApiServer
from podlab.sim.apiserver.store import StoreState
from podlab.sim.changes import Change, Noticed, Obj, Seen, Verdict
from podlab.sim.checkpoint import pack, unpack
from podlab.sim.commands import CloseTerminal, Command, EndOfFile, Fault, OpenTerminal, Predict, Resize, SaveFile, Signal, TypeLine
from podlab.sim.containerd.containerd import Containerd
from podlab.sim.containerd.types import ContainerdState
from podlab.sim.controllers.base import ControllersState
from podlab.sim.controllers.registry import ControllerManager
from podlab.sim.errors import SimulationBug, StatusError
from podlab.sim.faults import Faults
from podlab.sim.images.machines import NODE, WORKSTATION
from podlab.sim.kubelet.kubelet import Kubelet
from podlab.sim.kubelet.state import KubeletState
from podlab.sim.linux.linux import Linux
from podlab.sim.linux.state import LinuxState
from podlab.sim.linux.terminal import TerminalView
from podlab.sim.linux.types import Host
from podlab.sim.network.network import Network
from podlab.sim.network.state import NetworkState
from podlab.sim.presets import NodePreset, Preset
from podlab.sim.presets import load as load_preset
from podlab.sim.scheduler.scheduler import Scheduler
from podlab.sim.scheduler.state import SchedulerState
from podlab.sim.timings import load as load_timings
from podlab.sim.world import World, WorldState

ENGINE = "1"
"""The engine's revision: a journal is replayed only by the revision that wrote it."""
BOOT_ZERO_MS = 1_000_000_000_000
HOME = "/home/learner"
STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{6})?Z")


class Script(Struct):
    """A line that runs outside any terminal: its exit code, once it has ended, and when."""

    code: int | None = None
    ended_ms: int = 0


class State(Struct):
    """Everything there is. One field a room."""

    preset: str = ""
    world: WorldState = field(default_factory=WorldState)
    store: StoreState = field(default_factory=StoreState)
    linux: LinuxState = field(default_factory=LinuxState)
    network: NetworkState = field(default_factory=NetworkState)
    containerd: ContainerdState = field(default_factory=ContainerdState)
    kubelet: KubeletState = field(default_factory=KubeletState)
    scheduler: SchedulerState = field(default_factory=SchedulerState)
    controllers: ControllersState = field(default_factory=ControllersState)
    scripts: list[Script] = field(default_factory=list)
    lesson: str = ""
    """The lesson that it belongs to, `pack/slug@version`; "": none."""
    observed: Any = None
    """Data of whoever observes the cluster; it belongs to every checkpoint."""


class Result(Struct):
    """What a script printed: `both` is standard output followed by standard error."""

    code: int | None
    ended_ms: int
    out: str
    err: str

    @property
    def both(self) -> str:
        return self.out + self.err


class Snapshot(Struct):
    """All that a page needs to begin with: full objects, the terminals, and what was told last of things that are no objects."""

    t: int
    objects: list[Obj]
    terminals: list[TerminalView]
    seen: list[Seen] = field(default_factory=list)


class Observer(Protocol):
    """Somebody who looks on, such as a lesson's goals. It keeps what it knows in `State.observed`, and never changes the cluster itself."""

    def noticed(self, what: Noticed) -> None:
        """Something was told, inside the write: only enqueue."""

    def due(self, key: str) -> None:
        """The time of `Cluster.wake(key)` has come."""

    def predicted(self, name: str, value: Any) -> None:
        """The learner said what she expects."""


_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(State)
_freezer = msgspec.msgpack.Encoder()
_thawer = msgspec.msgpack.Decoder(State)


class Cluster:
    """One learner's cluster."""

    def __init__(self, state: State) -> None:
        self.state = state
        world = self.world = World(state.world, load_timings() | state.world.timings)
        self.api = world.api = ApiServer(world, state.store)
        programs = shell.PROGRAMS | images.PROGRAMS | kubectl.PROGRAMS
        self.linux = Linux(world, state.linux, programs)
        self.linux.on_exit("script", self._script_ended)
        self.network = Network(world, state.network, self.linux)
        self.containerd = Containerd(world, state.containerd, self.linux, self.network)
        self.kubelet = Kubelet(world, state.kubelet, self.containerd, self.linux, self.network)
        self.faults = Faults(self.kubelet, self.containerd, self.linux, self.network)
        self.scheduler = Scheduler(world, state.scheduler)
        self.controllers = ControllerManager(world, state.controllers)
        self.observer: Observer | None = None
        world.kernel.handle("observer", self._observer_due)

    @classmethod
    def bare(cls, preset: str = "", *, seed: int = 0, zero_ms: int = BOOT_ZERO_MS) -> Cluster:
        """A cluster in which nothing has happened yet."""
        return cls(State(preset=preset, world=WorldState(seed=seed, zero_ms=zero_ms)))

    @staticmethod
    def boot(preset: str) -> bytes:
        """The preset's cluster at virtual zero, ten minutes old: for `start`."""
        cluster = Cluster.bare(preset)
        cluster.boot_preset(load_preset(preset))
        cluster.advance(0)
        return cluster.dump()

    @classmethod
    def start(cls, boot: bytes, seed: int, zero_ms: int) -> Cluster:
        """A learner's own cluster out of a booted one; `zero_ms` is the wall time of virtual zero (cut to whole seconds)."""
        state = _unpacked(boot)
        zero_ms -= zero_ms % 1000
        later = timedelta(milliseconds=zero_ms - state.world.zero_ms)
        state.world.seed, state.world.zero_ms = seed, zero_ms
        cluster = cls(state)
        cluster.api.store.change_all(lambda obj: _shift(obj, later))
        return cluster

    @classmethod
    def load(cls, data: bytes) -> Cluster:
        """A cluster out of `dump`'s bytes."""
        return cls(_unpacked(data))

    def dump(self) -> bytes:
        """The whole cluster as bytes."""
        beside = replace(self.state, store=replace(self.state.store, objects={}, managed={}))
        return pack(_encoder.encode(beside).decode(), self.api.store.folded())

    @classmethod
    def thaw(cls, data: bytes, settled: int) -> Cluster:
        """A cluster out of `freeze`'s bytes, in which nothing has happened since `settled`."""
        cluster = cls(_thawer.decode(data))
        cluster.world.kernel.settled = settled
        return cluster

    def freeze(self) -> bytes:
        """The whole cluster for `thaw` in this very process: larger than a dump, but ten times as quick."""
        return _freezer.encode(self.state)

    @property
    def now(self) -> int:
        return self.world.now

    @property
    def settled(self) -> int:
        """The instant of the last thing that happened; since then only the clock has moved."""
        return self.world.kernel.settled

    def rewind(self, t_ms: int) -> None:
        """Set the clock back to an instant since which nothing has happened."""
        if t_ms < self.settled:
            raise SimulationBug(f"at {self.settled} ms something happened: no way back to {t_ms} ms")
        self.world.kernel.state.now = t_ms

    def peek(self) -> int | None:
        """The instant of the next event; None: nothing will happen by itself."""
        return self.world.kernel.peek()

    def advance(self, until_ms: int, steps: int | None = None) -> bool:
        """Run everything that is due up to `until_ms`; False when `steps` did not suffice."""
        return self.world.kernel.run_until(until_ms, steps)

    def take_changes(self) -> list[Change]:
        """What was told since the last call."""
        taken, self.world.changes = self.world.changes, []
        return taken

    def snapshot(self) -> Snapshot:
        """The whole cluster as a page shows it, now."""
        terminals = self.linux.terminals
        objects = [
            {"apiVersion": row.api_version, "kind": row.kind, **obj}
            for plural, row in RESOURCES.items()
            for obj in self.api.store.every(plural)
        ]
        seen: list[Seen] = [
            *self.kubelet.prober.seen(),
            *self.linux.memory.all_seen(),
            *self.scheduler.seen(),
            *self.kubelet.eviction.seen(),
        ]
        return Snapshot(self.now, objects, [terminals.view(name) for name in terminals.names()], seen)

    def apply(self, command: Command) -> None:
        """Do what the learner did, now; StatusError where it cannot be done."""
        self.world.kernel.settled = self.now
        terminals = self.linux.terminals
        if isinstance(command, SaveFile):
            self._save(command)
        elif isinstance(command, Fault):
            self.faults.apply(command)
        elif isinstance(command, Predict):
            if self.observer is None:
                raise StatusError("BadRequest", "not supported in this lab: a prediction outside of a lesson")
            self.observer.predicted(command.id, command.value)
        elif isinstance(command, OpenTerminal):
            terminals.open(command.terminal, command.columns, command.rows)
        elif isinstance(command, TypeLine | Signal | EndOfFile | Resize | CloseTerminal):
            self._type(command)
        else:
            raise StatusError("BadRequest", f"not supported in this lab: {type(command).__name__}")

    def observe(self, observer: Observer) -> None:
        """Let somebody look on from now on."""
        self.observer = observer
        self.world.observer = observer.noticed

    def wake(self, t_ms: int, key: str) -> None:
        """Have the observer's `due` called at `t_ms`."""
        self.world.kernel.at(t_ms, "observer", key)

    def find_out(self, about: str, name: str, data: dict[str, Any]) -> None:
        """Tell what the observer has found."""
        self.world.tell(Verdict(self.now, self.world.number(), about, name, data))

    def _observer_due(self, key: str) -> None:
        if self.observer is not None:
            self.observer.due(key)

    def _save(self, command: SaveFile) -> None:
        try:
            self.write_file(command.path, command.text)
        except OSError as error:
            raise StatusError(
                "BadRequest", f"{command.path}: {error.strerror}; nothing was saved (a file holds at most 512 KB in this lab)"
            ) from None

    def _type(self, command: TypeLine | Signal | EndOfFile | Resize | CloseTerminal) -> None:
        terminals, name = self.linux.terminals, command.terminal
        if isinstance(command, CloseTerminal):
            terminals.close(name)
            return
        if terminals.find(name) is None:
            terminals.open(name)
        if isinstance(command, TypeLine):
            terminals.line(name, command.text)
        elif isinstance(command, Signal):
            terminals.signal(name, command.name)
        elif isinstance(command, EndOfFile):
            terminals.eof(name)
        else:
            terminals.resize(name, command.columns, command.rows)

    def write_file(self, path: str, text: str) -> None:
        """Write a file on the workstation; relative paths start at the learner's home."""
        self.linux.write_file("workstation", path if path.startswith("/") else f"{HOME}/{path}", text)

    def script(self, line: str, *, host: str = "workstation") -> int:
        """Start a shell line without a terminal; its number, for `result`."""
        number = len(self.state.scripts)
        self.state.scripts.append(Script())
        cwd = HOME if host == "workstation" else "/root"
        fds = {0: "null", 1: f"buffer:script-{number}-out", 2: f"buffer:script-{number}-err"}
        env = {"HOME": cwd, "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "PWD": cwd}
        self.linux.spawn(host, ["bash", "-c", line], env=env, cwd=cwd, fds=fds, owner=f"script {number}")
        return number

    def _script_ended(self, key: str, code: int, signal: str) -> None:
        self.state.scripts[int(key)] = Script(code, self.now)

    def result(self, number: int) -> Result:
        """What a script has printed since the last call, and its exit code once it has ended."""
        script = self.state.scripts[number]
        out, err = (self.linux.take_buffer(f"script-{number}-{name}") for name in ("out", "err"))
        return Result(script.code, script.ended_ms, out, err)

    def finish(self, number: int, *, within_ms: int = 600_000) -> Result:
        """Let time pass until a script has ended, at most `within_ms`."""
        end = self.now + within_ms
        while self.state.scripts[number].code is None and (upcoming := self.peek()) is not None and upcoming <= end:
            self.world.kernel.step()
        return self.result(number)

    def boot_preset(self, preset: Preset) -> None:
        """Bring the machines of a preset up, ten minutes before virtual zero."""
        world = self.world
        world.kernel.state.now = kubeadm.BORN_MS
        home = {f"{HOME}/{name}": text for name, text in preset.files.items()}
        self.linux.open_host(Host("workstation", "workstation", image=WORKSTATION, files=home))
        kubeadm.namespaces(world)
        self.advance(kubeadm.BORN_MS + 1000)
        for number, name in enumerate([preset.control_plane, *preset.workers]):
            if number == 1:
                self.advance(kubeadm.BORN_MS + kubeadm.JOINED_MS)
            self._join(preset, name, number)

    def _join(self, preset: Preset, name: str, number: int) -> None:
        kubeadm.join(self.world, preset, name, number)
        capacity = whole((preset.capacity | preset.nodes.get(name, NodePreset()).capacity).get("memory", 0))
        self.linux.open_host(Host(f"node/{name}", name, image=NODE, node=name, network=f"node/{name}", memory_limit=capacity))
        if preset.stocked:
            self.containerd.stock_all(name, preset.unstocked)
        if number == 0:
            kubeadm.services(self.world)
            if preset.storage_class:
                kubeadm.storage_class(self.world)
            if preset.system_pods:
                kubeadm.control_plane(self.world, name)
            kubeadm.coredns(self.world)
        if preset.system_pods:
            kubeadm.kube_proxy(self.world, name)


def _unpacked(data: bytes) -> State:
    text, objects = unpack(data)
    state = _decoder.decode(text)
    if objects:  # a checkpoint of before has them in its text
        state.store.objects = {name: dict(held) for name, held in objects.items()}
    return state


def _shift(value: Any, later: timedelta) -> Any:
    """The value with every API timestamp in it moved."""
    if isinstance(value, dict):
        return {key: _shift(each, later) for key, each in value.items()}
    if isinstance(value, list):
        return [_shift(each, later) for each in value]
    if isinstance(value, str) and STAMP.fullmatch(value):
        moved = datetime.fromisoformat(value.replace("Z", "+00:00")) + later
        return moved.strftime("%Y-%m-%dT%H:%M:%S" + value[19:-1] + "Z")
    return value
