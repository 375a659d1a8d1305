"""How much time a container gets to end, and what is written of one that nobody found at the end.

Upstream: pkg/kubelet/kuberuntime (setTerminationGracePeriod), pkg/kubelet/status/status_manager.go (TerminatePod). Left out: nothing.
"""

from __future__ import annotations

from podlab.sim.changes import Obj
from podlab.sim.kubelet.specs import Spec, inits, is_sidecar

FLOOR_S = 2
LOST: Obj = {
    "reason": "ContainerStatusUnknown",
    "message": "The container could not be located when the pod was terminated",
    "exitCode": 137,
}


def grace_seconds(pod: Obj, container: Spec | None, reason: str) -> int:
    """The grace of a kill (TD-1); `reason`: `LivenessProbe`, `StartupProbe` or anything else."""
    deletion = pod["metadata"].get("deletionGracePeriodSeconds")
    if deletion is not None:
        return int(deletion)
    probe = {"LivenessProbe": "livenessProbe", "StartupProbe": "startupProbe"}.get(reason, "")
    own = ((container or {}).get(probe) or {}).get("terminationGracePeriodSeconds") if probe else None
    if own is not None:
        return int(own)
    return int(pod["spec"].get("terminationGracePeriodSeconds", FLOOR_S))


def terminated_status(status: Obj, *, initialised: bool, static: bool = False) -> Obj:
    """The status once nothing runs any more: who is not known to have ended gets a made-up end (PH-13)."""
    new = dict(status)
    if initialised and status.get("containerStatuses"):
        new["containerStatuses"] = [_ended(each) for each in status["containerStatuses"]]
    if status.get("initContainerStatuses"):
        new["initContainerStatuses"] = _ended_inits(status["initContainerStatuses"])
    if not static and new.get("phase") in ("Pending", "Running"):
        new["phase"] = "Failed"
    return new


def _ended(status: Obj) -> Obj:
    return status if "terminated" in (status.get("state") or {}) else {**status, "state": {"terminated": LOST}}


def _ended_inits(statuses: list[Obj]) -> list[Obj]:
    last = 0
    for index, status in enumerate(statuses):
        if _has_started(status):
            last = index
    return [_ended(each) if index <= last else each for index, each in enumerate(statuses)]


def _has_started(status: Obj) -> bool:
    return bool({"running", "terminated"} & set(status.get("state") or ())) or "terminated" in (status.get("lastState") or {})


def is_initialised(spec: Obj, status: Obj) -> bool:
    """Whether the regular containers' turn had come."""
    if not inits(spec) or any(_has_started(each) for each in status.get("containerStatuses") or ()):
        return True
    if len(status.get("initContainerStatuses") or ()) != len(inits(spec)):
        return False
    last, spec_last = status["initContainerStatuses"][-1], inits(spec)[-1]
    state = last.get("state") or {}
    if is_sidecar(spec_last):
        return bool(last.get("started")) and "running" in state
    return bool((state.get("terminated") or {"exitCode": 1}).get("exitCode", 0) == 0)


def sidecar_order(spec: Obj) -> list[str]:
    """The sidecars in the order in which they stop: the last one first (TD-4)."""
    return [each["name"] for each in reversed(inits(spec)) if is_sidecar(each)]
