"""Pod workers: which Pod is synced when, and what comes after a sync.

A worker goes through `syncing`, `terminating` (containers are being stopped), `terminated` (they have been), `finished`. Timers, keyed by Pod
uid: `kubelet.sync` (start a sync), `kubelet.step` (go on with the one that runs), `kubelet.queue` (the work queue's entry is due).

Upstream: pkg/kubelet/pod_workers.go. Left out: static Pods waiting for their predecessor.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from podlab.sim.kubelet.core import Core, whole_second
from podlab.sim.kubelet.pleg import Pleg
from podlab.sim.kubelet.state import Stage, Worker

RESYNC_MS = 60_000
ERROR_MS = 10_000
NETWORK_MS = 1_000


class Syncer(Protocol):
    """What a sync does, stage by stage: fill `worker.steps`, then carry them out."""

    def begin(self, worker: Worker) -> None: ...
    def step(self, worker: Worker, step: list[str]) -> bool: ...
    def unsettled(self, worker: Worker) -> bool: ...


class PodWorkers:
    """The workers of all kubelets. A sync runs its steps one after another; a step that waits is gone on with by `resume`."""

    def __init__(self, core: Core) -> None:
        self.core = core
        self.pleg = Pleg(core, self._events)
        self.syncer: Syncer
        self.on_finished: Callable[[Worker], None]
        for name, handler in (("sync", self._start), ("step", self._step), ("queue", self._queue)):
            core.world.kernel.handle(f"kubelet.{name}", handler)

    def _worker(self, uid: str) -> Worker | None:
        worker = self.core.state.workers.get(uid)
        return None if worker is None or self.core.node(worker.node).down else worker

    def _events(self, worker: Worker, count: int) -> None:
        self.sync(worker)
        if count > 1:
            worker.again = True

    def sync(self, worker: Worker) -> None:
        """Ask for a sync: at once, or right after the one that runs."""
        if worker.stage == "finished":
            return
        if worker.busy:
            worker.again = True
        elif self.core.world.kernel.due("kubelet.sync", worker.uid) is None:
            self.core.world.kernel.after(0, "kubelet.sync", worker.uid)

    def _queue(self, uid: str) -> None:
        worker = self._worker(uid)
        if worker is not None:
            self.sync(worker)

    def _start(self, uid: str) -> None:
        worker = self._worker(uid)
        if worker is None or worker.busy or worker.stage == "finished":
            return
        if not self._has_news(worker):
            return
        self.core.world.kernel.cancel("kubelet.queue", uid)
        worker.busy, worker.acted, worker.error, worker.retry_ms = True, False, "", -1
        runtime = self.core.seen(worker)
        worker.ended = {}
        for container in reversed(runtime.containers):
            if container.state == "exited":
                worker.ended[container.name] = container.finished_ms
        self.syncer.begin(worker)
        self._carry_on(worker)

    def _has_news(self, worker: Worker) -> bool:
        """A sync wants a look at the runtime that is newer than the sync before; else it waits for the next one."""
        if worker.fresh:
            return True
        look = whole_second(worker.synced_ms)
        if look > self.core.now:
            self.core.world.kernel.at(look, "kubelet.sync", worker.uid)
            return False
        started, ended = self.pleg.refresh(worker)
        worker.again = worker.again or ended + bool(started) > 1
        return True

    def wait(self, worker: Worker, ms: int) -> None:
        """The running step goes on after `ms`."""
        self.core.world.kernel.after(ms, "kubelet.step", worker.uid)

    def resume(self, worker: Worker) -> None:
        """Go on with a sync whose step waited."""
        if worker.busy:
            self.core.world.kernel.sooner(self.core.now, "kubelet.step", worker.uid)

    def _step(self, uid: str) -> None:
        worker = self._worker(uid)
        if worker is not None and worker.busy:
            self._carry_on(worker)

    def _carry_on(self, worker: Worker) -> None:
        while worker.steps:
            step = worker.steps.pop(0)
            if not self.syncer.step(worker, step):
                return
        self._complete(worker)

    def interrupt(self, worker: Worker) -> None:
        """The Pod is to end: the running sync gives up all but the kills that are under way."""
        if not worker.busy:
            return
        waits = bool(worker.steps) and worker.steps[0][0] == "await"
        worker.steps = [each for each in worker.steps if each[0] == "await"]
        if not waits:
            self.resume(worker)

    def _complete(self, worker: Worker) -> None:
        """After a sync (SM-2): look at the runtime if it did something, and note when the next one is due."""
        again, worker.again = worker.again, False
        worker.busy, worker.synced_ms, worker.fresh = False, self.core.now + self.core.timing("sync"), False
        if worker.acted and not worker.error:
            self.pleg.look(worker)
        else:
            self.pleg.after(worker)
        due = worker.retry_ms if worker.error == "transition" else self._due(worker)
        if due is not None:
            self.core.world.kernel.at(whole_second(due), "kubelet.queue", worker.uid)
        if again:
            self.sync(worker)

    def _due(self, worker: Worker) -> int | None:
        """When the worker is wanted again; None: a further sync would find nothing to do."""
        delay = self._delay(worker)
        return None if delay is None else self.core.now + delay

    def _delay(self, worker: Worker) -> int | None:
        if worker.stage == "finished":
            return None
        if worker.error == "network":
            return NETWORK_MS
        if worker.error == "back-off":
            return min(max(worker.retry_ms - self.core.now, 0), RESYNC_MS)
        if worker.error:
            return ERROR_MS
        return RESYNC_MS if self.syncer.unsettled(worker) else None

    def transition(self, worker: Worker, stage: Stage, *, within_ms: int = 0) -> None:
        """The worker goes on to its next stage at the first look of the queue that is at least `within_ms` away."""
        worker.stage, worker.error, worker.retry_ms = stage, "transition", self.core.now + within_ms
