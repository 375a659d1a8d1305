"""activeDeadlineSeconds: how long a Pod may be active on its node. Timer: `kubelet.deadline <pod uid>`.

Upstream: pkg/kubelet/active_deadline.go. Left out: nothing.
"""

from __future__ import annotations

from podlab.sim.changes import Obj
from podlab.sim.kubelet.core import Core, whole_second
from podlab.sim.kubelet.pod_workers import PodWorkers
from podlab.sim.kubelet.state import Worker
from podlab.sim.world import World


def deadline_ms(world: World, pod: Obj, status: Obj) -> int | None:
    """The instant at which the Pod's time is up (PH-16); None: it has no deadline, or has not been started."""
    seconds, start = pod["spec"].get("activeDeadlineSeconds"), status.get("startTime")
    return None if seconds is None or not start else world.instant(start) + 1000 * int(seconds)


class Deadlines:
    """Sees to it that a Pod is synced when its time is up."""

    def __init__(self, core: Core, workers: PodWorkers) -> None:
        self.core = core
        self._workers = workers
        core.world.kernel.handle("kubelet.deadline", self._due)

    def arm(self, worker: Worker, status: Obj) -> None:
        """Set the timer of a Pod that has a deadline."""
        limit = deadline_ms(self.core.world, self.core.pod(worker), status)
        if limit is not None and limit > self.core.now:
            self.core.world.kernel.at(whole_second(limit), "kubelet.deadline", worker.uid)

    def _due(self, uid: str) -> None:
        worker = self.core.state.workers.get(uid)
        if worker is not None and worker.stage == "syncing":
            self._workers.sync(worker)
