"""Pods: Pending from the start, with their QoS class; deleted gracefully once they are on a node.

Upstream: pkg/registry/core/pod/strategy.go. Left out: dropping of fields whose gates are on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from podlab.sim.api import qos
from podlab.sim.apiserver.strategy.base import Strategy
from podlab.sim.changes import Obj

if TYPE_CHECKING:
    from podlab.sim.apiserver.server import ApiServer

GATED = "Scheduling is blocked due to non-empty scheduling gates"


class PodStrategy(Strategy):
    """TD-6, PH-18, MU-5."""

    def __init__(self) -> None:
        super().__init__(answers_object=True, generation=True, status=True)
        self.graceful = True

    def prepare_create(self, api: ApiServer, new: Obj) -> None:
        """Phase, QoS class, the condition of a gated Pod."""
        spec = new["spec"]
        if spec.get("terminationGracePeriodSeconds", 0) < 0:
            spec["terminationGracePeriodSeconds"] = 1
        for each in (*(spec.get("containers") or ()), *spec.get("initContainers", ())):
            each.get("lifecycle", {}).pop("stopSignal", None)
            if each.get("lifecycle") == {}:
                del each["lifecycle"]
        new["status"] = {"phase": "Pending", "qosClass": qos.qos_class(spec)}
        if spec.get("schedulingGates"):
            condition = {"type": "PodScheduled", "status": "False", "lastProbeTime": None, "lastTransitionTime": api.world.stamp()}
            new["status"]["conditions"] = [{**condition, "reason": "SchedulingGated", "message": GATED}]

    def prepare_update(self, api: ApiServer, new: Obj, old: Obj) -> Obj:
        """The status is the kubelet's; a negative grace period becomes 1."""
        spec = new["spec"]
        if spec.get("terminationGracePeriodSeconds", 0) < 0 and old["spec"].get("terminationGracePeriodSeconds", 0) >= 0:
            spec = {**spec, "terminationGracePeriodSeconds": 1}
        return {**new, "spec": spec, "status": old.get("status", {})}

    def grace(self, obj: Obj, wanted: int | None) -> int:
        """TD-6: asked for, else the Pod's own; 0 without a node or when it has ended; never below 1 otherwise."""
        spec, status = obj["spec"], obj.get("status", {})
        seconds = wanted if wanted is not None else spec.get("terminationGracePeriodSeconds", 0)
        if not spec.get("nodeName") or status.get("phase") in ("Failed", "Succeeded"):
            return 0
        return 1 if seconds < 0 else int(seconds)
