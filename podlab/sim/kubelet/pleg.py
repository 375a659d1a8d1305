"""The pod lifecycle event generator: looks at the runtime on whole seconds, and at one Pod right after a sync that did something.

What a look finds changed asks for a sync, one for each change. Timer: `kubelet.relist <pod uid>`.

Upstream: pkg/kubelet/pleg/generic.go. Left out: looks that find nothing (a quiet runtime costs no event).
"""

from __future__ import annotations

from collections.abc import Callable

from podlab.sim.containerd.types import Container
from podlab.sim.kubelet.core import Core, whole_second
from podlab.sim.kubelet.state import Worker


class Pleg:
    """`changed(worker, n)`: a look found n changes that ask for a sync."""

    def __init__(self, core: Core, changed: Callable[[Worker, int], None]) -> None:
        self.core = core
        self._changed = changed
        core.world.kernel.handle("kubelet.relist", self._relist)
        core.containerd.on_exit(self._exited)

    def _exited(self, container: Container) -> None:
        worker = self.core.state.workers.get(container.pod)
        if worker is not None:
            if not worker.kills:
                self.core.because(worker, "CS-2", container=container.name, code=container.exit_code, reason=container.reason)
            self._arm(worker, self.core.now)

    def _arm(self, worker: Worker, after_ms: int) -> None:
        if not self.core.node(worker.node).down:
            self.core.world.kernel.sooner(whole_second(after_ms), "kubelet.relist", worker.uid)

    def after(self, worker: Worker) -> None:
        """Look at the next whole second after a sync, if there is something to see."""
        if self._states(worker) != worker.seen:
            self._arm(worker, worker.synced_ms)

    def _states(self, worker: Worker) -> dict[str, str]:
        runtime = self.core.runtime(worker)
        states = {each.id: "ready" if each.ready else "not ready" for each in runtime.sandboxes}
        return states | {each.id: each.state for each in runtime.containers}

    def _relist(self, uid: str) -> None:
        worker = self.core.state.workers.get(uid)
        if worker is None or self.core.node(worker.node).down:
            return
        started, ended = self.refresh(worker)
        if started or ended:
            self._changed(worker, ended + bool(started))

    def look(self, worker: Worker) -> None:
        """Look at a Pod now, because its sync did something. (At the regular look the starts of one Pod come as one: the worker is idle then.)"""
        started, ended = self.refresh(worker)
        if started or ended:
            self._changed(worker, started + ended)

    def refresh(self, worker: Worker) -> tuple[int, int]:
        """Bring what is known of a Pod up to date; returns how many starts and ends were found (removals do not count)."""
        new = self._states(worker)
        changed = [state for identity, state in new.items() if state != worker.seen.get(identity) and state != "created"]
        worker.seen, worker.fresh = new, True
        started = sum(state in ("ready", "running") for state in changed)
        return started, len(changed) - started
