"""The scheduling queue: active, back-off, unschedulable, gated, as plain data.

Upstream: pkg/scheduler/backend/queue. Left out: replaying events that came during an attempt (an attempt takes no time here).
"""

from __future__ import annotations

from collections.abc import Callable
from heapq import heappop, heappush
from typing import Literal

from msgspec import Struct, field

BACKOFF_MS = 1_000
LONGEST_BACKOFF_MS = 10_000
UNSCHEDULABLE_MS = 300_000
Place = Literal["active", "backoff", "unschedulable", "gated"]


class Waiting(Struct):
    """A Pod in the queue. Instants in ms; `plugins`: who refused it last; `woken`: what made it try again; `by`: that change's number."""

    key: str
    uid: str
    priority: int
    entered: int
    number: int
    place: Place = "active"
    attempts: int = 0
    unschedulable: int = 0
    errors: int = 0
    failed: int = 0
    plugins: list[str] = field(default_factory=list)
    woken: str = "created"
    by: int = 0


def known(waiting: Waiting) -> bool:
    """Whether there is anything to tell of where it waits: not of one that is about to be tried for the first time."""
    return waiting.place != "active" or waiting.attempts > 0


class QueueState(Struct):
    """Pods by key (`namespace/name`)."""

    pods: dict[str, Waiting] = field(default_factory=dict)
    sequence: int = 0


def backoff(attempts: int, initial: int = BACKOFF_MS, longest: int = LONGEST_BACKOFF_MS) -> int:
    """Rule Q4: 1, 2, 4, 8, 10, 10 … s after so many failures, in the unit given."""
    if attempts == 0 or initial == 0:
        return 0
    return min(initial << min(attempts - 1, 64), longest)


def before(one: Waiting, other: Waiting) -> bool:
    """Rule Q3: whether `one` is popped first."""
    return one.priority > other.priority or (one.priority == other.priority and one.entered < other.entered)


class Queue:
    """Rules Q2–Q9. `told` hears where a Pod waits from now on."""

    def __init__(self, state: QueueState, told: Callable[[Waiting], None] = lambda _: None) -> None:
        self.state, self._told = state, told
        self._heap: list[tuple[int, int, int, str]] = []
        for each in state.pods.values():
            if each.place == "active":
                self._push(each)

    def get(self, key: str) -> Waiting | None:
        """The Pod, wherever it waits."""
        return self.state.pods.get(key)

    def forget(self, key: str) -> Waiting | None:
        """The Pod is bound, gone or being tried."""
        return self.state.pods.pop(key, None)

    def add(self, key: str, uid: str, priority: int, now: int, place: Place, by: int) -> Waiting:
        """A new Pod."""
        self.state.sequence += 1
        waiting = Waiting(key, uid, priority, now, self.state.sequence, by=by)
        self.put(waiting, place)
        return waiting

    def put(self, waiting: Waiting, place: Place) -> None:
        """(Back) into the queue."""
        self.state.pods[waiting.key] = waiting
        waiting.place = place
        if place == "active":
            self._push(waiting)
        if known(waiting):
            self._told(waiting)

    def pop(self, now: int) -> Waiting | None:
        """The next Pod to try; when none is active, the one whose back-off ends first (not after errors)."""
        waiting = self._peek() or min((each for each in self._in("backoff") if not each.errors), key=self._ends, default=None)
        if waiting is None:
            return None
        self.forget(waiting.key)
        waiting.attempts += 1
        return waiting

    def ready(self) -> bool:
        """Whether `pop` has something to give."""
        return self._peek() is not None or any(not each.errors for each in self._in("backoff"))

    def failed(self, waiting: Waiting, now: int, plugins: list[str]) -> None:
        """Rule Q6: after an attempt that no plugin refused it waits for its back-off; else for an event."""
        waiting.failed = waiting.entered = now
        waiting.plugins = plugins
        if plugins:
            waiting.unschedulable, waiting.errors = waiting.unschedulable + 1, 0
        else:
            waiting.errors += 1
        self.put(waiting, "unschedulable" if plugins else "backoff")

    def wake(self, waiting: Waiting, now: int, woken: str, by: int) -> None:
        """Rule Q7: to the active queue, or to the back-off queue while that lasts."""
        waiting.woken, waiting.by = woken, by
        self.put(waiting, "active" if now >= self.over(waiting) else "backoff")

    def over(self, waiting: Waiting) -> int:
        """When its back-off is over: the first whole second after its end (cut to a second)."""
        many = waiting.errors or waiting.unschedulable
        return ((waiting.failed + backoff(many)) // 1000 + 1) * 1000 if many else 0

    def unschedulable(self) -> list[Waiting]:
        """Those that wait for an event, in order of arrival."""
        return sorted(self._in("unschedulable"), key=lambda each: each.number)

    def erring(self) -> list[Waiting]:
        """Those whose back-off after an error runs."""
        return [each for each in self._in("backoff") if each.errors]

    def _in(self, place: Place) -> list[Waiting]:
        return [each for each in self.state.pods.values() if each.place == place]

    def _ends(self, waiting: Waiting) -> tuple[int, int, int]:
        return self.over(waiting), -waiting.priority, waiting.number

    def _push(self, waiting: Waiting) -> None:
        heappush(self._heap, (-waiting.priority, waiting.entered, waiting.number, waiting.key))

    def _peek(self) -> Waiting | None:
        while self._heap:
            priority, entered, number, key = self._heap[0]
            waiting = self.state.pods.get(key)
            if (
                waiting is not None
                and waiting.place == "active"
                and (-waiting.priority, waiting.entered, waiting.number) == (priority, entered, number)
            ):
                return waiting
            heappop(self._heap)
        return None
