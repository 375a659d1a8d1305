"""What every controller is: a queue of keys, and a `sync` that brings one of them nearer to what is wanted.

A key waits in the queue only once; a refused request is tried again, later each time.

Upstream: staging/src/k8s.io/client-go/util/workqueue, pkg/controller. Left out: several workers, periodic resync (no watch event is ever lost here).
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct, field

from podlab.sim.apiserver.events import Recorder
from podlab.sim.changes import Cause, Obj, ObjectChange
from podlab.sim.errors import StatusError
from podlab.sim.world import World

RETRY_MS = 5
LONGEST_RETRY_MS = 1_000_000


class ControllersState(Struct):
    """`retries`: how often in a row a key of a controller was refused; `since`: instants that a controller has to remember;
    `triggers`: when a Service and its Pods changed, in ms, as its endpoints were looked at last (`trigger_annotation`)."""

    retries: dict[str, int] = field(default_factory=dict)
    since: dict[str, int] = field(default_factory=dict)
    triggers: dict[str, dict[str, int]] = field(default_factory=dict)


class Controller:
    """`name` is that of the controller in `controller/<name>` and of its timers; `component` that in its events."""

    name = ""
    component = ""

    def __init__(self, world: World, state: ControllersState) -> None:
        self.world = world
        self.api = world.api
        self.state = state
        self.recorder = Recorder(world, self.component or f"{self.name}-controller")
        self.by = f"controller/{self.name}"
        self._kind = f"controllers.{self.name}"
        world.kernel.handle(self._kind, self._run)

    def sync(self, key: str) -> None:
        """Bring the object of this key nearer to what is wanted; StatusError: try again later."""
        raise NotImplementedError

    def enqueue(self, key: str, ms: int | None = None) -> None:
        """Look at the key, by default after the usual delay; a key that waits already is looked at once."""
        wait = self.world.timings["controllers.sync"] if ms is None else ms
        self.world.kernel.sooner(self.world.now + wait, self._kind, key)

    def cause(self, rule: str, **args: str | int) -> Cause:
        """Why this controller writes, as a consequence of what woke it."""
        return Cause(rule, args, self.world.kernel.by)

    def _run(self, key: str) -> None:
        name = f"{self.name} {key}"
        try:
            self.sync(key)
        except StatusError:
            tries = self.state.retries.get(name, 0)
            self.state.retries[name] = tries + 1
            self.enqueue(key, min(RETRY_MS << min(tries, 20), LONGEST_RETRY_MS))
        else:
            self.state.retries.pop(name, None)

    def own(self, resource: str, owner: Obj) -> Iterator[Obj]:
        """The objects in the owner's namespace that it controls."""
        uid = owner["metadata"]["uid"]
        for each in self.api.list(resource, owner["metadata"]["namespace"]):
            reference = controller_of(each)
            if reference is not None and reference["uid"] == uid:
                yield each


def key_of(obj: Obj) -> str:
    """`namespace/name`, or the name."""
    meta = obj["metadata"]
    return f"{meta['namespace']}/{meta['name']}" if meta.get("namespace") else str(meta["name"])


def split(key: str) -> tuple[str, str]:
    """Namespace and name of a key."""
    namespace, _, name = key.rpartition("/")
    return namespace, name


def controller_of(obj: Obj) -> Obj | None:
    """The owner reference of the controlling owner."""
    for each in obj["metadata"].get("ownerReferences") or ():
        if each.get("controller"):
            found: Obj = each
            return found
    return None


def reference_to(owner: Obj, kind: str, api_version: str) -> Obj:
    """A controlling owner reference."""
    meta = owner["metadata"]
    return {
        "apiVersion": api_version,
        "kind": kind,
        "name": meta["name"],
        "uid": meta["uid"],
        "controller": True,
        "blockOwnerDeletion": True,
    }


def owners(change: ObjectChange, kind: str) -> Iterator[str]:
    """The keys of the controlling owners of that kind, before and after a change."""
    found: list[str] = []
    for obj in (change.old, change.new):
        reference = controller_of(obj) if obj is not None else None
        if reference is not None and reference["kind"] == kind:
            key = f"{change.namespace}/{reference['name']}"
            if key not in found:
                found.append(key)
    yield from found


def with_meta(obj: Obj, **meta: object) -> Obj:
    """The object with other metadata fields; None takes one away."""
    merged = {**obj["metadata"], **meta}
    return {**obj, "metadata": {key: value for key, value in merged.items() if value is not None}}
