"""The verbs: create, get, list, update, patch, delete, as every component and kubectl call them.

Errors are StatusErrors in Kubernetes' words. Objects given in are not changed; objects given out must not be.
What components of the cluster write is trusted: it is not decoded and validated again, except when it is new.

Upstream: staging/src/k8s.io/apiserver/pkg/registry/generic/registry/store.go. Left out: see `docs/left-out.md`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from podlab.sim.api.resources import RESOURCES
from podlab.sim.apiserver import answers, deletion, patching, subresources
from podlab.sim.apiserver.admission import lab_budget, resource_quota
from podlab.sim.apiserver.correlation import CorrelatorState
from podlab.sim.apiserver.create import prepared
from podlab.sim.apiserver.events import Recorder
from podlab.sim.apiserver.managed.apply import begun, entry_of, owned
from podlab.sim.apiserver.managed.entries import Entry, render
from podlab.sim.apiserver.patching import PatchType
from podlab.sim.apiserver.store import Store, StoreState
from podlab.sim.apiserver.update import change
from podlab.sim.changes import Cause, Denied, Obj
from podlab.sim.errors import StatusError

if TYPE_CHECKING:
    from podlab.sim.world import World

EVENT_TTL_MS = 3_600_000
Owners = list[Entry]
Objs = list[Obj]
Warnings = list[str] | None
"""Where the server's warnings go (they do not stop a request)."""
LEARNER = "learner"
P = ParamSpec("P")
R = TypeVar("R")


def _told(verb: Callable[P, R]) -> Callable[P, R]:
    """Let whoever observes the cluster know when the learner is refused."""

    @wraps(verb)
    def run(*args: P.args, **named: P.kwargs) -> R:
        try:
            return verb(*args, **named)
        except StatusError as error:
            if named.get("by") == LEARNER:
                world: World = args[0].world  # type: ignore[attr-defined]
                world.notice(Denied(world.now, error.code, error.reason, error.message))
            raise

    return run


