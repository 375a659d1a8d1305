"""A Deployment's status: its counts, and the conditions Available, Progressing and ReplicaFailure.

Upstream: pkg/controller/deployment/progress.go, sync.go (calculateStatus). Left out: nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

from podlab.sim.changes import Obj
from podlab.sim.controllers.deployment import numbers
from podlab.sim.controllers.pods import condition_of, instant, status_of

AVAILABLE = ("True", "MinimumReplicasAvailable", "Deployment has minimum availability.")
UNAVAILABLE = ("False", "MinimumReplicasUnavailable", "Deployment does not have minimum availability.")
COMPLETE = "NewReplicaSetAvailable"
LATE = "ProgressDeadlineExceeded"
UPDATED = "ReplicaSetUpdated"


def made(type_: str, status: str, reason: str, message: str, now: str) -> Obj:
    """A condition that turned so now."""
    return {"type": type_, "status": status, "lastUpdateTime": now, "lastTransitionTime": now, "reason": reason, "message": message}


def with_condition(status: Obj, new: Obj) -> Obj:
    """The status with that condition; the same status and reason change nothing, the same status keeps its transition time."""
    old = condition_of({"status": status}, new["type"])
    if old is not None and (old["status"], old.get("reason")) == (new["status"], new["reason"]):
        return status
    if old is not None and old["status"] == new["status"]:
        new = {**new, "lastTransitionTime": old["lastTransitionTime"]}
    return {**status, "conditions": [*_others(status, new["type"]), new]}


def without_condition(status: Obj, type_: str) -> Obj:
    """The status without that condition."""
    return {**status, "conditions": _others(status, type_)}


def _others(status: Obj, type_: str) -> list[Obj]:
    return [each for each in status.get("conditions") or () if each["type"] != type_]


def counts(deployment: Obj, sets: Sequence[Obj], new: Obj | None, now: str) -> Obj:
    """The numbers, and whether enough Pods are available; zeros are left out."""
    available = numbers.counted(sets, "availableReplicas")
    found = {
        "observedGeneration": deployment["metadata"].get("generation", 0),
        "replicas": numbers.counted(sets, "replicas"),
        "updatedReplicas": numbers.counted([new] if new is not None else [], "replicas"),
        "readyReplicas": numbers.counted(sets, "readyReplicas"),
        "availableReplicas": available,
        "unavailableReplicas": max(0, numbers.wanted(sets) - available),
    }
    status: Obj = {key: value for key, value in found.items() if value}
    if all("terminatingReplicas" in status_of(each) for each in sets):
        status["terminatingReplicas"] = numbers.counted(sets, "terminatingReplicas")
    old = status_of(deployment)
    status |= {key: old[key] for key in ("collisionCount",) if key in old}
    status["conditions"] = list(old.get("conditions") or ())
    enough = available >= numbers.replicas_of(deployment) - numbers.max_unavailable(deployment)
    return with_condition(status, made("Available", *(AVAILABLE if enough else UNAVAILABLE), now))


def progressed(deployment: Obj, status: Obj, sets: Sequence[Obj], new: Obj | None, now: str) -> Obj:
    """Rule X8: the Progressing condition brought up to date."""
    current = condition_of(deployment, "Progressing")
    if not numbers.has_deadline(deployment):
        status = without_condition(status, "Progressing")
    elif not _is_resync(status, current):
        status = _progressing(deployment, status, current, new, now)
    failures = [each for one in ([new] if new is not None else []) + list(sets) if (each := condition_of(one, "ReplicaFailure"))]
    if not failures:
        return without_condition(status, "ReplicaFailure")
    first = failures[0]
    return with_condition(
        status,
        {
            **made("ReplicaFailure", first["status"], first["reason"], first["message"], now),
            "lastTransitionTime": first["lastTransitionTime"],
        },
    )


def _is_resync(status: Obj, current: Obj | None) -> bool:
    done = status.get("replicas", 0) == status.get("updatedReplicas", 0)
    return done and current is not None and current.get("reason") == COMPLETE


def _progressing(deployment: Obj, status: Obj, current: Obj | None, new: Obj | None, now: str) -> Obj:
    what = f'ReplicaSet "{new["metadata"]["name"]}"' if new is not None else f'Deployment "{deployment["metadata"]["name"]}"'
    if numbers.is_complete(deployment, status):
        return with_condition(status, made("Progressing", "True", COMPLETE, f"{what} has successfully progressed.", now))
    if numbers.is_progressing(status_of(deployment), status):
        moved = made("Progressing", "True", UPDATED, f"{what} is progressing.", now)
        if current is not None and current["status"] == "True":
            moved["lastTransitionTime"] = current["lastTransitionTime"]
        return with_condition(without_condition(status, "Progressing"), moved)
    if timed_out(deployment, status, instant(now)):
        return with_condition(status, made("Progressing", "False", LATE, f"{what} has timed out progressing.", now))
    return status


def timed_out(deployment: Obj, status: Obj, now: int) -> bool:
    """Whether the deadline has passed without progress; `now` in ms since 1970."""
    condition = condition_of({"status": status}, "Progressing")
    if not numbers.has_deadline(deployment) or condition is None or condition.get("reason") == COMPLETE:
        return False
    if condition.get("reason") == LATE:
        return True
    return instant(condition.get("lastUpdateTime")) + int(deployment["spec"]["progressDeadlineSeconds"]) * 1000 < now
