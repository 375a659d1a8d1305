"""The phase of a Pod, out of the states of its containers.

Upstream: pkg/kubelet/kubelet_pods.go (getPhase). Left out: nothing.
"""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from podlab.sim.changes import Obj
from podlab.sim.kubelet.restart import exit_code_restarts
from podlab.sim.kubelet.specs import Spec, inits, is_sidecar, regular, restart_policy

RESTARTING_ALL = "RestartingAllContainers"


class Tally(Struct):
    """How many containers are in which state; named as the rules PH-1 to PH-3 do."""

    pending_init: int = 0
    failed_init_final: int = 0
    pending_sidecar: int = 0
    waiting: int = 0
    running: int = 0
    stopped: int = 0
    stopped_final: int = 0
    succeeded: int = 0
    unknown: int = 0


def get_phase(spec: Obj, status: Obj, *, terminal: bool, initialized: bool, static: bool = False) -> str:
    """The phase (PH-4). `terminal`: all containers have stopped for good; `initialized`: some regular container has started."""
    tally = count(spec, status)
    if tally.failed_init_final:
        return "Failed"
    if tally.pending_init or (tally.pending_sidecar and not initialized):
        return "Pending"
    if tally.waiting:
        return "Pending"
    if tally.running and not tally.unknown:
        return "Running"
    if not tally.running and tally.stopped and not tally.unknown:
        return _all_stopped(tally, terminal=terminal and not static)
    return "Pending"


def _all_stopped(tally: Tally, *, terminal: bool) -> str:
    """PH-5."""
    succeeded = tally.stopped == tally.succeeded
    if not terminal and tally.stopped != tally.stopped_final:
        return "Running"
    return "Succeeded" if succeeded else "Failed"


def count(spec: Obj, status: Obj) -> Tally:
    """The numbers that the phase is made of."""
    tally, policy = Tally(), restart_policy(spec)
    by_name = {each["name"]: each for each in status.get("initContainerStatuses") or ()}
    for container in inits(spec):
        if is_sidecar(container):
            _sidecar(tally, by_name.get(container["name"]))
        else:
            _init(tally, container, policy, by_name.get(container["name"]))
    by_name = {each["name"]: each for each in status.get("containerStatuses") or ()}
    for container in regular(spec):
        _regular(tally, container, policy, by_name.get(container["name"]))
    return tally


def _ended(status: Obj) -> tuple[str, Any]:
    """(`running`, `terminated`, `ended before` or `waiting`, the terminated state if there is one)."""
    state = status.get("state") or {}
    if "running" in state:
        return "running", None
    if "terminated" in state:
        return "terminated", state["terminated"]
    if "waiting" in state:
        last = (status.get("lastState") or {}).get("terminated")
        return ("waiting", None) if last is None else ("ended before", last)
    return "", None


def _may_restart(container: Spec, policy: str, ended: Obj) -> bool:
    return ended.get("reason") == RESTARTING_ALL or exit_code_restarts(container, policy, ended.get("exitCode", 0))


def _init(tally: Tally, container: Spec, policy: str, status: Obj | None) -> None:
    _, ended = _ended(status or {})
    if ended is None:
        tally.pending_init += 1
    elif ended.get("exitCode", 0) != 0 and not _may_restart(container, policy, ended):
        tally.failed_init_final += 1


def _sidecar(tally: Tally, status: Obj | None) -> None:
    if status is None:
        tally.unknown += 1
        return
    state, _ = _ended(status)
    if state == "running":
        tally.running += 1
        tally.pending_sidecar += not status.get("started")
    elif state == "waiting":
        tally.pending_sidecar += 1
        tally.waiting += 1
    elif state == "":
        tally.pending_sidecar += 1
        tally.unknown += 1


def _regular(tally: Tally, container: Spec, policy: str, status: Obj | None) -> None:
    state, ended = _ended(status or {})
    if state == "running":
        tally.running += 1
    elif state == "waiting":
        tally.waiting += 1
    elif ended is None:
        tally.unknown += 1
    else:
        tally.stopped += 1
        tally.succeeded += state == "terminated" and ended.get("exitCode", 0) == 0
        tally.stopped_final += not _may_restart(container, policy, ended)
