"""One tick of a probe's worker, as a pure decision, and what its outcome changes.

Upstream: pkg/kubelet/prober/worker.go. Left out: the random start after a kubelet's restart.
"""

from __future__ import annotations

from typing import Literal

from podlab.sim.changes import Obj
from podlab.sim.kubelet.restart import exit_code_restarts
from podlab.sim.kubelet.specs import Spec, restart_policy
from podlab.sim.kubelet.state import ProbeWorker

INITIAL = {"liveness": "Success", "readiness": "Failure", "startup": "Unknown"}
DEFAULTS = {"initialDelaySeconds": 0, "timeoutSeconds": 1, "periodSeconds": 10, "successThreshold": 1, "failureThreshold": 3}
Step = Literal["wait", "end", "probe"]


def setting(probe: Obj, name: str) -> int:
    """A number of a probe's spec, or its default (PR-1)."""
    return int(probe.get(name) or DEFAULTS[name])


def before(worker: ProbeWorker, probe: Obj, container: Spec, pod: Obj, status: Obj | None, running_s: int) -> Step:
    """What a tick does before it probes (PR-6, 1 to 9); `status`: the Pod's newest; `running_s`: whole seconds since the container's start."""
    if status is None:
        return "wait"
    if status.get("phase") in ("Failed", "Succeeded"):
        return "end"
    seen = find_status(status, container["name"])
    instance = (seen or {}).get("containerID", "").rpartition("/")[2]
    if seen is None or not instance:
        return "wait"
    if worker.instance != instance:
        worker.instance, worker.result, worker.on_hold = instance, INITIAL[worker.kind], False
        worker.last, worker.run, worker.first = "", 0, 0
    if worker.on_hold:
        return "wait"
    state = seen.get("state") or {}
    if "running" not in state:
        worker.result = "Failure"
        return "wait" if _comes_back(container, pod, state) else "end"
    if "deletionTimestamp" in pod.get("metadata", {}) and worker.kind != "readiness":
        worker.result = "Success"
        return "end"
    if running_s < int(probe.get("initialDelaySeconds") or 0):
        return "wait"
    return "wait" if bool(seen.get("started")) == (worker.kind == "startup") else "probe"


def _comes_back(container: Spec, pod: Obj, state: Obj) -> bool:
    ended = state.get("terminated")
    return ended is None or exit_code_restarts(container, restart_policy(pod.get("spec", {})), ended.get("exitCode", 0))


def after(worker: ProbeWorker, probe: Obj, outcome: str) -> bool:
    """Count an outcome (`Success` or `Failure`); whether the published result is set by it (PR-6, 11 and 12)."""
    if worker.last == outcome:
        worker.run += 1
    else:
        worker.last, worker.run = outcome, 1
    if worker.run < setting(probe, "failureThreshold" if outcome == "Failure" else "successThreshold"):
        return False
    changed = worker.result != outcome
    worker.result = outcome
    if worker.kind == "startup" or (worker.kind == "liveness" and outcome == "Failure"):
        worker.on_hold, worker.run = True, 0
    return changed


def find_status(status: Obj, name: str) -> Obj | None:
    """The status of a regular or init container."""
    for key in ("containerStatuses", "initContainerStatuses"):
        for each in status.get(key) or ():
            if each["name"] == name:
                return each  # type: ignore[no-any-return]
    return None


def next_tick(grid_ms: int, period_ms: int, now: int) -> int:
    """The first instant of the grid after now."""
    return grid_ms + ((now - grid_ms) // period_ms + 1) * period_ms
