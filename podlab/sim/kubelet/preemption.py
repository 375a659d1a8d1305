"""A critical Pod that its node has no room for lets lesser ones end, and is admitted once they have.

Upstream: pkg/kubelet/preemption/preemption.go; pkg/kubelet/types/pod_update.go (Preemptable). Left out: the kubelet's standing still
until the victims have ended.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from podlab.sim.api.qos import qos_class
from podlab.sim.changes import Obj
from podlab.sim.kubelet.core import Core
from podlab.sim.kubelet.events import warning
from podlab.sim.kubelet.eviction_policy import is_critical
from podlab.sim.kubelet.state import Doom, Worker
from podlab.sim.scheduler.requests import Amounts, pod_requests

REASON, MESSAGE = "Preempting", "Preempted in order to admit critical pod"
DISRUPTION = "Pod was preempted by Kubelet to accommodate a critical pod."


class Preemption:
    """What the kubelets preempt. `terminate(worker, grace, doom)` ends a Pod."""

    def __init__(self, core: Core, terminate: Callable[[Worker, int | None, Doom | None], None]) -> None:
        self.core = core
        self._terminate = terminate

    def makes_room(self, worker: Worker, pod: Obj, lacking: Amounts) -> bool:
        """Whether room is being made for a Pod that lacks so much of these resources; it is asked again when a Pod has ended."""
        if not lacking or not is_critical(pod):
            return False
        running = [
            each for each in self.core.state.workers.values() if each.node == worker.node and each.admitted and each.uid != worker.uid
        ]
        if any(each.stage == "terminating" and each.doom is not None and each.doom.reason == REASON for each in running):
            return True
        lesser = {each.uid: each for each in running if each.stage == "syncing" and preemptable(pod, self.core.pod(each))}
        gone = victims([self.core.pod(each) for each in lesser.values()], lacking)
        for victim in gone:
            self._preempt(lesser[victim["metadata"]["uid"]])
        return bool(gone)

    def _preempt(self, worker: Worker) -> None:
        self.core.event(worker, warning(REASON, MESSAGE))
        self.core.because(worker, "K1")
        self._terminate(worker, None, Doom(REASON, MESSAGE, DISRUPTION))

    def finished(self, worker: Worker) -> None:
        """A Pod is over: who waits for its room is looked at again."""
        if worker.doom is None or worker.doom.reason != REASON:
            return
        for each in self.core.state.workers.values():
            if each.node == worker.node and not each.admitted:
                self.core.world.kernel.sooner(self.core.now, "kubelet.notice", each.uid)


def preemptable(pod: Obj, other: Obj) -> bool:
    """Whether a critical Pod may displace another one."""
    return not is_critical(other) or int(pod["spec"].get("priority") or 0) > int(other["spec"].get("priority") or 0)


def victims(pods: list[Obj], lacking: Amounts) -> list[Obj]:
    """Who must go so that nothing is lacking: as few of the better classes as can be; none where all of them would not do."""
    if _less(lacking, pods):
        return []
    classes = {name: [each for each in pods if qos_class(each["spec"]) == name] for name in ("BestEffort", "Burstable", "Guaranteed")}
    best_effort, burstable, guaranteed = classes.values()
    guaranteed = _nearest(guaranteed, _less(lacking, best_effort + burstable))
    burstable = _nearest(burstable, _less(lacking, best_effort + guaranteed))
    best_effort = _nearest(best_effort, _less(lacking, burstable + guaranteed))
    return best_effort + burstable + guaranteed


def _nearest(pods: list[Obj], lacking: Amounts) -> list[Obj]:
    """Again and again the Pod that leaves least lacking, of equals the smaller one."""
    out: list[Obj] = []
    left = list(pods)
    while lacking and left:
        best = left[0]
        for each in left[1:]:
            nearer, near = _distance(lacking, each), _distance(lacking, best)
            if nearer < near or (nearer == near and _is_smaller(each, best)):
                best = each
        left.remove(best)
        out.append(best)
        lacking = _less(lacking, [best])
    return out


def _request(pod: Obj, resource: str) -> int:
    return 1 if resource == "pods" else pod_requests(pod).get(resource, 0)


def _less(lacking: Amounts, pods: list[Obj]) -> Amounts:
    left = {name: amount - sum(_request(each, name) for each in pods) for name, amount in lacking.items()}
    return {name: amount for name, amount in left.items() if amount > 0}


def _distance(lacking: Amounts, pod: Obj) -> Fraction:
    return sum((Fraction(max(amount - _request(pod, name), 0), amount) ** 2 for name, amount in lacking.items()), Fraction(0))


def _is_smaller(pod: Obj, other: Obj) -> bool:
    """By memory, then by CPU; equals count as smaller."""
    return [_request(pod, name) for name in ("memory", "cpu")] <= [_request(other, name) for name in ("memory", "cpu")]