class ApiServer:
    """The cluster's only shared memory."""

    def __init__(self, world: World, state: StoreState) -> None:
        self.world = world
        self.state = state
        self.store = Store(world, state)
        world.kernel.handle("apiserver/event-series", self._event_series)
        world.kernel.handle("apiserver/event-ttl", self._event_expired)

    def get(self, resource: str, name: str, namespace: str = "") -> Obj:
        """The object; StatusError NotFound."""
        obj = self.store.get(resource, namespace, name)
        if obj is None:
            raise answers.not_found(resource, name)
        return obj

    def find(self, resource: str, name: str, namespace: str = "") -> Obj | None:
        """The object, or None."""
        return self.store.get(resource, namespace, name)

    def list(self, resource: str, namespace: str = "", matching: Callable[[Obj], bool] | None = None) -> list[Obj]:
        """The objects, of one namespace or of all, by key."""
        return [each for each in self.store.all(resource, namespace) if matching is None or matching(each)]

    @_told
    def create(
        self,
        resource: str,
        obj: Obj,
        *,
        by: str,
        cause: Cause | None = None,
        dry_run: bool = False,
        strict: bool = False,
        warnings: Warnings = None,
        field_manager: str = "",
    ) -> Obj:
        """Admit, default, validate and store a new object. `by` is the caller: `learner`, `kubelet/N`, `scheduler`, `controller/X`.

        `strict`: unknown fields are an error, as kubectl asks; otherwise they are dropped, which is put into `warnings` with the rest.
        """
        mine: list[Entry] = []
        row = RESOURCES[resource]
        entry = entry_of(self, row, field_manager)
        began = (lambda sent: mine.append(begun(row, sent, entry))) if field_manager else None
        new = prepared(self, resource, obj, strict=strict, warnings=warnings, began=began)
        meta = new["metadata"]
        old = self.store.get(resource, meta.get("namespace", ""), meta["name"])
        if old is not None:
            raise answers.already_exists(resource, meta["name"], deleting="deletionTimestamp" in old["metadata"])
        lab_budget.admit(self, resource, new)
        resource_quota.admit(self, resource, new, dry_run=dry_run)
        if dry_run:
            return new
        self._keep_event(resource, new)
        self._own(new, mine)
        return self.store.put(resource, new, cause)

    def _own(self, obj: Obj, entries: Owners) -> None:
        """Keep who owns which fields."""
        if entries:
            self.state.managed[obj["metadata"]["uid"]] = entries

    def managed_fields(self, obj: Obj) -> Objs:
        """metadata.managedFields of an object, which is not part of it: as REST shows it."""
        return render(self.state.managed.get(obj["metadata"].get("uid", ""), []))

    @_told
    def update(
        self,
        resource: str,
        obj: Obj,
        *,
        by: str,
        cause: Cause | None = None,
        subresource: str = "",
        dry_run: bool = False,
        strict: bool = False,
        warnings: Warnings = None,
        field_manager: str = "",
    ) -> Obj:
        """Replace an object (or, with `subresource`, that part of it); a change of nothing writes nothing.

        StatusErrors NotFound, Conflict (a resourceVersion is given and stale), Invalid.
        """
        meta = obj["metadata"]
        old = self.get(resource, meta["name"], meta.get("namespace", ""))
        sent: list[Obj] = []
        new = change(self, resource, old, obj, by=by, subresource=subresource, strict=strict, warnings=warnings, sent=sent)
        owners = None
        if field_manager:
            entry = entry_of(self, RESOURCES[resource], field_manager, subresource)
            owners = owned(self, RESOURCES[resource], old, sent[0] if sent else new, entry, still=new is old)
        return self.write(resource, old, new, cause, dry_run=dry_run, owners=owners)

    @_told
    def patch(
        self,
        resource: str,
        name: str,
        namespace: str,
        patch: Any,
        kind: PatchType = "strategic",
        *,
        by: str,
        cause: Cause | None = None,
        subresource: str = "",
        field_manager: str = "",
        force: bool = False,
        dry_run: bool = False,
        strict: bool = False,
        warnings: Warnings = None,
    ) -> Obj:
        """Change a part of an object: `merge` and `strategic` take an object, `json` a list of operations, `apply` a configuration.

        `apply` creates what is missing and needs `field_manager`; `force` takes fields over from other managers (otherwise Conflict).
        """
        wanted = patching.Patch(
            patch, kind, by=by, subresource=subresource, manager=field_manager, force=force, strict=strict, warnings=warnings
        )
        return patching.patch(self, resource, name, namespace, wanted, cause, dry_run=dry_run)

    def write(self, resource: str, old: Obj, new: Obj, cause: Cause | None, *, dry_run: bool = False, owners: Owners | None = None) -> Obj:
        """Store what `change` made of an object; a deleted one whose last finalizer is taken off goes, as it was before.

        `owners`: who owns what then, where that changes; it is a change of the object too.
        """
        if dry_run or (new is old and owners is None):
            return new
        if deletion.may_go(resource, new):
            self.store.remove(resource, old, cause)
            return new
        self._keep_event(resource, new)
        if owners is not None:
            self.state.managed[old["metadata"]["uid"]] = owners
        return self.store.put(resource, {**old} if new is old else new, cause)

    @_told
    def delete(
        self,
        resource: str,
        name: str,
        namespace: str = "",
        *,
        by: str,
        cause: Cause | None = None,
        grace: int | None = None,
        propagation: str = "",
        uid: str = "",
        version: str = "",
        dry_run: bool = False,
    ) -> Obj:
        """Delete, gracefully where the kind is; returns the object as it is then (`deletion.gone` tells whether it went).

        `grace` in seconds; `propagation` Background, Foreground or Orphan; `uid` and `version` (resourceVersion) are preconditions.
        """
        wanted = deletion.Wanted(grace=grace, propagation=propagation, uid=uid, version=version)
        return deletion.delete(self, resource, name, namespace, wanted, by=by, cause=cause, dry_run=dry_run)

    @_told
    def bind(self, namespace: str, pod: str, node: str, *, by: str = "scheduler", cause: Cause | None = None, uid: str = "") -> None:
        """The binding subresource: set `spec.nodeName` and PodScheduled=True; Conflict the second time."""
        subresources.bind(self, namespace, pod, node, cause=cause, uid=uid)

    @_told
    def evict(
        self,
        namespace: str,
        pod: str,
        *,
        by: str,
        cause: Cause | None = None,
        grace: int | None = None,
        uid: str = "",
        dry_run: bool = False,
    ) -> None:
        """The eviction subresource: delete unless a disruption budget forbids it (TooManyRequests)."""
        subresources.evict(self, namespace, pod, deletion.Wanted(grace=grace, uid=uid), by=by, cause=cause, dry_run=dry_run)

    def correlator(self, component: str, host: str = "") -> CorrelatorState:
        """What the event recorder of a component (on a host) remembers."""
        return self.state.recorders.setdefault(f"{component}|{host}", CorrelatorState())

    def _event_series(self, key: str) -> None:
        component, _, host = key.partition("|")
        Recorder(self.world, component, host).tick()

    def _keep_event(self, resource: str, event: Obj) -> None:
        """EV-9: an Event lives for an hour after its last change."""
        if resource == "events":
            self.world.kernel.after(
                EVENT_TTL_MS, "apiserver/event-ttl", f"{event['metadata'].get('namespace', '')}/{event['metadata']['name']}"
            )

    def _event_expired(self, key: str) -> None:
        namespace, _, name = key.partition("/")
        event = self.store.get("events", namespace, name)
        if event is not None:
            self.store.remove("events", event, Cause("EV-9"))
