"""The machines: hosts with their files and volumes, over the process table, the streams, logs and terminals.

Upstream: the Linux kernel. Left out: see the rooms below (`processes`, `files`, `streams`, `terminal`).
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from podlab.sim.errors import SimulationBug
from podlab.sim.linux.consoles import Consoles
from podlab.sim.linux.files import HostFiles, Store
from podlab.sim.linux.logs import Logs
from podlab.sim.linux.memory import Memory
from podlab.sim.linux.pids import Pids
from podlab.sim.linux.processes import OOM, Processes
from podlab.sim.linux.sizes import size_of
from podlab.sim.linux.state import LinuxState
from podlab.sim.linux.streams import Streams
from podlab.sim.linux.terminal import Terminals
from podlab.sim.linux.types import ExitHandler, Host, Process, Program
from podlab.sim.world import World

if TYPE_CHECKING:
    from podlab.sim.network.network import Network

__all__ = ["OOM", "Linux"]


class Linux:
    """All machines of the cluster and the workstation. `network` is set by the Network when it is made."""

    network: Network

    def __init__(self, world: World, state: LinuxState, programs: dict[str, Program]) -> None:
        self.world = world
        self.state = state
        self.logs = Logs(world, state.logs)
        self.streams = Streams(self)
        self.processes = Processes(self, programs)
        self.memory = Memory(self)
        self.pids = Pids(self)
        self.terminals = Terminals(self)
        self.consoles = Consoles(self)
        self.processes.on_exit("linux.terminal", self.terminals.ended)
        self._listeners: list[Callable[[str], None]] = []

    # Hosts and their files.

    def open_host(self, host: Host) -> None:
        """A new place for processes."""
        if host.name in self.state.hosts:
            raise SimulationBug(f"the host {host.name} is open already")
        host.files = {path.lstrip("/"): text for path, text in host.files.items()}
        host.opened_ms = self.world.now
        self.state.hosts[host.name] = host

    def close_host(self, name: str) -> None:
        """All its processes end at once, its files are gone (volumes stay until `drop_volume`)."""
        for process in [each for each in self.state.processes.values() if each.host == name]:
            if process.exit_code is None:
                self.processes.end(process, 137, "KILL")
        host = self.state.hosts.pop(name, None)
        self.state.epochs.pop(name, None)
        if host is not None and not any(
            each.pid_namespace == host.pid_namespace for each in self.state.hosts.values() if host.pid_namespace
        ):
            self.state.numbers.pop(self.processes.namespace(host), None)

    def files(self, host: str, cwd: str = "/") -> HostFiles:
        """The files of a host."""
        return HostFiles(self, self.state.hosts[host], cwd)

    def write_file(self, host: str, path: str, text: str) -> None:
        """Write a file from outside, with the directories that it needs."""
        files = self.files(host)
        files.mkdir(posixpath.dirname(files.absolute(path)), parents=True)
        files.write(path, text)

    def read_file(self, host: str, path: str) -> str | None:
        """A file's text as seen on that host, or None."""
        try:
            return self.files(host).read(path)
        except OSError:
            return None

    def usage(self, host: str) -> int:
        """Bytes written over the host's image (what an ephemeral-storage limit counts, logs aside)."""
        return sum(size_of(text) for text in self.state.hosts[host].files.values())

    def disk_of_node(self, node: str) -> int:
        """Bytes that were written on a machine itself, outside of its containers."""
        return self.usage(f"node/{node}") if f"node/{node}" in self.state.hosts else 0

    def volume_usage(self, volume: str) -> int:
        """Bytes in a volume."""
        return sum(size_of(text) for text in self.state.volumes.get(volume, {}).values())

    def set_volume(self, volume: str, files: dict[str, str]) -> None:
        """Replace the contents of a volume (path in it → text); a new one may be empty."""
        held = {path.strip("/") + ("/" if path.endswith("/") else ""): text for path, text in files.items()}
        if self.state.volumes.get(volume) != held:
            self.state.volumes[volume] = held
            self._touch_volume(volume)

    def drop_volume(self, volume: str) -> None:
        """Forget a volume and what is in it."""
        self.state.volumes.pop(volume, None)

    def volume_store(self, volume: str) -> Store:
        """A volume's contents, for the files of those that mount it."""
        return Store(self.state.volumes.setdefault(volume, {}), {}, [], lambda: self._touch_volume(volume))

    def _touch_volume(self, volume: str) -> None:
        for name, host in list(self.state.hosts.items()):
            if any(mount.volume == volume for mount in host.mounts):
                self.touch(name)

    def touch(self, host: str) -> None:
        """Something that a probe may look at changed on that host (and on those that mount its directories)."""
        names = [host]
        if host.startswith("node/"):
            names += [name for name, each in self.state.hosts.items() if any(mount.volume.startswith(f"{host}:") for mount in each.mounts)]
        for name in names:
            self.state.epochs[name] = self.state.epochs.get(name, 0) + 1
            for listener in self._listeners:
                listener(name)
            self.processes.touched(name)

    def on_touch(self, listener: Callable[[str], None]) -> None:
        """`listener(host)` is called at each touch; it only enqueues."""
        self._listeners.append(listener)

    def epoch(self, host: str) -> int:
        """Counts the touches of a host."""
        return self.state.epochs.get(host, 0)

    # Processes, for those who start them from outside.

    def spawn(
        self,
        host: str,
        argv: list[str],
        *,
        env: dict[str, str],
        cwd: str,
        fds: dict[int, str],
        owner: str = "",
        parent: int = 0,
        state: dict[str, Any] | None = None,
    ) -> int:
        """Start a process (FileNotFoundError: no such program or directory; PermissionError); returns its pid. It runs from its next step on."""
        return self.processes.spawn(host, argv, env=env, cwd=cwd, fds=fds, owner=owner, parent=parent, state=state)

    def kill(self, pid: int, signal: str) -> None:
        """Send a signal; a container's PID 1 does not get those that it has no handler for."""
        self.processes.kill(pid, signal)

    def oom_kill(self, pid: int) -> None:
        """The kernel has no memory left for this process: it ends at once, with exit code 137."""
        self.processes.oom_kill(pid)

    def by_number(self, host: str, number: int) -> Process | None:
        """The process that has that pid on that host, or None."""
        return self.processes.by_number(host, number)

    def alive(self, pid: int) -> bool:
        """Whether the process runs."""
        return self.processes.alive(pid)

    def on_exit(self, kind: str, handler: ExitHandler) -> None:
        """Processes whose owner is `kind key` report their end to `handler` (which may act: it runs as a step of its own)."""
        self.processes.on_exit(kind, handler)

    def take_buffer(self, name: str) -> str:
        """What was written to `buffer:<name>`; it is empty afterwards."""
        return self.state.buffers.pop(name, "")

    def log(self, uid: str, container: str, instance: int) -> list[tuple[int, str]]:
        """The log of a container instance: (instant, text) in order."""
        return self.logs.read(f"{uid}/{container}/{instance}")

    def drop_log(self, uid: str, container: str, instance: int) -> None:
        """Forget a log."""
        self.logs.drop(f"{uid}/{container}/{instance}")
