"""What controllers ask of Pods: active, ready, available, and which goes first.

Upstream: pkg/controller/controller_utils.go, pkg/api/v1/pod/util.go. Left out: nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cmp_to_key, partial

from podlab.sim.changes import Obj

COST = "controller.kubernetes.io/pod-deletion-cost"
_PHASES = {"Pending": 0, "Unknown": 1, "Running": 2}


def status_of(obj: Obj) -> Obj:
    """An object's status, empty when it has none."""
    found: Obj = obj.get("status") or {}
    return found


def condition_of(obj: Obj, type_: str) -> Obj | None:
    """A condition of an object's status."""
    for each in status_of(obj).get("conditions") or ():
        if each["type"] == type_:
            found: Obj = each
            return found
    return None


def phase_of(pod: Obj) -> str:
    """A Pod's phase."""
    return str(status_of(pod).get("phase", ""))


def is_finished(pod: Obj) -> bool:
    """Succeeded or Failed."""
    return phase_of(pod) in ("Succeeded", "Failed")


def is_terminating(obj: Obj) -> bool:
    """Marked for deletion."""
    return "deletionTimestamp" in obj["metadata"]


def is_active(pod: Obj) -> bool:
    """Rule X2: neither finished nor terminating."""
    return not is_finished(pod) and not is_terminating(pod)


def is_ready(pod: Obj) -> bool:
    """Its Ready condition is True."""
    ready = condition_of(pod, "Ready")
    return ready is not None and ready["status"] == "True"


def instant(stamp: str | None) -> int:
    """An API timestamp as ms since 1970; 0: none."""
    if not stamp:
        return 0
    moment = datetime.fromisoformat(stamp.replace("Z", "+00:00")).astimezone(UTC)
    return int(moment.timestamp()) * 1000 + moment.microsecond // 1000


def available_at(pod: Obj, min_ready: int) -> int | None:
    """The instant (ms since 1970) from which a ready Pod counts as available; None: it is not ready."""
    ready = condition_of(pod, "Ready")
    if ready is None or ready["status"] != "True":
        return None
    return instant(ready.get("lastTransitionTime")) + min_ready * 1000


def is_available(pod: Obj, min_ready: int, now: int) -> bool:
    """Ready for `min_ready` seconds; `now` in ms since 1970."""
    since = available_at(pod, min_ready)
    return since is not None and (min_ready == 0 or since <= now)


def restarts(pod: Obj) -> tuple[int, int]:
    """The most restarts of a container, and of a sidecar."""
    sidecars = {each["name"] for each in (pod.get("spec") or {}).get("initContainers") or () if each.get("restartPolicy") == "Always"}
    status = status_of(pod)
    regular = max((each.get("restartCount", 0) for each in status.get("containerStatuses") or ()), default=0)
    inits = status.get("initContainerStatuses") or ()
    return regular, max((each.get("restartCount", 0) for each in inits if each["name"] in sidecars), default=0)


def to_delete(pods: Sequence[Obj], related: Sequence[Obj], count: int, now: int) -> list[Obj]:
    """Rule X1: the `count` Pods that go first; `related`: all Pods of the same owner's owner; `now` in ms since 1970."""
    if count >= len(pods):
        return list(pods)
    crowd = Counter(each["spec"].get("nodeName", "") for each in related if is_active(each))
    ranked: list[tuple[Obj, int]] = [(each, crowd[(each.get("spec") or {}).get("nodeName", "")]) for each in pods]
    ranked.sort(key=cmp_to_key(partial(_order, now)))
    return [pod for pod, _ in ranked[:count]]


def first_to_go(pods: Sequence[Obj]) -> list[Obj]:
    """A Job's active Pods, those first that have done least: without a node, pending, not ready, ready for less, restarted more, younger."""

    def key(pod: Obj) -> tuple[bool, int, bool, int, int, int, int]:
        ready = instant((condition_of(pod, "Ready") or {}).get("lastTransitionTime")) if is_ready(pod) else 0
        regular, sidecars = restarts(pod)
        made = instant(pod["metadata"].get("creationTimestamp"))
        assigned = bool((pod.get("spec") or {}).get("nodeName"))
        return assigned, _PHASES.get(phase_of(pod), 0), is_ready(pod), -ready, -regular, -sidecars, -made

    return sorted(pods, key=key)


def _order(now: int, one: tuple[Obj, int], other: tuple[Obj, int]) -> int:
    if goes_first(one[0], one[1], other[0], other[1], now):
        return -1
    return int(goes_first(other[0], other[1], one[0], one[1], now))


def goes_first(one: Obj, one_rank: int, other: Obj, other_rank: int, now: int) -> bool:
    """Rule X1: whether `one` is deleted before `other`."""
    left, right = _plain(one, one_rank), _plain(other, other_rank)
    if left != right:
        return left < right
    ready = [instant((condition_of(each, "Ready") or {}).get("lastTransitionTime")) if is_ready(each) else 0 for each in (one, other)]
    if ready[0] != ready[1]:
        return _younger(one, other, ready[0], ready[1], now)
    if restarts(one) != restarts(other):
        return restarts(one) > restarts(other)
    made = [instant(each["metadata"].get("creationTimestamp")) for each in (one, other)]
    return made[0] != made[1] and _younger(one, other, made[0], made[1], now)


def _plain(pod: Obj, rank: int) -> tuple[bool, int, bool, int, int]:
    assigned = bool((pod.get("spec") or {}).get("nodeName"))
    cost = int((pod["metadata"].get("annotations") or {}).get(COST, 0))
    return assigned, _PHASES.get(phase_of(pod), 0), is_ready(pod), cost, -rank


def _younger(one: Obj, other: Obj, first: int, second: int, now: int) -> bool:
    """By age on a logarithmic scale; equal ages by UID; no age is youngest."""
    if not first or not second or not now:
        return not first if not first or not second else first > second
    difference = _magnitude(now - first) - _magnitude(now - second)
    if difference == 0:
        return str(one["metadata"].get("uid", "")) < str(other["metadata"].get("uid", ""))
    return difference < 0


def _magnitude(age_ms: int) -> int:
    return len(str(age_ms * 1_000_000)) - 1 if age_ms > 0 else -1
