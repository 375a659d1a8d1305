"""Kinds with a generation and a status: Deployments, ReplicaSets, budgets, slices.

Upstream: pkg/registry/apps/*/strategy.go, pkg/registry/policy, pkg/registry/discovery. Left out: nothing.
"""

from __future__ import annotations

from podlab.sim.apiserver.strategy.base import Strategy
from podlab.sim.changes import Obj


class WorkloadStrategy(Strategy):
    """The generation counts changes of the spec."""

    def __init__(self) -> None:
        super().__init__(generation=True, status=True)

    def reset_status(self, new: Obj) -> None:
        """Empty, as Go shows it."""
        new["status"] = {"replicas": 0} if new["kind"] == "ReplicaSet" else {}
        if new["kind"] == "PodDisruptionBudget":
            new["status"] = {"disruptionsAllowed": 0, "currentHealthy": 0, "desiredHealthy": 0, "expectedPods": 0}


class DeploymentStrategy(WorkloadStrategy):
    """Annotations count, too: the controller copies them."""

    def counts(self, new: Obj, old: Obj) -> bool:
        """Spec or annotations."""
        return new.get("spec") != old.get("spec") or new["metadata"].get("annotations", {}) != old["metadata"].get("annotations", {})


class EndpointSliceStrategy(Strategy):
    """No spec: everything but the metadata counts."""

    def __init__(self) -> None:
        super().__init__(generation=True)

    def counts(self, new: Obj, old: Obj) -> bool:
        """Endpoints, ports, labels."""
        return any(new.get(name) != old.get(name) for name in ("endpoints", "ports", "addressType")) or new["metadata"].get(
            "labels"
        ) != old["metadata"].get("labels")
