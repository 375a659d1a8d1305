"""Process numbers: how many a machine has, how many a Pod may use, and whether one more process can be made.

A machine of the lab has `PID_MAX` (a sysctl, kernel.pid_max): few enough that a fork bomb is soon at its end. A Pod's cgroup may
have fewer (`podPidsLimit`). What is started from outside (a container's first process, exec) is always granted.

Upstream: kernel/pid.c, kernel/cgroup/pids.c; pkg/kubelet/stats/pidlimit (what counts as running). Left out: threads, RLIMIT_NPROC.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from podlab.sim.linux.types import Host, Process

if TYPE_CHECKING:
    from podlab.sim.linux.linux import Linux

PID_MAX = 1024
OWN_MAX = 100
"""As many may run on the workstation: its session's limit (ulimit -u)."""
GIVING_UP_MS = 1000
EACH_MS = 20
"""A machine full of processes has little time for each: one that cannot fork gives up the later the more there are."""


class Pids:
    """The process numbers of all machines. `on_made(listener)`: called with a node's name when a process was made on it."""

    def __init__(self, linux: Linux) -> None:
        self._linux = linux
        self._listeners: list[Callable[[str], None]] = []

    def on_made(self, listener: Callable[[str], None]) -> None:
        """`listener(node)` is called for each process that another one made there."""
        self._listeners.append(listener)

    def of_node(self, node: str) -> int:
        """The processes of a machine, those of its containers too."""
        hosts = self._linux.state.hosts
        return sum(hosts[each.host].node == node for each in self._running())

    def of_host(self, host: str) -> int:
        """The processes of one host."""
        return sum(each.host == host for each in self._running())

    def room(self, host: Host) -> bool:
        """Whether a process of this host can make another one."""
        if not host.node:
            return self.of_host(host.name) < OWN_MAX
        if self.of_node(host.node) >= PID_MAX:
            return False
        return not host.pids_limit or self._of_pod(host.pod) < host.pids_limit

    def made(self, host: Host) -> None:
        """A process of this host has made another one."""
        for listener in self._listeners:
            if host.node:
                listener(host.node)

    def patience_ms(self, host: Host) -> int:
        """How long a process that can make no other goes on before it gives up."""
        return max(GIVING_UP_MS, EACH_MS * (self.of_node(host.node) if host.node else self.of_host(host.name)))

    def _of_pod(self, pod: str) -> int:
        hosts = self._linux.state.hosts
        return sum(hosts[each.host].pod == pod for each in self._running())

    def _running(self) -> list[Process]:
        return [each for each in self._linux.state.processes.values() if each.exit_code is None]
