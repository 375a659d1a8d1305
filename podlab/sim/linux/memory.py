"""Memory of machines: what each process holds now, when a limit will be crossed, and whom the kernel ends then.

A process that takes memory by and by has a `Growth`: what it holds is computed, and so is the instant at which its container's or its
machine's memory is used up. Timer: `linux.memory <host>`, set for that instant alone. Beyond a container's limit all of it ends (cgroup
v2); when the machine has none left, the container of the process with the highest score does.

Upstream: mm/oom_kill.c (oom_badness), kernel/cgroup (memory.max, memory.oom.group). Left out: page cache, swap, memory.high.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from podlab.sim.changes import Held, MemorySeen
from podlab.sim.linux.state import LinuxState
from podlab.sim.linux.types import Growth, Host, Process

if TYPE_CHECKING:
    from podlab.sim.linux.linux import Linux

SystemOom = Callable[[str, Process], None]


def held(process: Process, now: int) -> int:
    """The bytes that a process holds at that instant."""
    growth = process.growth
    if growth is None:
        return process.memory
    return min(growth.most, process.memory + max(0, now - growth.since_ms) // growth.period_ms * growth.step)


def _hold(process: Process) -> Held:
    growth = process.growth
    if growth is None:
        return Held(process.memory)
    return Held(process.memory, growth.since_ms, growth.step, growth.period_ms, growth.most)


def _full_ms(process: Process) -> int:
    """When a process has taken all that it will."""
    growth = process.growth
    if growth is None or growth.most <= process.memory:
        return 0
    return growth.since_ms - (process.memory - growth.most) // growth.step * growth.period_ms


class Memory:
    """The memory of all machines. `on_system_oom` is told of each victim of a machine that has no memory left."""

    def __init__(self, linux: Linux) -> None:
        self._linux = linux
        self._state: LinuxState = linux.state
        self._world = linux.world
        self._listeners: list[SystemOom] = []
        self._world.kernel.handle("linux.memory", self._look)

    def on_system_oom(self, listener: SystemOom) -> None:
        """`listener(node, victim)` is called for each process that ends because its machine is out of memory."""
        self._listeners.append(listener)

    def of(self, process: Process) -> int:
        """The bytes that a process holds now."""
        return held(process, self._world.now)

    def of_host(self, host: str) -> int:
        """The bytes that the processes of a host hold now."""
        return self._total(self._on_host(host), self._world.now)

    def of_node(self, node: str) -> int:
        """The bytes that the processes of a machine hold which run outside of its containers."""
        return self.of_host(f"node/{node}")

    def take(self, process: Process, size: int) -> None:
        """The process holds so many bytes from now on."""
        before = _hold(process)
        process.memory, process.growth = size, None
        self._settle(process, before)

    def grow(self, process: Process, step: int, period_ms: int, most: int) -> None:
        """The process takes `step` bytes more each `period_ms`, up to `most`."""
        before = _hold(process)
        process.memory, process.growth = self.of(process), None
        if step > 0 and process.memory < most:
            process.growth = Growth(self._world.now, step, period_ms, most)
        self._settle(process, before)

    def tell(self, host: str) -> None:
        """Say what the processes of a host hold from now on."""
        self._world.tell(self.seen(host, self._world.number()))

    def seen(self, host: str, n: int = 0) -> MemorySeen:
        """What the processes of a host hold from now on."""
        return MemorySeen(self._world.now, n, host, [_hold(each) for each in self._on_host(host) if each.memory or each.growth])

    def all_seen(self) -> list[MemorySeen]:
        """The same of every host whose processes hold anything."""
        holding = {each.host: None for each in self._state.processes.values() if each.memory or each.growth}
        return [self.seen(host) for host in holding]

    def crosses(self, processes: Iterable[Process], limit: int) -> int | None:
        """The first instant, from now on, at which these processes hold more than `limit` bytes together; None: never, as things are."""
        processes, now = list(processes), self._world.now
        low, high = now, max([now, *map(_full_ms, processes)])
        if self._total(processes, high) <= limit:
            return None
        while low < high:
            middle = (low + high) // 2
            if self._total(processes, middle) > limit:
                high = middle
            else:
                low = middle + 1
        return low

    def on_node(self, node: str) -> list[Process]:
        """All processes of a machine, those of its containers too."""
        hosts = self._state.hosts
        return [each for each in self._state.processes.values() if each.exit_code is None and hosts[each.host].node == node]

    def _on_host(self, host: str) -> list[Process]:
        return [each for each in self._state.processes.values() if each.host == host and each.exit_code is None]

    @staticmethod
    def _total(processes: Iterable[Process], now: int) -> int:
        return sum(held(each, now) for each in processes)

    def _settle(self, process: Process, before: Held) -> None:
        host = self._state.hosts[process.host]
        self._linux.touch(host.name)
        if _hold(process) != before:
            self.tell(host.name)
        self._look(host.name)
        if host.node and host.name != f"node/{host.node}":
            self._look(f"node/{host.node}")

    def _look(self, name: str) -> None:
        """End what must end for want of memory on that host, or note when that will be."""
        host = self._state.hosts.get(name)
        if host is None or not host.memory_limit:
            return
        machine = name == f"node/{host.node}"
        processes = self.on_node(host.node) if machine else self._on_host(name)
        at = self.crosses(processes, host.memory_limit)
        if at is None:
            self._world.kernel.cancel("linux.memory", name)
        elif at > self._world.now:
            self._world.kernel.at(at, "linux.memory", name)
        elif machine:
            self._end_one(host, processes)
        else:
            self._end_all(processes)

    def _end_all(self, processes: list[Process]) -> None:
        for each in sorted(processes, key=lambda one: one.number):
            self._linux.processes.oom_kill(each.pid)

    def _end_one(self, machine: Host, processes: list[Process]) -> None:
        victim = max(processes, key=lambda each: (self.score(each, machine), -each.pid))
        for listener in self._listeners:
            listener(machine.node, victim)
        first = victim.host != machine.name
        self._end_all(self._on_host(victim.host) if first else [victim])
        self._look(machine.name)

    def score(self, process: Process, machine: Host) -> int:
        """What the kernel ranks by: the share of the machine's memory, in thousandths, and its adjustment."""
        return 1000 * self.of(process) // machine.memory_limit + self._state.hosts[process.host].oom_score_adj
