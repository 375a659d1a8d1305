"""The conditions that the kubelet writes, each a function of spec, statuses and phase.

A condition here is `{type, status, reason?, message?}`; who writes it adds times and observedGeneration.

Upstream: pkg/kubelet/status/generate.go. Left out: resize conditions (pkg/kubelet/allocation).
"""

from __future__ import annotations

from podlab.sim.changes import Obj
from podlab.sim.containerd.types import Sandbox
from podlab.sim.kubelet.restart import matching_rule
from podlab.sim.kubelet.specs import has_restart_all_rule, inits, is_sidecar, regular, sidecars

KUBELET_TYPES = (
    "PodReadyToStartContainers",
    "Initialized",
    "Ready",
    "ContainersReady",
    "PodScheduled",
    "AllContainersRestarting",
    "PodResizePending",
    "PodResizeInProgress",
)
FINISHED = {"Succeeded": "PodCompleted", "Failed": "PodFailed"}


def condition(type_: str, status: bool, reason: str = "", message: str = "") -> Obj:
    """A condition without times."""
    out: Obj = {"type": type_, "status": "True" if status else "False"}
    if reason:
        out["reason"] = reason
    if message:
        out["message"] = message
    return out


def find(conditions: list[Obj] | None, type_: str) -> Obj | None:
    """The condition of that type."""
    return next((each for each in conditions or () if each["type"] == type_), None)


def _listed(word: str, names: list[str]) -> list[str]:
    return [f"containers with {word} status: [{' '.join(names)}]"] if names else []


def containers_ready(spec: Obj, status: Obj) -> Obj:
    """ContainersReady (CO-2)."""
    if status.get("containerStatuses") is None:
        return condition("ContainersReady", False, "UnknownContainerStatuses")
    unknown, unready = _not_ready(spec, status)
    phase = status.get("phase", "")
    if phase == "Failed" or (phase == "Succeeded" and not unknown):
        return condition("ContainersReady", False, FINISHED[phase])
    if unknown or unready:
        return condition(
            "ContainersReady", False, "ContainersNotReady", ", ".join(_listed("unknown", unknown) + _listed("unready", unready))
        )
    return condition("ContainersReady", True)


def _not_ready(spec: Obj, status: Obj) -> tuple[list[str], list[str]]:
    """The names of those without status, and of those not ready; sidecars first."""
    unknown, unready = [], []
    for key, containers in (("initContainerStatuses", sidecars(spec)), ("containerStatuses", regular(spec))):
        by_name = {each["name"]: each for each in status.get(key) or ()}
        for container in containers:
            seen = by_name.get(container["name"])
            if seen is None:
                unknown.append(container["name"])
            elif not seen.get("ready"):
                unready.append(container["name"])
    return unknown, unready


def pod_ready(spec: Obj, status: Obj, conditions: list[Obj]) -> Obj:
    """Ready (CO-3, CO-16): all containers ready, and the readiness gates among `conditions` True."""
    ready = containers_ready(spec, status)
    if ready["status"] != "True":
        return {**ready, "type": "Ready"}
    unmet = []
    for gate in spec.get("readinessGates") or ():
        name = gate["conditionType"]
        seen = find(conditions, name)
        if seen is None:
            unmet.append(f'corresponding condition of pod readiness gate "{name}" does not exist.')
        elif seen["status"] != "True":
            unmet.append(f'the status of pod readiness gate "{name}" is not "True", but {seen["status"]}')
    return condition("Ready", False, "ReadinessGatesNotReady", ", ".join(unmet)) if unmet else condition("Ready", True)


def initialized(spec: Obj, status: Obj) -> Obj:
    """Initialized (CO-4)."""
    if status.get("containerStatuses") is None and inits(spec):
        return condition("Initialized", False, "UnknownContainerStatuses")
    by_name = {each["name"]: each for each in status.get("initContainerStatuses") or ()}
    unknown = [each["name"] for each in inits(spec) if each["name"] not in by_name]
    incomplete = [
        each["name"]
        for each in inits(spec)
        if each["name"] in by_name and not by_name[each["name"]].get("started" if is_sidecar(each) else "ready")
    ]
    if status.get("phase") == "Succeeded" and not unknown:
        return condition("Initialized", True, "PodCompleted")
    if has_started(status):
        return condition("Initialized", True)
    if unknown or incomplete:
        return condition(
            "Initialized", False, "ContainersNotInitialized", ", ".join(_listed("unknown", unknown) + _listed("incomplete", incomplete))
        )
    return condition("Initialized", True)


def has_started(status: Obj) -> bool:
    """Whether some regular container is running or has run."""
    return any(_started(each) for each in status.get("containerStatuses") or ())


def _started(status: Obj) -> bool:
    """It runs, has ended, or was removed only to be started again (CS-17)."""
    last = (status.get("lastState") or {}).get("terminated") or {}
    return bool({"running", "terminated"} & set(status.get("state") or ())) or last.get("reason") == "RestartingAllContainers"


def ready_to_start(sandboxes: list[Sandbox], *, host_network: bool = False) -> Obj:
    """PodReadyToStartContainers (CO-5): the sandbox (newest first) needs not be made anew."""
    return condition("PodReadyToStartContainers", not sandbox_changed(sandboxes, host_network=host_network)[0])


def sandbox_changed(sandboxes: list[Sandbox], *, host_network: bool = False) -> tuple[bool, int]:
    """Whether a sandbox must be made, and which attempt it is (RB-2); `sandboxes` newest first."""
    if not sandboxes:
        return True, 0
    newest = sandboxes[0]
    changed = (
        sum(each.ready for each in sandboxes) > 1
        or not newest.ready
        or newest.host_network != host_network
        or (not newest.host_network and not newest.address)
    )
    return changed, newest.attempt + changed


def all_restarting(spec: Obj, status: Obj) -> Obj | None:
    """AllContainersRestarting (CO-12); None for Pods without such a rule."""
    if not has_restart_all_rule(spec):
        return None
    if status.get("phase") in FINISHED:
        return condition("AllContainersRestarting", False, FINISHED[status["phase"]])
    by_name = {each["name"]: each for key in ("initContainerStatuses", "containerStatuses") for each in status.get(key) or ()}
    for container in (*inits(spec), *regular(spec)):
        ended = (by_name.get(container["name"], {}).get("state") or {}).get("terminated")
        if ended is not None and matching_rule(container, ended.get("exitCode", 0)) == "RestartAllContainers":
            return condition("AllContainersRestarting", True, "RestartAllContainersStarted", "container exited with restart policy rule")
    return condition("AllContainersRestarting", False)
