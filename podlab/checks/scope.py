"""What an expression sees: the cluster as it is now, the change that is being looked at, the instants of the tasks.

Nothing here changes the cluster. Every look costs a step, so that no expression runs for long.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec import Struct, field

from podlab.sim.api import labels
from podlab.sim.changes import Obj
from podlab.sim.cluster import Cluster

NAMESPACE = "default"
STEPS = 20_000
"""Steps of one evaluation at most."""
SERVICE_NAME = "kubernetes.io/service-name"


class Overrun(Exception):
    """An expression asks for more steps than it may have."""


class Reads(Struct):
    """Of what an expression's value may depend: resources (with the name, or "*"), tasks, names; files; the clock."""

    objects: set[tuple[str, str]] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    files: bool = False
    tasks: bool = False
    clock: bool = False
    looped: bool = False

    def add(self, other: Reads) -> None:
        """Depend on what `other` depends on, too."""
        self.objects |= other.objects
        self.names |= other.names
        self.files, self.tasks = self.files or other.files, self.tasks or other.tasks
        self.clock, self.looped = self.clock or other.clock, self.looped or other.looped


class Memory(Struct):
    """What lies behind the present: when tasks were met (ms), which containers (`uid/name`) have read CrashLoopBackOff, node → ranking of its last eviction."""

    times: dict[str, int] = field(default_factory=dict)
    looped: dict[str, int] = field(default_factory=dict)
    rankings: dict[str, list[str]] = field(default_factory=dict)


class Scope:
    """One expression's view. `subject`: the names that this change binds (`new`, `old`, `e`, `r`, `l`, `f`, `x`, `q`)."""

    NAMES = ("new", "old", "e", "r", "l", "f", "x", "q", "phase", "reason", "message", "uid")
    _BARE: dict[str, Callable[[Obj], Any]] = {
        "phase": lambda obj: (obj.get("status") or {}).get("phase"),
        "reason": lambda obj: (obj.get("status") or {}).get("reason"),
        "message": lambda obj: (obj.get("status") or {}).get("message"),
        "uid": lambda obj: obj["metadata"].get("uid"),
    }

    def __init__(self, cluster: Cluster, memory: Memory, subject: dict[str, Any] | None = None) -> None:
        self.cluster = cluster
        self.memory = memory
        self.subject = subject or {}
        self.loops: dict[str, Any] = {}
        self._steps = 0

    def begin(self) -> None:
        """A new evaluation: all its steps are before it."""
        self._steps = 0
        self.loops.clear()

    def spend(self, steps: int) -> None:
        """Count steps; `Overrun` beyond the most."""
        self._steps += steps
        if self._steps > STEPS:
            raise Overrun

    def look(self, name: str) -> Any:
        """A name's value: one of the subject's, or a bare word about `new`."""
        if name in self._BARE:
            new = self.subject.get("new")
            return None if new is None else self._BARE[name](new)
        return self.subject.get(name)

    def get(self, resource: str, name: str, namespace: str) -> Obj | None:
        """An object, or None."""
        self.spend(1)
        return self.cluster.api.find(resource, name, namespace)

    def objects(self, resource: str, namespace: str, selector: str) -> list[Obj]:
        """Objects by labels (`a=b`, as kubectl's -l), by name; none where the selector cannot be read."""
        found = self.cluster.api.list(resource, namespace)
        self.spend(1 + len(found))
        if not selector:
            return found
        wanted = labels.parse(selector)
        return [each for each in found if labels.meets(wanted, each["metadata"].get("labels") or {})]

    def endpoints(self, service: str, *, ready: bool) -> list[str]:
        """Names of the Pods behind a Service that are ready (or not), by name."""
        names = {
            endpoint["targetRef"]["name"]
            for each in self.objects("endpointslices", NAMESPACE, f"{SERVICE_NAME}={service}")
            for endpoint in each.get("endpoints") or ()
            if endpoint.get("targetRef") and bool((endpoint.get("conditions") or {}).get("ready")) is ready
        }
        return sorted(names)

    def events(self, reason: str, obj: Obj) -> int:
        """How often an event of that reason was told of an object."""
        uid = obj["metadata"].get("uid")
        found = self.cluster.api.list("events", obj["metadata"].get("namespace") or NAMESPACE)
        self.spend(1 + len(found))
        return sum(
            int((each.get("series") or {}).get("count") or each.get("count") or 1)
            for each in found
            if each.get("reason") == reason and (each.get("involvedObject") or {}).get("uid") == uid
        )

    def file(self, host: str, path: str) -> str | None:
        """A file's text as seen there, or None."""
        self.spend(10)
        if host not in self.cluster.state.linux.hosts:
            return None
        return self.cluster.linux.read_file(host, path)
