"""A machine without memory: what the kubelet tells of victims outside of containers (R9).

Upstream: pkg/kubelet/oom/oom_watcher_linux.go. Left out: victims inside of containers (their container's end tells of them).
"""

from __future__ import annotations

from podlab.sim.kubelet import events
from podlab.sim.kubelet.core import Core
from podlab.sim.linux.types import Process


class OomWatcher:
    """Listens to the kernels of all machines."""

    def __init__(self, core: Core) -> None:
        self._core = core
        core.linux.memory.on_system_oom(self._ended)

    def _ended(self, node: str, victim: Process) -> None:
        if victim.host == f"node/{node}":
            self._core.node_event(node, events.system_oom(victim.program, victim.pid))
