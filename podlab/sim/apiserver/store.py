"""Where the objects are: by resource and key, each with its resourceVersion, every write told to the world.

`resourceVersion = t_ms * 1000 + n` (instants before zero count from ten minutes before); n ≥ 900 is kept for heartbeats.

Upstream: staging/src/k8s.io/apiserver/pkg/storage (etcd3 store). Left out: compaction (a session is short), leases.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import Literal

from msgspec import Struct, field

from podlab.sim.apiserver.correlation import CorrelatorState
from podlab.sim.apiserver.managed.entries import Entry
from podlab.sim.changes import Cause, Obj, ObjectChange
from podlab.sim.world import World

HISTORY_MS = 600_000
REMEMBERED = 1000
"""Changes that a watch or a paged list may still ask for; older resourceVersions are expired. Not saved."""


class StoreState(Struct):
    """`objects`: resource → key (`namespace/name` or `name`) → object. `version`: the newest resourceVersion.

    `recorders`: what the event recorders remember, by `component|host`; `managed`: who owns which fields, by uid.
    """

    objects: dict[str, dict[str, Obj]] = field(default_factory=dict)
    version: int = 0
    recorders: dict[str, CorrelatorState] = field(default_factory=dict)
    managed: dict[str, list[Entry]] = field(default_factory=dict)


def key_of(namespace: str, name: str) -> str:
    """The key of an object; cluster-scoped ones have no namespace."""
    return f"{namespace}/{name}" if namespace else name


class Store:
    """The only place where objects are put and removed."""

    def __init__(self, world: World, state: StoreState) -> None:
        self._world = world
        self._state = state
        self.history: deque[ObjectChange] = deque(maxlen=REMEMBERED)
        self._begun = state.version

    @property
    def version(self) -> int:
        """The newest resourceVersion."""
        return self._state.version

    @property
    def oldest(self) -> int:
        """The oldest resourceVersion after which all changes are remembered."""
        if len(self.history) == REMEMBERED:
            return int(self.history[0].rv)
        return self._begun

    def at(self, resource: str, namespace: str, version: int) -> list[Obj]:
        """The objects as they were at a resourceVersion that is not older than `oldest`."""
        held = {key_of(each["metadata"].get("namespace", ""), each["metadata"]["name"]): each for each in self.all(resource, namespace)}
        for change in reversed(self.history):
            if int(change.rv) <= version:
                break
            if change.resource != resource or (namespace and change.namespace != namespace):
                continue
            key = key_of(change.namespace, change.name)
            if change.old is None:
                held.pop(key, None)
            else:
                held[key] = change.old
        return [held[key] for key in sorted(held)]

    def get(self, resource: str, namespace: str, name: str) -> Obj | None:
        """The object, or None."""
        return self._state.objects.get(resource, {}).get(key_of(namespace, name))

    def all(self, resource: str, namespace: str = "") -> Iterator[Obj]:
        """The objects of a resource, of one namespace or of all, in the order of their keys."""
        held = self._state.objects.get(resource, {})
        prefix = f"{namespace}/" if namespace else ""
        for key in sorted(held):
            if key.startswith(prefix):
                yield held[key]

    def put(self, resource: str, obj: Obj, cause: Cause | None) -> Obj:
        """Store `obj` (new or changed) under a new resourceVersion; returns it as stored."""
        meta = obj["metadata"]
        key = key_of(meta.get("namespace", ""), meta["name"])
        held = self._state.objects.setdefault(resource, {})
        old = held.get(key)
        stored: Obj = {**obj, "metadata": {**meta, "resourceVersion": self._next_version()}}
        held[key] = stored
        self._tell("MODIFIED" if old is not None else "ADDED", resource, old, stored, cause)
        return stored

    def remove(self, resource: str, obj: Obj, cause: Cause | None) -> Obj:
        """Remove `obj`; the DELETED change carries it as given, under a new resourceVersion."""
        meta = obj["metadata"]
        old = self._state.objects[resource].pop(key_of(meta.get("namespace", ""), meta["name"]))
        self._state.managed.pop(meta["uid"], None)
        last: Obj = {**obj, "metadata": {**meta, "resourceVersion": self._next_version()}}
        self._tell("DELETED", resource, old, last, cause)
        return last

    def _next_version(self) -> str:
        state = self._state
        floor = (self._world.now + HISTORY_MS) * 1000
        state.version = max(state.version + 1, floor + 1)
        if state.version % 1000 >= 900:
            state.version += 1000 - state.version % 1000
        return str(state.version)

    def _tell(self, type_: Literal["ADDED", "MODIFIED", "DELETED"], resource: str, old: Obj | None, new: Obj, cause: Cause | None) -> None:
        world, meta = self._world, new["metadata"]
        if cause is not None and cause.by == 0 and world.kernel.by:
            cause = Cause(cause.rule, cause.args, world.kernel.by)
        change = ObjectChange(
            world.now,
            world.number(),
            type_,
            resource,
            meta.get("namespace", ""),
            meta["name"],
            meta["uid"],
            meta["resourceVersion"],
            old,
            new,
            cause,
        )
        self.history.append(change)
        world.tell(change)
