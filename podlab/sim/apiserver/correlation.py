"""What the event recorders remember, as saved data.

Upstream: staging/src/k8s.io/client-go/tools/record/events_cache.go. Left out: nothing.
"""

from __future__ import annotations

from msgspec import Struct, field


class Observation(Struct, array_like=True):
    """An event seen before: its object's name, how often, and when first (ms)."""

    name: str
    count: int
    first: int


class Series(Struct, array_like=True):
    """A running series of events.k8s.io: `last` and `written` in ms."""

    namespace: str
    name: str
    count: int
    last: int
    written: int = 0


class CorrelatorState(Struct):
    """One recorder's memory. `similar`: last instant and the messages; `tokens`: what is left (in ms of refill) and as of when;
    `newest`: the nanosecond that names the newest Event."""

    observed: dict[str, Observation] = field(default_factory=dict)
    similar: dict[str, tuple[int, list[str]]] = field(default_factory=dict)
    tokens: dict[str, tuple[int, int]] = field(default_factory=dict)
    series: dict[str, Series] = field(default_factory=dict)
    newest: int = 0
