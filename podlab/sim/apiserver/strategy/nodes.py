"""Nodes: cluster-scoped, with a status of their own.

Upstream: pkg/registry/core/node/strategy.go. Left out: dynamic kubelet configuration.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from podlab.sim.apiserver.strategy.base import Strategy
from podlab.sim.changes import Obj

if TYPE_CHECKING:
    from podlab.sim.apiserver.server import ApiServer


class NodeStrategy(Strategy):
    """A new Node may bring its status; later it has its own door."""

    def __init__(self) -> None:
        super().__init__(status=True)

    def prepare_create(self, api: ApiServer, new: Obj) -> None:
        """The first of the Pod networks stands in both fields."""
        _networks(new["spec"])

    def prepare_update(self, api: ApiServer, new: Obj, old: Obj) -> Obj:
        """The status stays."""
        return {**new, "status": old.get("status", {})}


def _networks(spec: Obj) -> None:
    if spec.get("podCIDR") and not spec.get("podCIDRs"):
        spec["podCIDRs"] = [spec["podCIDR"]]
    elif spec.get("podCIDRs") and not spec.get("podCIDR"):
        spec["podCIDR"] = spec["podCIDRs"][0]
