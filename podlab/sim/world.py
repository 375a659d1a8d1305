"""What every component of the cluster shares: the clock, the draws, the API server, and the tale of what changed.

Upstream: none (a component's clients, informers and clock). Left out: nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from msgspec import Struct, field

from podlab.sim import rng
from podlab.sim.changes import Change, Noticed, ObjectChange
from podlab.sim.kernel import Kernel, KernelState
from podlab.sim.timings import Timings

if TYPE_CHECKING:
    from podlab.sim.apiserver.server import ApiServer

Subscriber = Callable[[ObjectChange], None]
Observer = Callable[[Noticed], None]


class WorldState(Struct):
    """`zero_ms`: wall time of virtual zero (ms since 1970); `draws`: how often each purpose was drawn; `number`: of the last change."""

    seed: int = 0
    zero_ms: int = 0
    number: int = 0
    draws: dict[str, int] = field(default_factory=dict)
    kernel: KernelState = field(default_factory=KernelState)
    unbounded: bool = False
    """Whether the lab's budget of objects is lifted."""
    timings: dict[str, int] = field(default_factory=dict)
    """What a lesson takes its time for instead of `timings.yaml`, in ms."""


@lru_cache(1024)
def _stamp(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S")


@lru_cache(1024)
def _seconds(stamp: str) -> int:
    return int(datetime.fromisoformat(stamp.replace("Z", "+00:00")).replace(microsecond=0).timestamp())


class World:
    """Handed to every component at its making; components know each other only through `api` and their subscriptions."""

    api: ApiServer

    def __init__(self, state: WorldState, timings: Timings) -> None:
        self.state = state
        self.kernel = Kernel(state.kernel)
        self.timings = timings
        self.changes: list[Change] = []
        self.observer: Observer | None = None
        """Sees everything that is told, and what is told to nobody else (`notice`); it only enqueues."""
        self._subscribers: dict[str, list[Subscriber]] = {}

    @property
    def now(self) -> int:
        """Virtual milliseconds since the session's zero."""
        return self.kernel.state.now

    def stamp(self, t_ms: int | None = None) -> str:
        """An API timestamp (whole seconds) of a virtual instant, by default now."""
        t_ms = self.now if t_ms is None else t_ms
        return _stamp((self.state.zero_ms + t_ms) // 1000) + "Z"

    def micro(self, t_ms: int | None = None) -> str:
        """An API MicroTime of a virtual instant, by default now."""
        t_ms = self.now if t_ms is None else t_ms
        seconds, ms = divmod(self.state.zero_ms + t_ms, 1000)
        return f"{_stamp(seconds)}.{ms:03d}000Z"

    def instant(self, stamp: str) -> int:
        """The virtual instant of an API timestamp."""
        return _seconds(stamp) * 1000 - self.state.zero_ms

    def draw(self, purpose: str, uid: str = "") -> int:
        """The next 64-bit draw of this purpose for this object."""
        name = f"{purpose} {uid}"
        n = self.state.draws.get(name, 0)
        self.state.draws[name] = n + 1
        return rng.draw(self.state.seed, uid, purpose, n)

    def uid(self) -> str:
        """A new UUID."""
        return rng.uuid(self.draw("uid"), self.draw("uid"))

    def suffix(self, purpose: str, uid: str = "", length: int = 5) -> str:
        """The random end of a generated name."""
        return rng.letters(self.draw(purpose, uid), length)

    def subscribe(self, resource: str, subscriber: Subscriber) -> None:
        """Be called with every change of `resource` ("pods"), inside the write. Only enqueue there; never write."""
        self._subscribers.setdefault(resource, []).append(subscriber)

    def number(self) -> int:
        """The number of the change that is about to be told."""
        self.state.number += 1
        return self.state.number

    def tell(self, change: Change) -> None:
        """Record a change; of an object: let the subscribers set their timers as its consequence."""
        self.changes.append(change)
        self.notice(change)
        if not isinstance(change, ObjectChange):
            return
        before, self.kernel.by = self.kernel.by, change.n
        for subscriber in self._subscribers.get(change.resource, ()):
            subscriber(change)
        self.kernel.by = before

    def notice(self, what: Noticed) -> None:
        """Show something to the observer, if there is one."""
        if self.observer is not None:
            self.observer(what)
