"""Where the objects are: by resource and key, each with its resourceVersion, every write told to the world.

`resourceVersion = t_ms * 1000 + n` (instants before zero count from ten minutes before); n ≥ 900 is kept for heartbeats.

Upstream: staging/src/k8s.io/apiserver/pkg/storage (etcd3 store). Left out: compaction (a session is short), leases.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from typing import Literal

from msgspec import Struct, field, json

from podlab.sim.apiserver.correlation import CorrelatorState
from podlab.sim.apiserver.managed.entries import Entry
from podlab.sim.changes import Cause, Obj, ObjectChange
from podlab.sim.checkpoint import Folded, Shelves, fold, unfold
from podlab.sim.world import World

HISTORY_MS = 600_000
REMEMBERED = 1000
"""Changes that a watch or a paged list may still ask for; older resourceVersions are expired. Not saved."""


NOTHING: dict[str, Obj | Folded] = {}
NOBODY: list[Entry] = []
"""Who owns the fields of an object that nobody was named for."""


class StoreState(Struct):
    """`objects`: resource → key (`namespace/name` or `name`) → object; folded, with its owners, until somebody asks for it.

    `version`: the newest resourceVersion. `recorders`: what the event recorders remember, by `component|host`. `managed`: who owns which
    fields of the objects that are not folded, by uid.
    """

    objects: dict[str, dict[str, Obj | Folded]] = field(default_factory=dict)
    version: int = 0
    recorders: dict[str, CorrelatorState] = field(default_factory=dict)
    managed: dict[str, list[Entry]] = field(default_factory=dict)


_encoder = json.Encoder()
_decoder = json.Decoder(tuple[Obj, list[Entry]])


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
        self._kept: dict[str, tuple[Obj, list[Entry], Folded]] = {}
        """By uid what an object and its owners were folded into."""

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
        held = self._state.objects.get(resource, NOTHING).get(f"{namespace}/{name}" if namespace else name)
        return self._open(resource, key_of(namespace, name), held) if isinstance(held, Folded) else held

    def all(self, resource: str, namespace: str = "") -> Iterator[Obj]:
        """The objects of a resource, of one namespace or of all, in the order of their keys."""
        held = self._state.objects.get(resource, {})
        prefix = f"{namespace}/" if namespace else ""
        for key in sorted(held):
            if key.startswith(prefix):
                obj = held[key]
                yield self._open(resource, key, obj) if isinstance(obj, Folded) else obj

    def every(self, resource: str) -> Iterator[Obj]:
        """The objects of a resource, in the order in which they were made."""
        for key, obj in self._state.objects.get(resource, {}).items():
            yield self._open(resource, key, obj) if isinstance(obj, Folded) else obj

    def change_all(self, made: Callable[[Obj], Obj]) -> None:
        """Put something else in each object's place, which nobody is told: before anything happens."""
        for resource, held in self._state.objects.items():
            held |= {key: made(obj) for key, obj in zip(held, self.every(resource), strict=True)}

    def folded(self) -> Shelves:
        """All objects with their owners, for a checkpoint."""
        before, self._kept = self._kept, {}
        return {name: {key: self._fold(each, before) for key, each in held.items()} for name, held in self._state.objects.items()}

    def _fold(self, obj: Obj | Folded, before: dict[str, tuple[Obj, list[Entry], Folded]]) -> Folded:
        if isinstance(obj, Folded):
            return obj
        uid: str = obj["metadata"]["uid"]
        owners = self._state.managed.get(uid, NOBODY)
        kept = before.get(uid)
        if kept is None or kept[0] is not obj or kept[1] is not owners:
            kept = obj, owners, fold(_encoder.encode((obj, owners)).decode())
        self._kept[uid] = kept
        return kept[2]

    def _open(self, resource: str, key: str, folded: Folded) -> Obj:
        """The object itself. Neither it nor its owners are ever changed in place, so what they were folded into stays true."""
        obj, owners = _decoder.decode(unfold(folded))
        uid: str = obj["metadata"]["uid"]
        if owners:
            self._state.managed[uid] = owners
        self._state.objects[resource][key] = obj
        self._kept[uid] = obj, owners or NOBODY, folded
        return obj

    def put(self, resource: str, obj: Obj, cause: Cause | None) -> Obj:
        """Store `obj` (new or changed) under a new resourceVersion; returns it as stored."""
        meta = obj["metadata"]
        key = key_of(meta.get("namespace", ""), meta["name"])
        self._world.kernel.wake()
        old = self.get(resource, meta.get("namespace", ""), meta["name"])
        stored: Obj = {**obj, "metadata": {**meta, "resourceVersion": self._next_version()}}
        self._state.objects.setdefault(resource, {})[key] = stored
        self._tell("MODIFIED" if old is not None else "ADDED", resource, old, stored, cause)
        return stored

    def remove(self, resource: str, obj: Obj, cause: Cause | None) -> Obj:
        """Remove `obj`; the DELETED change carries it as given, under a new resourceVersion."""
        meta = obj["metadata"]
        self._world.kernel.wake()
        old = self.get(resource, meta.get("namespace", ""), meta["name"])
        del self._state.objects[resource][key_of(meta.get("namespace", ""), meta["name"])]
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
