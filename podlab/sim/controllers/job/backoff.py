"""How long a Job waits after failures before it makes another Pod.

Upstream: pkg/controller/job/backoff_utils.go. Left out: nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

from podlab.sim.changes import Obj
from podlab.sim.controllers.pods import condition_of, instant, status_of

BASE_MS = 10_000
LONGEST_MS = 600_000


def finished_at(pod: Obj) -> int:
    """When a Pod ended (ms since 1970): its last container, else when it was no longer ready, else its deletion, else its creation."""
    ended = [(each.get("state") or {}).get("terminated") or {} for each in status_of(pod).get("containerStatuses") or ()]
    if ended and all(each.get("finishedAt") for each in ended):
        return max(instant(each["finishedAt"]) for each in ended)
    ready, meta = condition_of(pod, "Ready"), pod["metadata"]
    if ready is not None and ready["status"] == "False" and ready.get("lastTransitionTime"):
        return instant(ready["lastTransitionTime"])
    if meta.get("deletionTimestamp"):
        return instant(meta["deletionTimestamp"]) - 1000 * int(meta.get("deletionGracePeriodSeconds") or 0)
    return instant(meta.get("creationTimestamp"))


def record(failures: int, last: int, succeeded: Sequence[int], failed: Sequence[int]) -> tuple[int, int]:
    """Failures since the last success and the last of them, after Pods that ended at these instants."""
    if not succeeded:
        return (failures + len(failed), max(failed)) if failed else (failures, last)
    later = [each for each in failed if each > max(succeeded)]
    return len(later), max(later, default=0)


def remaining(failures: int, last: int, now: int, base: int = BASE_MS, longest: int = LONGEST_MS) -> int:
    """Rule X12: what is left of the wait."""
    if failures == 0 or not last:
        return 0
    return max(0, last + min(base << min(failures - 1, 40), longest) - now)
