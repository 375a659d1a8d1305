"""Container logs: appended, kept up to a size, told to the world in bulk.

Upstream: the CRI's log files and their rotation. Left out: the files on the node.
"""

from __future__ import annotations

from podlab.sim.changes import Line
from podlab.sim.linux.state import Log
from podlab.sim.world import World

KEPT_BYTES = 256 * 1024
SESSION_BYTES = 2 * 1024 * 1024
FRAME_MS = 100
DROPPED = "[podlab] {bytes} older bytes of this log were dropped: a container keeps 256 KB\n"


class Logs:
    """The logs of all containers, by `<pod uid>/<container>/<instance>`."""

    def __init__(self, world: World, state: dict[str, Log]) -> None:
        self._world = world
        self._state = state
        self._size = sum(each.size for each in state.values())
        world.kernel.handle("linux.log", self._frame)

    def write(self, key: str, text: str) -> None:
        """Append; tells a frame at once, or 100 ms after the last one."""
        log = self._state.get(key)
        if log is None:
            log = self._state[key] = Log()
        log.lines.append((self._world.now, text))
        size = len(text.encode())
        log.size += size
        self._size += size
        if log.size > KEPT_BYTES:
            self._rotate(log)
        if self._size > SESSION_BYTES:
            self._rotate(max(self._state.values(), key=lambda each: each.size), KEPT_BYTES // 8)
        log.pending += text
        self._world.kernel.sooner(max(self._world.now, log.framed + FRAME_MS), "linux.log", key)

    def read(self, key: str) -> list[tuple[int, str]]:
        """(instant, text) in order; what was dropped is said first."""
        log = self._state.get(key)
        if log is None:
            return []
        return [(log.lines[0][0], DROPPED.format(bytes=log.dropped)), *log.lines] if log.dropped else list(log.lines)

    def drop(self, key: str) -> None:
        """Forget a log."""
        gone = self._state.pop(key, None)
        self._size -= gone.size if gone is not None else 0
        self._world.kernel.cancel("linux.log", key)

    def _rotate(self, log: Log, keep: int = KEPT_BYTES // 2) -> None:
        while log.size > keep and len(log.lines) > 1:
            gone = len(log.lines.pop(0)[1].encode())
            log.size -= gone
            self._size -= gone
            log.dropped += gone

    def _frame(self, key: str) -> None:
        log = self._state.get(key)
        if log is None or not log.pending:
            return
        uid, container, _ = key.rsplit("/", 2)
        if not log.pod:
            self._find_pod(log, uid)
        text, log.pending, log.framed = log.pending, "", self._world.now
        self._world.tell(Line(self._world.now, self._world.number(), uid, log.namespace, log.pod, container, text))

    def _find_pod(self, log: Log, uid: str) -> None:
        for pod in self._world.api.list("pods"):
            if pod["metadata"]["uid"] == uid:
                log.namespace, log.pod = pod["metadata"]["namespace"], pod["metadata"]["name"]
