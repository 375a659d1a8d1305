"""What is computed when it is read: a healthy node's Lease is renewed each ten seconds, and nobody writes it.

Upstream: none (a kubelet writes each of its heartbeats). Left out: a watch shows no renewals.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from podlab.sim.changes import Obj

if TYPE_CHECKING:
    from podlab.sim.apiserver.server import ApiServer

NAMESPACE = "kube-node-lease"
HEARTBEAT_MS = 10_000
PHASE_MS = 7_000


def last_beat(now: int) -> int:
    """The instant of the last heartbeat: on the seventh second of ten, as recorded."""
    return (now - PHASE_MS) // HEARTBEAT_MS * HEARTBEAT_MS + PHASE_MS


def renewed(api: ApiServer, obj: Obj) -> Obj:
    """The object as it is read now."""
    meta, spec = obj["metadata"], obj.get("spec") or {}
    if meta.get("namespace") != NAMESPACE or spec.get("holderIdentity") != meta["name"] or "renewTime" in spec:
        return obj
    return {**obj, "spec": {**spec, "renewTime": api.world.micro(last_beat(api.world.now))}}
