"""Events: what components record, with client-go's correlation (count, folding, spam filter) and the scheduler's series.

Upstream: staging/src/k8s.io/client-go/tools/record (event.go, events_cache.go), tools/events/event_broadcaster.go.
Left out: retries of a failed write, the LRU's order of eviction (the oldest goes).
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import blake2b
from typing import Any

from podlab.sim.apiserver.correlation import CorrelatorState, Observation, Series
from podlab.sim.changes import Cause, Obj
from podlab.sim.errors import StatusError
from podlab.sim.world import World

FOLD_AFTER = 10
FOLD_WITHIN_MS = 600_000
BURST = 25
REFILL_MS = 300_000
REMEMBERED = 512
SPREAD_NS = 20_000
SERIES_TICK_MS = 360_000
SERIES_REFRESH_MS = 1_800_000
_SIMILAR = "(combined from similar events): "


class Recorder:
    """Records events as `component` (on `host`); make one a component, call it freely."""

    def __init__(self, world: World, component: str, host: str = "") -> None:
        self._world = world
        self._component = component
        self._host = host

    @property
    def _state(self) -> CorrelatorState:
        return self._world.api.correlator(self._component, self._host)

    def event(self, obj: Obj, type_: str, reason: str, message: str, field_path: str = "", *, cause: Cause | None = None) -> None:
        """Record that something happened to `obj` (a whole object, or kind, apiVersion and metadata). `type_`: Normal or Warning."""
        regarding = reference(obj, field_path)
        key = self._key(regarding, type_, reason, field_path, message)
        folded = self._fold(regarding, type_, reason, message)
        if folded:
            key, message = folded, _SIMILAR + message
        seen = self._observe(key, obj["metadata"]["name"], fresh=not folded)
        if self._spam(regarding, type_):
            return
        self._write(seen, regarding, type_, reason, message, cause)

    def series(
        self,
        obj: Obj,
        type_: str,
        reason: str,
        message: str,
        *,
        action: str,
        instance: str = "",
        related: Obj | None = None,
        cause: Cause | None = None,
    ) -> None:
        """Record by events.k8s.io: the first is written, the second opens a series, further ones are only counted (until a refresh)."""
        regarding = reference(obj, "")
        key = _join((type_, action, reason, *_parts(regarding), regarding.get("resourceVersion", "")))
        held = self._state.series.get(key)
        if held is not None:
            self._count(held, cause)
            return
        name = self._name(obj["metadata"]["name"])
        namespace = regarding.get("namespace") or "default"
        event = self._body(name, regarding, type_, reason, message)
        event |= {"eventTime": self._world.micro(), "action": action, "source": {}, "reportingInstance": instance or self._instance()}
        event |= {"firstTimestamp": None, "lastTimestamp": None}
        if related is not None:
            event["related"] = reference(related, "")
        self._state.series[key] = Series(namespace, name, 1, self._world.now)
        self._create(event, cause)
        self._world.kernel.sooner(self._next_tick(), "apiserver/event-series", f"{self._component}|{self._host}")

    def _instance(self) -> str:
        return f"{self._component}-{self._host}" if self._host else self._component

    def _next_tick(self) -> int:
        return (self._world.now // SERIES_TICK_MS + 1) * SERIES_TICK_MS

    def _count(self, held: Series, cause: Cause | None) -> None:
        held.count += 1
        held.last = self._world.now
        if held.count == 2:
            self.write_series(held, cause)

    def write_series(self, held: Series, cause: Cause | None = None) -> None:
        """Bring a series' count into its Event, if that is still there."""
        old = self._world.api.find("events", held.name, held.namespace)
        if old is not None:
            new = {**old, "series": {"count": held.count, "lastObservedTime": self._world.micro(held.last)}}
            self._world.api.update("events", new, by=self._component, cause=cause)
            held.written = self._world.now

    def tick(self) -> None:
        """Close the series that were idle for six minutes, refresh the others every thirty."""
        now, series = self._world.now, self._state.series
        for key, held in list(series.items()):
            idle = now - held.last >= SERIES_TICK_MS
            if held.count > 1 and (idle or now - held.written >= SERIES_REFRESH_MS):
                self.write_series(held)
            if idle:
                del series[key]
        if series:
            self._world.kernel.sooner(self._next_tick(), "apiserver/event-series", f"{self._component}|{self._host}")

    def _key(self, regarding: Obj, *more: str) -> str:
        return _join((*_parts(regarding), *more))

    def _fold(self, regarding: Obj, type_: str, reason: str, message: str) -> str:
        """The key of the folded event, from the tenth different message of the last ten minutes on; else empty."""
        key = self._key(regarding, type_, reason)
        similar = self._state.similar
        last, messages = similar.pop(key, (0, []))
        if self._world.now - last > FOLD_WITHIN_MS:
            messages = []
        if message not in messages:
            messages = [*messages, message]
        full = len(messages) >= FOLD_AFTER
        similar[key] = (self._world.now, messages[1:] if full else messages)
        _trim(similar)
        return key if full else ""

    def _observe(self, key: str, name: str, *, fresh: bool) -> Observation:
        state = self._state
        held = state.observed.pop(key, None)
        if held is None:
            held = Observation(self._name(name), 1, self._world.now)
        else:
            held.count += 1
        state.observed[key] = held
        _trim(state.observed)
        return held

    def _spam(self, regarding: Obj, type_: str) -> bool:
        """Whether the object has used up its 25 events of that type (one more every five minutes)."""
        key = _join((*_parts(regarding), type_))
        tokens, last = self._state.tokens.pop(key, (BURST * REFILL_MS, self._world.now))
        tokens = min(BURST * REFILL_MS, tokens + self._world.now - last)
        left = tokens >= REFILL_MS
        self._state.tokens[key] = (tokens - REFILL_MS if left else tokens, self._world.now)
        _trim(self._state.tokens)
        return not left

    def _write(self, seen: Observation, regarding: Obj, type_: str, reason: str, message: str, cause: Cause | None) -> None:
        namespace = regarding.get("namespace") or "default"
        old = self._world.api.find("events", seen.name, namespace) if seen.count > 1 else None
        if old is not None:
            new = {**old, "count": seen.count, "lastTimestamp": self._world.stamp(), "message": message}
            self._world.api.update("events", new, by=self._component, cause=cause)
            return
        event = self._body(seen.name, regarding, type_, reason, message)
        event |= {"count": seen.count, "firstTimestamp": self._world.stamp(seen.first), "lastTimestamp": self._world.stamp()}
        self._create(event, cause)

    def _body(self, name: str, regarding: Obj, type_: str, reason: str, message: str) -> Obj:
        source = {"component": self._component} | ({"host": self._host} if self._host else {})
        return {
            "apiVersion": "v1",
            "kind": "Event",
            "metadata": {"name": name, "namespace": regarding.get("namespace") or "default"},
            "involvedObject": regarding,
            "reason": reason,
            "message": message,
            "source": source,
            "type": type_,
            "eventTime": None,
            "reportingComponent": self._component,
            "reportingInstance": self._host,
        }

    def _create(self, event: Obj, cause: Cause | None) -> None:
        try:
            self._world.api.create("events", event, by=self._component, cause=cause)
        except StatusError:
            return  # as client-go: an event that the server refuses is dropped (its namespace is going away)

    def _name(self, name: str) -> str:
        """After the nanosecond; those of one millisecond keep their order, as equal instants are listed by name."""
        now = (self._world.state.zero_ms + self._world.now) * 1_000_000
        self._state.newest = max(now, self._state.newest + 1) + self._world.draw("event") % SPREAD_NS
        return f"{name}.{self._state.newest:x}"


def reference(obj: Obj, field_path: str) -> Obj:
    """The ObjectReference of an object (client-go tools/reference)."""
    meta = obj["metadata"]
    found = {
        "kind": obj.get("kind", ""),
        "namespace": meta.get("namespace", ""),
        "name": meta["name"],
        "uid": meta.get("uid", ""),
        "apiVersion": obj.get("apiVersion", ""),
        "resourceVersion": meta.get("resourceVersion", ""),
        "fieldPath": field_path,
    }
    return {key: value for key, value in found.items() if value}


def _parts(regarding: Obj) -> tuple[str, ...]:
    return tuple(regarding.get(each, "") for each in ("kind", "namespace", "name", "uid", "apiVersion"))


def _join(parts: Iterable[str]) -> str:
    """A short name for the parts together: what is remembered need only be recognised."""
    return blake2b("\x00".join(parts).encode(), digest_size=10).hexdigest()


def _trim(held: dict[str, Any]) -> None:
    if len(held) > REMEMBERED:
        del held[next(iter(held))]
