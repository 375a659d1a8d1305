"""A world with an API server and nothing else, for tests of single components."""

from __future__ import annotations

from typing import Any

from podlab.sim.apiserver.server import ApiServer
from podlab.sim.apiserver.store import StoreState
from podlab.sim.changes import Obj
from podlab.sim.timings import load
from podlab.sim.world import World, WorldState

ZERO_MS = 1_767_571_200_000


def world(seed: int = 1, store: StoreState | None = None) -> World:
    """A world at virtual zero with the namespace `default` and its ServiceAccount."""
    made = World(WorldState(seed=seed, zero_ms=ZERO_MS), load())
    made.api = ApiServer(made, store or StoreState())
    made.api.create("namespaces", {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "default"}}, by="test")
    account = {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "default", "namespace": "default"}}
    made.api.create("serviceaccounts", account, by="test")
    return made


def node(into: World, name: str, cpu: str = "2", taints: list[Obj] | None = None, labels: dict[str, str] | None = None) -> Obj:
    """A Ready node."""
    meta = {"name": name, "labels": {"kubernetes.io/hostname": name, **(labels or {})}}
    stored = into.api.create("nodes", {"apiVersion": "v1", "kind": "Node", "metadata": meta, "spec": {}}, by=f"kubelet/{name}")
    stored = into.api.update("nodes", {**stored, "spec": {"taints": taints} if taints else {}}, by="test")
    resources = {"cpu": cpu, "memory": "2Gi", "pods": "110"}
    ready = {
        "type": "Ready",
        "status": "True",
        "lastHeartbeatTime": into.stamp(),
        "lastTransitionTime": into.stamp(),
        "reason": "KubeletReady",
        "message": "ok",
    }
    status = {"capacity": resources, "allocatable": resources, "conditions": [ready]}
    return into.api.update("nodes", {**stored, "status": status}, by=f"kubelet/{name}", subresource="status")


def pod(into: World, name: str, cpu: str = "100m", labels: dict[str, str] | None = None, **spec: Any) -> Obj:
    """A Pod with one container."""
    container = {"name": "app", "image": "nginx", "resources": {"requests": {"cpu": cpu}}}
    meta = {"name": name, "namespace": "default", "labels": labels or {}}
    return into.api.create(
        "pods", {"apiVersion": "v1", "kind": "Pod", "metadata": meta, "spec": {"containers": [container], **spec}}, by="learner"
    )


def run(into: World, ms: int) -> None:
    """Let time pass."""
    into.kernel.run_until(into.now + ms)


def ready(into: World, name: str, address: str) -> Obj:
    """What a kubelet would write of a running Pod."""
    held = into.api.get("pods", name, "default")
    now = into.stamp()
    conditions = [
        *(each for each in held["status"].get("conditions") or () if each["type"] != "Ready"),
        {"type": "Ready", "status": "True", "lastTransitionTime": now},
    ]
    status = {**held["status"], "phase": "Running", "podIP": address, "podIPs": [{"ip": address}], "conditions": conditions}
    return into.api.update("pods", {**held, "status": status}, by="kubelet/test", subresource="status")
