"""The termination message: what a container left to be read in its status.

Upstream: pkg/kubelet/kuberuntime (getTerminationMessage). Left out: nothing.
"""

from __future__ import annotations

from podlab.sim.containerd.types import Container
from podlab.sim.kubelet.core import Core
from podlab.sim.kubelet.specs import container_named

PATH = "/dev/termination-log"
LONGEST = 4096
LONGEST_IN_POD = 12 * 1024
LOG_LINES = 80
LOG_BYTES = 2048


class TerminationMessages:
    """Reads the message of each container that ends (CS-10)."""

    def __init__(self, core: Core) -> None:
        self.core = core
        core.containerd.on_exit(self._exited)

    def _exited(self, container: Container) -> None:
        worker = self.core.state.workers.get(container.pod)
        if worker is None:
            return
        spec = self.core.pod(worker)["spec"]
        own = container_named(spec, container.name) or {}
        share = LONGEST_IN_POD // max(1, len(spec.get("containers") or ()) + len(spec.get("initContainers") or ()))
        text = self.core.linux.read_file(f"container/{container.id}", own.get("terminationMessagePath") or PATH) or ""
        if not text and container.exit_code and own.get("terminationMessagePolicy") == "FallbackToLogsOnError":
            lines = "".join(part for _, part in self.core.linux.log(container.pod, container.name, container.restarts)).splitlines(
                keepends=True
            )
            text = _end("".join(lines[-LOG_LINES:]), LOG_BYTES)
        container.message = _start(text, min(LONGEST, share))


def _start(text: str, size: int) -> str:
    return text.encode()[:size].decode("utf-8", "ignore")


def _end(text: str, size: int) -> str:
    return text.encode()[-size:].decode("utf-8", "ignore")
