"""Garbage collector: what has lost its owners goes; owners wait for their dependents, or let them live.

Upstream: pkg/controller/garbagecollector. Left out: owners in kinds that this cluster does not serve (they count as there).
"""

from __future__ import annotations

from podlab.sim.api.resources import BY_KIND, RESOURCES
from podlab.sim.apiserver.deletion import FOREGROUND, ORPHAN
from podlab.sim.changes import Obj, ObjectChange
from podlab.sim.controllers.base import Controller, ControllersState, with_meta
from podlab.sim.controllers.pods import is_terminating
from podlab.sim.world import World

Place = tuple[str, str, str]
"""Resource, namespace, name."""
OWNED = [resource for resource in RESOURCES if resource != "events"]


class GarbageCollector(Controller):
    """Keys: `dependent|resource|namespace|name`, `owner|…`."""

    name = "garbage-collector"

    def __init__(self, world: World, state: ControllersState) -> None:
        super().__init__(world, state)
        self._dependents: dict[str, dict[Place, None]] = {}
        for resource in OWNED:
            world.subscribe(resource, self._on_change)
        world.kernel.before_first(self._kind, self._load)

    def _load(self) -> None:
        for resource in OWNED:
            for each in self.api.list(resource):
                self._index(resource, each)

    def _index(self, resource: str, obj: Obj) -> None:
        for reference in obj["metadata"].get("ownerReferences") or ():
            self._dependents.setdefault(reference["uid"], {})[_place(resource, obj)] = None

    def _on_change(self, change: ObjectChange) -> None:
        old, new, place = change.old, change.new, (change.resource, change.namespace, change.name)
        before = (old or {"metadata": {}})["metadata"].get("ownerReferences") or []
        after = [] if change.type == "DELETED" else new["metadata"].get("ownerReferences") or []
        if before != after:
            for reference in before:
                self._forget(reference["uid"], place)
            if after:
                self._index(change.resource, new)
                self._put("dependent", place)
        if change.type == "DELETED":
            for dependent in sorted(self._dependents.get(change.uid, ())):
                self._put("dependent", dependent)
            for reference in before:
                self._wake_owner(reference, change.namespace)
        elif is_terminating(new) and {FOREGROUND, ORPHAN} & set(new["metadata"].get("finalizers") or ()):
            self._put("owner", place)

    def _forget(self, uid: str, place: Place) -> None:
        held = self._dependents.get(uid)
        if held is not None:
            held.pop(place, None)
            if not held:
                del self._dependents[uid]

    def _wake_owner(self, reference: Obj, namespace: str) -> None:
        row = BY_KIND.get(reference["kind"])
        if row is not None:
            self._put("owner", (row.plural, namespace if row.namespaced else "", reference["name"]))

    def _put(self, what: str, place: Place) -> None:
        self.enqueue("|".join((what, *place)))

    def sync(self, key: str) -> None:
        """Judge a dependent, or carry on with an owner's deletion."""
        what, resource, namespace, name = key.split("|")
        obj = self.api.find(resource, name, namespace)
        if obj is None:
            return
        if what == "dependent":
            self._judge(resource, obj)
        elif is_terminating(obj):
            self._finish(resource, obj)

    def _judge(self, resource: str, obj: Obj) -> None:
        """Solid owners keep it; those that have gone, or wait for their dependents, do not."""
        references = obj["metadata"].get("ownerReferences") or []
        owners = [self._owner(each, obj) for each in references]
        solid = [each for each, owner in zip(references, owners, strict=True) if owner is not None and not _waits(owner)]
        waiting = [owner for owner in owners if owner is not None and _waits(owner)]
        meta = obj["metadata"]
        if not references or len(solid) == len(references):
            return
        if solid:
            self.api.update(resource, with_meta(obj, ownerReferences=solid), by=self.by, cause=self.cause("GC-1", name=meta["name"]))
        elif not is_terminating(obj):
            own = self._dependents.get(meta["uid"])
            wish = "Orphan" if ORPHAN in (meta.get("finalizers") or ()) else "Foreground" if waiting and own else "Background"
            cause = self.cause("GC-2", name=meta["name"], owner=references[0]["name"], kind=references[0]["kind"])
            self.api.delete(resource, meta["name"], meta.get("namespace", ""), by=self.by, cause=cause, propagation=wish, uid=meta["uid"])

    def _owner(self, reference: Obj, obj: Obj) -> Obj | None:
        row = BY_KIND.get(reference["kind"])
        if row is None:
            return {"metadata": {}}
        found = self.api.find(row.plural, reference["name"], obj["metadata"].get("namespace", "") if row.namespaced else "")
        return found if found is not None and found["metadata"]["uid"] == reference["uid"] else None

    def _finish(self, resource: str, owner: Obj) -> None:
        """Orphan: take the references away. Foreground: dependents that block must be gone first."""
        meta = owner["metadata"]
        finalizers = meta.get("finalizers") or []
        places = sorted(self._dependents.get(meta["uid"], ()))
        if ORPHAN in finalizers:
            for place in places:
                self._orphan(place, meta["uid"])
            self._drop(resource, owner, ORPHAN)
        elif FOREGROUND in finalizers:
            for place in places:
                self._put("dependent", place)
            if not any(self._blocks(place, meta["uid"]) for place in places):
                self._drop(resource, owner, FOREGROUND)

    def _blocks(self, place: Place, uid: str) -> bool:
        obj = self.api.find(place[0], place[2], place[1])
        references = obj["metadata"].get("ownerReferences") or () if obj is not None else ()
        return any(each["uid"] == uid and each.get("blockOwnerDeletion") for each in references)

    def _orphan(self, place: Place, uid: str) -> None:
        obj = self.api.find(place[0], place[2], place[1])
        if obj is not None:
            rest = [each for each in obj["metadata"].get("ownerReferences") or () if each["uid"] != uid]
            self.api.update(place[0], with_meta(obj, ownerReferences=rest or None), by=self.by, cause=self.cause("GC-3", name=place[2]))

    def _drop(self, resource: str, owner: Obj, finalizer: str) -> None:
        rest = [each for each in owner["metadata"].get("finalizers") or () if each != finalizer]
        cause = self.cause("GC-4", name=owner["metadata"]["name"], finalizer=finalizer)
        self.api.update(resource, with_meta(owner, finalizers=rest or None), by=self.by, cause=cause)


def _place(resource: str, obj: Obj) -> Place:
    return resource, obj["metadata"].get("namespace", ""), obj["metadata"]["name"]


def _waits(owner: Obj) -> bool:
    return is_terminating(owner) and FOREGROUND in (owner["metadata"].get("finalizers") or ())
