"""The verbs: create, get, list, update, patch, delete, as every component and kubectl call them.

Errors are StatusErrors in Kubernetes' words. Objects given in are not changed; objects given out must not be.

Upstream: staging/src/k8s.io/apiserver/pkg/registry/generic/registry/store.go. Left out: see `docs/left-out.md`.
"""

from __future__ import annotations

from collections.abc import Callable

from podlab.sim.api.resources import RESOURCES
from podlab.sim.apiserver.correlation import CorrelatorState
from podlab.sim.apiserver.events import Recorder
from podlab.sim.apiserver.store import Store, StoreState
from podlab.sim.changes import Cause, Obj
from podlab.sim.errors import StatusError
from podlab.sim.world import World


class ApiServer:
    """The cluster's only shared memory."""

    def __init__(self, world: World, state: StoreState) -> None:
        self.world = world
        self.state = state
        self.store = Store(world, state)
        world.kernel.handle("apiserver/event-series", self._event_series)

    def correlator(self, component: str, host: str = "") -> CorrelatorState:
        """What the event recorder of a component (on a host) remembers."""
        return self.state.recorders.setdefault(f"{component}|{host}", CorrelatorState())

    def _event_series(self, key: str) -> None:
        component, _, host = key.partition("|")
        Recorder(self.world, component, host).tick()

    def get(self, resource: str, name: str, namespace: str = "") -> Obj:
        """The object; StatusError NotFound."""
        obj = self.store.get(resource, namespace, name)
        if obj is None:
            raise StatusError("NotFound", f'{_qualified(resource)} "{name}" not found', details={"name": name, "kind": resource})
        return obj

    def find(self, resource: str, name: str, namespace: str = "") -> Obj | None:
        """The object, or None."""
        return self.store.get(resource, namespace, name)

    def list(self, resource: str, namespace: str = "", matching: Callable[[Obj], bool] | None = None) -> list[Obj]:
        """The objects, of one namespace or of all, by key."""
        return [each for each in self.store.all(resource, namespace) if matching is None or matching(each)]

    def create(self, resource: str, obj: Obj, *, by: str, cause: Cause | None = None, dry_run: bool = False) -> Obj:
        """Admit, default, validate and store a new object. `by` is the caller: `learner`, `kubelet/N`, `scheduler`, `controller/X`."""
        meta = obj["metadata"]
        name = meta.get("name") or meta["generateName"] + self.world.suffix("name")
        if self.store.get(resource, meta.get("namespace", ""), name) is not None:
            raise StatusError("AlreadyExists", f'{_qualified(resource)} "{name}" already exists', details={"name": name, "kind": resource})
        new: Obj = {**obj, "metadata": {**meta, "name": name, "uid": self.world.uid(), "creationTimestamp": self.world.stamp()}}
        return new if dry_run else self.store.put(resource, new, cause)

    def update(self, resource: str, obj: Obj, *, by: str, cause: Cause | None = None, subresource: str = "", dry_run: bool = False) -> Obj:
        """Replace an object (or, with `subresource`, that part of it); a change of nothing writes nothing."""
        meta = obj["metadata"]
        old = self.get(resource, meta["name"], meta.get("namespace", ""))
        new = {**old, "status": obj.get("status")} if subresource == "status" else obj
        if new == old:
            return old
        return new if dry_run else self.store.put(resource, new, cause)

    def delete(self, resource: str, name: str, namespace: str = "", *, by: str, cause: Cause | None = None, grace: int | None = None, propagation: str = "", uid: str = "", dry_run: bool = False) -> Obj:
        """Delete, gracefully where the kind is; returns the object as it is then. `grace` in seconds; `uid` is a precondition."""
        obj = self.get(resource, name, namespace)
        return obj if dry_run else self.store.remove(resource, obj, cause)

    def bind(self, namespace: str, pod: str, node: str, *, by: str = "scheduler", cause: Cause | None = None) -> None:
        """The binding subresource: set `spec.nodeName` and PodScheduled=True; Conflict the second time."""
        old = self.get("pods", pod, namespace)
        self.store.put("pods", {**old, "spec": {**old["spec"], "nodeName": node}}, cause)


def _qualified(resource: str) -> str:
    group = RESOURCES[resource].group
    return f"{resource}.{group}" if group else resource
