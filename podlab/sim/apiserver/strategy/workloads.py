"""Kinds with a generation and a status: Deployments, ReplicaSets, budgets, slices.

Upstream: pkg/registry/apps/*/strategy.go, pkg/registry/policy, pkg/registry/discovery. Left out: nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from podlab.sim.apiserver.strategy.base import Strategy
from podlab.sim.changes import Obj

if TYPE_CHECKING:
    from podlab.sim.apiserver.server import ApiServer


EMPTY: dict[str, Obj] = {
    "ReplicaSet": {"replicas": 0},
    "ReplicationController": {"replicas": 0},
    "StatefulSet": {"replicas": 0, "availableReplicas": 0},
    "DaemonSet": {"currentNumberScheduled": 0, "numberMisscheduled": 0, "desiredNumberScheduled": 0, "numberReady": 0},
    "PodDisruptionBudget": {"disruptionsAllowed": 0, "currentHealthy": 0, "desiredHealthy": 0, "expectedPods": 0},
}
GENERATION = "deprecated.daemonset.template.generation"


class WorkloadStrategy(Strategy):
    """The generation counts changes of the spec."""

    def __init__(self) -> None:
        super().__init__(generation=True, status=True)

    def reset_status(self, new: Obj) -> None:
        """Empty, as Go shows it."""
        new["status"] = dict(EMPTY.get(new["kind"], {}))
        if new["kind"] == "PodDisruptionBudget":
            new["status"] = {"disruptionsAllowed": 0, "currentHealthy": 0, "desiredHealthy": 0, "expectedPods": 0}


class DeploymentStrategy(WorkloadStrategy):
    """Annotations count, too: the controller copies them."""

    def counts(self, new: Obj, old: Obj) -> bool:
        """Spec or annotations."""
        return new.get("spec") != old.get("spec") or new["metadata"].get("annotations", {}) != old["metadata"].get("annotations", {})


class DaemonSetStrategy(WorkloadStrategy):
    """Its template has a generation of its own, in an annotation."""

    def prepare_create(self, api: ApiServer, new: Obj) -> None:
        """The first."""
        super().prepare_create(api, new)
        meta = new["metadata"]
        meta["annotations"] = {**(meta.get("annotations") or {}), GENERATION: "1"}

    def prepare_update(self, api: ApiServer, new: Obj, old: Obj) -> Obj:
        """The next one, when the template has changed."""
        new = super().prepare_update(api, new, old)
        held = int((old["metadata"].get("annotations") or {}).get(GENERATION, "1"))
        number = held + (new["spec"].get("template") != old["spec"].get("template"))
        return {
            **new,
            "metadata": {**new["metadata"], "annotations": {**(new["metadata"].get("annotations") or {}), GENERATION: str(number)}},
        }


class PodTemplateStrategy(Strategy):
    """No status; the template counts."""

    def __init__(self) -> None:
        super().__init__(generation=True)

    def counts(self, new: Obj, old: Obj) -> bool:
        """The template."""
        return bool(new.get("template") != old.get("template"))


class EndpointSliceStrategy(Strategy):
    """No spec: everything but the metadata counts."""

    def __init__(self) -> None:
        super().__init__(generation=True)

    def counts(self, new: Obj, old: Obj) -> bool:
        """Endpoints, ports, labels."""
        return any(new.get(name) != old.get(name) for name in ("endpoints", "ports", "addressType")) or new["metadata"].get(
            "labels"
        ) != old["metadata"].get("labels")
