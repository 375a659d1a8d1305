"""A bare API server for tests: namespaces with their accounts, nobody else."""

from __future__ import annotations

from typing import Any

from podlab.sim import boot
from podlab.sim.apiserver.server import ApiServer
from podlab.sim.apiserver.store import StoreState
from podlab.sim.changes import Obj
from podlab.sim.timings import load
from podlab.sim.world import World, WorldState

ZERO_MS = 1_700_000_000_000


def bare() -> ApiServer:
    """An API server with the first namespaces."""
    world = World(WorldState(zero_ms=ZERO_MS), load())
    world.api = ApiServer(world, StoreState())
    boot.namespaces(world)
    world.changes.clear()
    return world.api


def pod(name: str = "p", *, namespace: str = "default", meta: dict[str, Any] | None = None, **spec: Any) -> Obj:
    """A Pod with one container, and what `spec` adds or replaces."""
    containers = [{"name": "c", "image": "nginx:1.27"}]
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": name, "namespace": namespace, **(meta or {})},
        "spec": {"containers": containers, **spec},
    }


def config_map(name: str = "c", **data: str) -> Obj:
    """A ConfigMap."""
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name, "namespace": "default"}, "data": data}


def deployment(name: str = "d", **spec: Any) -> Obj:
    """A Deployment of one container."""
    template = {
        "metadata": {"labels": {"app": "x"}},
        "spec": {"containers": [{"name": "c", "image": "nginx:1.27", "env": [{"name": "A", "value": "1"}]}]},
    }
    whole = {"selector": {"matchLabels": {"app": "x"}}, "template": template, **spec}
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": name, "namespace": "default"}, "spec": whole}
