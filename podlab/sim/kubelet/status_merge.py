"""What becomes of a new status: times of its conditions, and its merge with what others wrote meanwhile.

Upstream: pkg/kubelet/status/status_manager.go (mergePodStatus, updateLastTransitionTime, checkContainerStateTransition). Left out: nothing.
"""

from __future__ import annotations

from podlab.sim.changes import Obj
from podlab.sim.kubelet.conditions import FINISHED, KUBELET_TYPES, condition, find
from podlab.sim.kubelet.restart import exit_code_restarts
from podlab.sim.kubelet.specs import has_restart_all_rule, inits, is_sidecar, regular, restart_policy

TIMED = (
    "Ready",
    "ContainersReady",
    "Initialized",
    "PodReadyToStartContainers",
    "PodScheduled",
    "DisruptionTarget",
    "AllContainersRestarting",
    "PodResizePending",
    "PodResizeInProgress",
)


def is_terminal(status: Obj) -> bool:
    """Whether the phase is a last one."""
    return status.get("phase") in FINISHED


def transition_time(new: Obj, old: Obj | None, now: str) -> str:
    """lastTransitionTime: kept while `status` is the same (CO-9)."""
    if old is not None and old["status"] == new["status"] and old.get("lastTransitionTime"):
        return str(old["lastTransitionTime"])
    return str(new.get("lastTransitionTime") or now) if old is None and new["type"] not in TIMED else now


def with_times(conditions: list[Obj], old: list[Obj] | None, now: str, generation: int) -> list[Obj]:
    """The conditions as they are written: with observedGeneration (the kubelet's own) and times."""
    out = []
    for each in conditions:
        if each["type"] not in TIMED:
            out.append(each)
            continue
        head: Obj = {"type": each["type"]}
        if each["type"] in KUBELET_TYPES:
            head["observedGeneration"] = generation
        rest = {
            key: value for key, value in each.items() if key not in ("type", "observedGeneration", "lastProbeTime", "lastTransitionTime")
        }
        out.append(
            {**each, **head, "lastProbeTime": None, "lastTransitionTime": transition_time(each, find(old, each["type"]), now), **rest}
        )
    return out


def merge(old: Obj, new: Obj, *, could_run: bool, now: str = "") -> Obj:
    """`new` as it goes to the API server, which holds `old` (PH-11, CO-7, CO-8). `could_run`: containers may still be running."""
    merged = dict(new)
    ends = is_terminal(new) and not is_terminal(old)
    shared = find(old.get("conditions"), "DisruptionTarget")
    conditions = [each for each in new.get("conditions") or () if each["type"] in KUBELET_TYPES]
    foreign = [each for each in old.get("conditions") or () if each["type"] not in (*KUBELET_TYPES, "DisruptionTarget")]
    own = find(new.get("conditions"), "DisruptionTarget")
    if own is not None and not could_run and is_terminal(new):
        shared = own
    if ends and could_run:
        for key in ("phase", "reason", "message"):
            merged.pop(key, None)
            if key in old:
                merged[key] = old[key]
    if is_terminal(merged):
        conditions = _unready(conditions, FINISHED[merged["phase"]], now)
    merged["conditions"] = foreign + ([shared] if shared is not None else []) + conditions
    for key in ("nominatedNodeName", "resize", "qosClass", "extendedResourceClaimStatus"):
        if key in old:
            merged.setdefault(key, old[key])
    return merged


def _unready(conditions: list[Obj], reason: str, now: str) -> list[Obj]:
    """Ready and ContainersReady turn False, if one of them is True."""
    both = ("Ready", "ContainersReady")
    if not any(each["type"] in both and each["status"] == "True" for each in conditions):
        return conditions
    out = list(conditions)
    for type_ in both:
        held = find(out, type_)
        if held is None:
            out.append({**condition(type_, False, reason), "lastProbeTime": None, "lastTransitionTime": now})
        elif held["status"] == "True":
            flipped = {key: value for key, value in held.items() if key != "message"}
            out[out.index(held)] = {**flipped, "status": "False", "reason": reason, "lastTransitionTime": now}
    return out


def transition_allowed(spec: Obj, old: Obj, new: Obj) -> bool:
    """Whether no container that ended for good comes back (PH-14)."""
    if has_restart_all_rule(spec):
        return True
    for key, containers in (("initContainerStatuses", inits(spec)), ("containerStatuses", regular(spec))):
        before = {each["name"]: each for each in old.get(key) or ()}
        by_name = {each["name"]: each for each in containers}
        for status in new.get(key) or ():
            ended = ((before.get(status["name"]) or {}).get("state") or {}).get("terminated")
            container = by_name.get(status["name"])
            if ended is None or container is None or "terminated" in (status.get("state") or {}) or is_sidecar(container):
                continue
            if key == "initContainerStatuses" and restart_policy(spec) != "Never":
                continue
            if not exit_code_restarts(container, restart_policy(spec), ended.get("exitCode", 0)):
                return False
    return True
