"""Autoscalers and Ingresses: kinds with a status that nobody has written yet.

Upstream: pkg/registry/autoscaling/horizontalpodautoscaler/strategy.go, pkg/registry/networking/ingress/strategy.go. Left out: nothing.
"""

from __future__ import annotations

from podlab.sim.apiserver.strategy.base import Strategy
from podlab.sim.changes import Obj


class AutoscalerStrategy(Strategy):
    """HorizontalPodAutoscalers have no generation."""

    def __init__(self) -> None:
        super().__init__(status=True)

    def reset_status(self, new: Obj) -> None:
        """Nothing seen yet."""
        new["status"] = {"desiredReplicas": 0, "currentMetrics": None}


class IngressStrategy(Strategy):
    """Ingresses; the generation counts changes of the spec."""

    def __init__(self) -> None:
        super().__init__(generation=True, status=True)

    def reset_status(self, new: Obj) -> None:
        """No address."""
        new["status"] = {"loadBalancer": {}}
