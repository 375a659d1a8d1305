"""Who the kernel ends first when memory runs out: oom_score_adj.

Upstream: pkg/kubelet/qos/policy.go. Left out: nothing.
"""

from __future__ import annotations

from podlab.sim.api.qos import qos_class
from podlab.sim.api.quantities import whole
from podlab.sim.changes import Obj
from podlab.sim.kubelet.specs import Spec, inits, is_sidecar, regular

GUARANTEED = -997
BEST_EFFORT = 1000
NODE_CRITICAL = "system-node-critical"


def memory_request(container: Spec) -> int:
    """The memory request, in bytes."""
    return whole(((container.get("resources") or {}).get("requests") or {}).get("memory", 0))


def oom_score_adj(pod: Obj, container: Spec, capacity: int) -> int:
    """The adjustment of a container's processes (CL-8); `capacity`: the node's memory in bytes."""
    spec = pod["spec"]
    qos = qos_class(spec)
    if spec.get("priorityClassName") == NODE_CRITICAL or qos == "Guaranteed":
        return GUARANTEED
    if qos == "BestEffort":
        return BEST_EFFORT
    extra = _unclaimed(spec)
    score = _burstable(memory_request(container) + extra, capacity)
    if is_sidecar(container) and any(each is container for each in inits(spec)):
        least = min(memory_request(each) for each in regular(spec))
        score = min(score, _burstable(least + extra, capacity))
    return score


def _unclaimed(spec: Obj) -> int:
    """A container's share of the Pod's own request that no container's request claims."""
    own = ((spec.get("resources") or {}).get("requests") or {}).get("memory")
    containers = [*regular(spec), *(each for each in inits(spec) if is_sidecar(each))]
    return 0 if own is None else (whole(own) - sum(memory_request(each) for each in containers)) // len(containers)


def _burstable(request: int, capacity: int) -> int:
    score = 1000 - (1000 * request) // capacity if capacity else 999
    if score < 1000 + GUARANTEED:
        return 1000 + GUARANTEED
    return 999 if score == BEST_EFFORT else score
