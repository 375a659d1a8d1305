"""Namespaces: Active until they are deleted, held by their own finalizer.

Upstream: pkg/registry/core/namespace/strategy.go, storage/storage.go. Left out: nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from podlab.sim.apiserver.strategy.base import Strategy
from podlab.sim.changes import Obj

if TYPE_CHECKING:
    from podlab.sim.apiserver.server import ApiServer


class NamespaceStrategy(Strategy):
    """Deletion first turns it Terminating; the namespace controller takes `kubernetes` off `spec.finalizers`."""

    def __init__(self) -> None:
        super().__init__(answers_object=True, status=True)

    def prepare_create(self, api: ApiServer, new: Obj) -> None:
        """Active, with the finalizer."""
        new["status"] = {"phase": "Active"}
        held = new["spec"].get("finalizers", [])
        new["spec"]["finalizers"] = held if "kubernetes" in held else [*held, "kubernetes"]

    def prepare_update(self, api: ApiServer, new: Obj, old: Obj) -> Obj:
        """Finalizers and status have their own doors."""
        return {**new, "spec": {**new.get("spec", {}), "finalizers": old["spec"].get("finalizers", [])}, "status": old.get("status", {})}
