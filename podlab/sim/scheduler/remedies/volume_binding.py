"""Which of the Pod's claims is in the way.

Upstream: none. Left out: commands (a claim is made from a manifest).
"""

from __future__ import annotations

from podlab.sim.scheduler.framework import Handle
from podlab.sim.scheduler.node_info import NodeInfo, PodInfo
from podlab.sim.scheduler.plugins import volume_binding
from podlab.sim.scheduler.remedies.remedy import Remedy


def of(reason: str, pod: PodInfo, _node: NodeInfo, handle: Handle) -> Remedy | None:
    """A claim that is missing, or has no volume; one whose volume other nodes reach."""
    claims = {name: handle.find("persistentvolumeclaims", pod.namespace, name) for name in volume_binding.claim_names(pod)}
    missing = next((name for name, claim in claims.items() if claim is None), "")
    if missing:
        return Remedy("claim", {"claim": missing, "namespace": pod.namespace})
    bound = {name: str(claim["spec"].get("volumeName") or "") for name, claim in claims.items() if claim is not None}
    loose = next((name for name, volume in bound.items() if not volume), "")
    if loose and reason in (volume_binding.IMMEDIATE, volume_binding.NOT_FOUND):
        return Remedy("unbound", {"claim": loose})
    if reason == volume_binding.CONFLICT:
        volumes = ", ".join(f"{name} ({volume})" for name, volume in bound.items() if volume)
        return Remedy("elsewhere", {"claim": volumes})
    return None
