"""What the scheduler writes into a Pod's status.

Upstream: pkg/api/v1/pod/util.go (UpdatePodCondition), pkg/scheduler/schedule_one.go. Left out: nothing.
"""

from __future__ import annotations

from podlab.sim.changes import Obj


def condition(pod: Obj, type_: str, status: str, reason: str, message: str, now: str) -> Obj:
    """A condition as of now; its transition time is kept while the status stays."""
    old = next((each for each in (pod.get("status") or {}).get("conditions") or () if each["type"] == type_), None)
    since = old["lastTransitionTime"] if old is not None and old["status"] == status else now
    made: Obj = {"type": type_, "status": status, "lastProbeTime": None, "lastTransitionTime": since, "reason": reason, "message": message}
    generation = pod["metadata"].get("generation")
    return made | ({"observedGeneration": generation} if generation else {})


def with_condition(pod: Obj, made: Obj) -> Obj:
    """The Pod with that condition in its place."""
    status = pod.get("status") or {}
    conditions = list(status.get("conditions") or ())
    place = next((number for number, each in enumerate(conditions) if each["type"] == made["type"]), len(conditions))
    conditions[place : place + 1] = [made]
    return {**pod, "status": {**status, "conditions": conditions}}


def nominated(pod: Obj) -> str:
    """The node that the Pod is nominated to."""
    name: str = (pod.get("status") or {}).get("nominatedNodeName") or ""
    return name


def with_nomination(pod: Obj, node: str) -> Obj:
    """The Pod nominated to a node, or (empty) to none."""
    status = {key: value for key, value in (pod.get("status") or {}).items() if key != "nominatedNodeName"}
    return {**pod, "status": status | ({"nominatedNodeName": node} if node else {})}
