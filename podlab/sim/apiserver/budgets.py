"""Whether a disruption budget lets a Pod be evicted.

Upstream: pkg/registry/core/pod/storage/eviction.go. Left out: retries on conflict (nobody writes in between).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from podlab.sim.api import labels
from podlab.sim.apiserver import answers
from podlab.sim.changes import Cause, Obj
from podlab.sim.errors import StatusError

if TYPE_CHECKING:
    from podlab.sim.apiserver.server import ApiServer

REFUSED = "Cannot evict pod as it would violate the pod's disruption budget."
MOST = 2000


def take(api: ApiServer, pod: Obj, *, dry_run: bool) -> None:
    """Take one disruption from the Pod's budget; TooManyRequests when there is none, 500 with two budgets."""
    status, meta = pod.get("status", {}), pod["metadata"]
    if status.get("phase") in ("Succeeded", "Failed", "Pending") or "deletionTimestamp" in meta:
        return
    found = [each for each in api.store.all("poddisruptionbudgets", meta["namespace"]) if _covers(each, pod)]
    if len(found) > 1:
        raise answers.internal("This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.")
    if not found or _unready_may_go(found[0], pod):
        return
    budget = _spent(api, found[0], meta["name"])
    if not dry_run:
        api.store.put("poddisruptionbudgets", budget, Cause("budget.take", {"pod": meta["name"]}))


def _covers(budget: Obj, pod: Obj) -> bool:
    selector = budget["spec"].get("selector")
    return selector is not None and labels.matches(selector, pod["metadata"].get("labels", {}))


def _unready_may_go(budget: Obj, pod: Obj) -> bool:
    """An unready Pod goes without being counted: always, or while enough others are healthy."""
    ready = any(each["type"] == "Ready" and each["status"] == "True" for each in pod.get("status", {}).get("conditions", ()))
    if ready:
        return False
    if budget["spec"].get("unhealthyPodEvictionPolicy") == "AlwaysAllow":
        return True
    status = budget.get("status", {})
    return bool(status.get("currentHealthy", 0) >= status.get("desiredHealthy", 0) and status.get("desiredHealthy", 0) > 0)


def _refuse(message: str, *, retry: int = 0) -> StatusError:
    details: Obj = {"causes": [{"reason": "DisruptionBudget", "message": message}]}
    return StatusError("TooManyRequests", REFUSED, details=details | ({"retryAfterSeconds": retry} if retry else {}))


def _spent(api: ApiServer, budget: Obj, pod: str) -> Obj:
    """The budget with one disruption less."""
    meta, status = budget["metadata"], budget.get("status", {})
    name = meta["name"]
    if status.get("observedGeneration", 0) < meta.get("generation", 0):
        raise _refuse(f"The disruption budget {name} is still being processed by the server.", retry=10)
    if status.get("disruptionsAllowed", 0) < 0:
        raise answers.forbidden("poddisruptionbudgets", name, "pdb disruptions allowed is negative")
    if len(status.get("disruptedPods", {})) > MOST:
        raise answers.forbidden(
            "poddisruptionbudgets", name, "DisruptedPods map too big - too many evictions not confirmed by PDB controller"
        )
    if status.get("disruptionsAllowed", 0) == 0:
        needs, has = status.get("desiredHealthy", 0), status.get("currentHealthy", 0)
        raise _refuse(f"The disruption budget {name} needs {needs} healthy pods and has {has} currently")
    left = status["disruptionsAllowed"] - 1
    new = {**status, "disruptionsAllowed": left, "disruptedPods": {**status.get("disruptedPods", {}), pod: api.world.stamp()}}
    if left == 0:
        new["conditions"] = _insufficient(api, budget)
    return {**budget, "status": new}


def _insufficient(api: ApiServer, budget: Obj) -> list[Obj]:
    held = budget.get("status", {}).get("conditions", [])
    condition = {
        "type": "DisruptionAllowed",
        "status": "False",
        "observedGeneration": budget.get("status", {}).get("observedGeneration", 0),
    }
    condition |= {"lastTransitionTime": api.world.stamp(), "reason": "InsufficientPods", "message": ""}
    return [*(each for each in held if each["type"] != "DisruptionAllowed"), condition]
