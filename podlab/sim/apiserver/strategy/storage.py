"""Claims and volumes: their status has its own door; a new one is Pending.

Upstream: pkg/registry/core/persistentvolumeclaim/strategy.go, pkg/registry/core/persistentvolume/strategy.go. Left out: expansion on nodes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from podlab.sim.apiserver.strategy.base import Strategy
from podlab.sim.changes import Obj

if TYPE_CHECKING:
    from podlab.sim.apiserver.server import ApiServer

REFERENCE_ONLY = ("dataSource", "dataSourceRef")


class ClaimStrategy(Strategy):
    """PersistentVolumeClaims; a source of data stands in both fields."""

    def __init__(self) -> None:
        super().__init__(status=True, answers_object=True)

    def prepare_create(self, api: ApiServer, new: Obj) -> None:
        """Pending, whatever is claimed."""
        new["status"] = {"phase": "Pending"}
        spec, (one, other) = new["spec"], REFERENCE_ONLY
        if spec.get(one) and not spec.get(other):
            spec[other] = dict(spec[one])
        elif spec.get(other) and not spec.get(one) and not spec[other].get("namespace"):
            spec[one] = dict(spec[other])


class VolumeStrategy(Strategy):
    """PersistentVolumes; the instant of their last change of phase is noted."""

    def __init__(self) -> None:
        super().__init__(status=True)

    def prepare_create(self, api: ApiServer, new: Obj) -> None:
        """Pending since now."""
        new["status"] = {"phase": "Pending", "lastPhaseTransitionTime": api.world.stamp()}

    def prepare_status(self, api: ApiServer, new: Obj, old: Obj) -> Obj:
        """Another phase since now, unless the writer says since when."""
        status, held = new.get("status") or {}, old.get("status") or {}
        told = status.get("lastPhaseTransitionTime")
        if told and told != held.get("lastPhaseTransitionTime"):
            return new
        since = api.world.stamp() if status.get("phase") != held.get("phase") else held.get("lastPhaseTransitionTime")
        return {**new, "status": {**status, "lastPhaseTransitionTime": since}} if since else new
