"""How many: surge, unavailability, and the sizes that a rollout's next step gives.

Upstream: pkg/controller/deployment/util/deployment_util.go, staging/src/k8s.io/apimachinery/pkg/util/intstr. Left out: nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from podlab.sim.changes import Obj
from podlab.sim.controllers.pods import status_of

DESIRED = "deployment.kubernetes.io/desired-replicas"
MAXIMUM = "deployment.kubernetes.io/max-replicas"
NO_DEADLINE = 2**31 - 1


def scaled(value: int | str | None, total: int, *, up: bool) -> int:
    """A number, or a percentage of `total` rounded up or down; ValueError for anything else."""
    if value is None:
        return 0
    if isinstance(value, int):
        return value
    if not re.fullmatch(r"\d+%", value):
        raise ValueError(f'invalid value for IntOrString: invalid type: string is not a percentage: "{value}"')
    part = int(value[:-1]) * total
    return -(-part // 100) if up else part // 100


def fenceposts(surge: int | str | None, unavailable: int | str | None, replicas: int) -> tuple[int, int]:
    """Rule X5: both as numbers; both zero would never get anywhere, so one may be unavailable."""
    more, fewer = scaled(surge, replicas, up=True), scaled(unavailable, replicas, up=False)
    return (more, fewer) if more or fewer else (0, 1)


def is_rolling(deployment: Obj) -> bool:
    """Whether it rolls."""
    return bool(deployment["spec"].get("strategy", {}).get("type", "RollingUpdate") == "RollingUpdate")


def replicas_of(obj: Obj) -> int:
    """`spec.replicas`."""
    return int(obj["spec"].get("replicas", 1))


def _limits(deployment: Obj) -> tuple[int, int]:
    rolling = deployment["spec"].get("strategy", {}).get("rollingUpdate") or {}
    return fenceposts(rolling.get("maxSurge"), rolling.get("maxUnavailable"), replicas_of(deployment))


def max_surge(deployment: Obj) -> int:
    """How many Pods more than wanted there may be."""
    return _limits(deployment)[0] if is_rolling(deployment) else 0


def max_unavailable(deployment: Obj) -> int:
    """How many of the wanted Pods may be missing."""
    if not is_rolling(deployment) or replicas_of(deployment) == 0:
        return 0
    return min(_limits(deployment)[1], replicas_of(deployment))


def min_available(deployment: Obj) -> int:
    """How many Pods must stay."""
    return replicas_of(deployment) - max_unavailable(deployment) if is_rolling(deployment) else 0


def wanted(sets: Iterable[Obj]) -> int:
    """The sizes of sets, added up."""
    return sum(map(replicas_of, sets))


def counted(sets: Iterable[Obj], field: str) -> int:
    """A number of the sets' status, added up."""
    return sum(status_of(each).get(field, 0) for each in sets)


def new_size(deployment: Obj, pods: int, size: int) -> int:
    """Rule X6: the next size of the new set, which has `size`, when all sets together have `pods`."""
    replicas = replicas_of(deployment)
    if not is_rolling(deployment):
        return replicas
    most = replicas + scaled((deployment["spec"].get("strategy", {}).get("rollingUpdate") or {}).get("maxSurge"), replicas, up=True)
    return size if pods >= most else size + min(most - pods, replicas - size)


def to_remove(deployment: Obj, everything: Sequence[Obj], new: Obj | None) -> int:
    """Rule X6: how many old replicas may go at most, seen the new ones that are not available yet."""
    missing = replicas_of(new) - status_of(new).get("availableReplicas", 0) if new is not None else 0
    return wanted(everything) - min_available(deployment) - missing


def cleanup(old: Sequence[Obj], most: int) -> dict[str, int]:
    """Rule X6: new sizes of old sets (oldest first) after unhealthy replicas have gone, at most `most`."""
    sizes: dict[str, int] = {}
    gone = 0
    for each in old:
        unhealthy = replicas_of(each) - status_of(each).get("availableReplicas", 0)
        count = min(most - gone, unhealthy)
        if gone >= most:
            break
        if replicas_of(each) and count > 0:
            gone += count
            sizes[each["metadata"]["name"]] = replicas_of(each) - count
    return sizes


def shrink(deployment: Obj, everything: Sequence[Obj], old: Sequence[Obj]) -> dict[str, int]:
    """Rule X6: new sizes of old sets (oldest first), as long as enough Pods stay available."""
    spare = counted(everything, "availableReplicas") - min_available(deployment)
    sizes: dict[str, int] = {}
    for each in old:
        count = min(replicas_of(each), spare)
        if count > 0:
            spare -= count
            sizes[each["metadata"]["name"]] = replicas_of(each) - count
    return sizes


def proportional(deployment: Obj, active: Sequence[Obj]) -> dict[str, int]:
    """Rule X7: the sizes of all active sets when the number wanted changes during a rollout."""
    replicas = replicas_of(deployment)
    most = replicas + max_surge(deployment) if replicas > 0 else 0
    missing = most - wanted(active)
    ordered = by_size(active, newest_first=missing > 0)
    sizes: dict[str, int] = {}
    added = 0
    for each in ordered:
        share = _share(deployment, each, missing, added)
        sizes[each["metadata"]["name"]] = replicas_of(each) + share
        added += share
    if ordered and missing:
        first = ordered[0]["metadata"]["name"]
        sizes[first] = max(0, sizes[first] + missing - added)
    return sizes


def by_age(sets: Iterable[Obj]) -> list[Obj]:
    """Oldest first."""
    return sorted(sets, key=_age)


def by_size(sets: Iterable[Obj], *, newest_first: bool) -> list[Obj]:
    """Biggest first; equal ones by age."""
    return sorted(sorted(sets, key=_age, reverse=newest_first), key=lambda each: -replicas_of(each))


def _age(obj: Obj) -> tuple[str, str]:
    return obj["metadata"].get("creationTimestamp") or "", obj["metadata"]["name"]


def _share(deployment: Obj, each: Obj, missing: int, added: int) -> int:
    size = replicas_of(each)
    if not size or not missing or missing == added:
        return 0
    fraction = _fraction(deployment, each, size)
    return min(fraction, missing - added) if missing > 0 else max(fraction, missing - added)


def _fraction(deployment: Obj, each: Obj, size: int) -> int:
    if replicas_of(deployment) == 0:
        return -size
    before = int((each["metadata"].get("annotations") or {}).get(MAXIMUM) or 0) or status_of(deployment).get("replicas", 0)
    if not before:
        return 0
    most = replicas_of(deployment) + max_surge(deployment)
    return int((2 * size * most + before) // (2 * before)) - size


def is_complete(deployment: Obj, status: Obj) -> bool:
    """Rule X9."""
    replicas = replicas_of(deployment)
    counts = {status.get(each, 0) for each in ("updatedReplicas", "replicas", "availableReplicas")}
    return counts == {replicas} and status.get("observedGeneration", 0) >= deployment["metadata"].get("generation", 0)


def is_progressing(before: Obj, after: Obj) -> bool:
    """Whether something moved: more updated, fewer old, more ready or more available."""
    old = [each.get("replicas", 0) - each.get("updatedReplicas", 0) for each in (before, after)]
    more = any(after.get(each, 0) > before.get(each, 0) for each in ("updatedReplicas", "readyReplicas", "availableReplicas"))
    return more or old[1] < old[0]


def has_deadline(deployment: Obj) -> bool:
    """Whether progress is watched."""
    return bool(deployment["spec"].get("progressDeadlineSeconds", NO_DEADLINE) != NO_DEADLINE)
