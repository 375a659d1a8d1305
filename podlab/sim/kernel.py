"""The one heap: what happens next, in integer milliseconds.

A timer is named by `(kind, key)`; setting it again replaces it. What it is for lies in its owner's state, so the heap holds
only numbers and names and the whole cluster can be saved at any instant. Stale entries are recognised, never removed.

Upstream: none (a real cluster has the wall clock). Left out: nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from heapq import heapify, heappop, heappush

from msgspec import Struct, field

from podlab.sim.errors import SimulationBug

Handler = Callable[[str], None]


class KernelState(Struct):
    """`due`: name → (t_ms, sequence, number of the change that caused it)."""

    now: int = 0
    sequence: int = 0
    steps: int = 0
    due: dict[str, tuple[int, int, int]] = field(default_factory=dict)


class Kernel:
    """A discrete-event engine; `by` is the number of the change that the running handler is a consequence of.

    `settled` is the instant of the last event, as far as this kernel knows: since then only the clock has moved.
    """

    def __init__(self, state: KernelState) -> None:
        self.state = state
        self.by = 0
        self.settled = state.now
        self._handlers: dict[str, Handler] = {}
        self._heap = [(t, sequence, name) for name, (t, sequence, _) in state.due.items()]
        heapify(self._heap)
        self._first: dict[str, Callable[[], None]] = {}
        self._wakers: tuple[str, ...] = ()

    def before_first(self, kinds: str, prepare: Callable[[], None]) -> None:
        """Have `prepare` run before the first write of an object or timer whose kind begins with `kinds`: what a component keeps beside the state."""
        self._first[kinds] = prepare
        self._wakers = tuple(self._first)

    def wake(self) -> None:
        """An object is about to be written, or somebody asks a component."""
        first, self._first = self._first, {}
        for prepare in first.values():
            prepare()

    @property
    def now(self) -> int:
        return self.state.now

    def handle(self, kind: str, handler: Handler) -> None:
        """Say who runs timers of `kind` (no blanks in it); once a kind."""
        if kind in self._handlers or " " in kind:
            raise SimulationBug(f"timer kind {kind!r} is taken or has a blank")
        self._handlers[kind] = handler

    def at(self, t_ms: int, kind: str, key: str = "") -> None:
        """Run `kind`'s handler with `key` at `t_ms` (now, if that has passed); replaces the timer of that name."""
        state = self.state
        state.sequence += 1
        t_ms = max(t_ms, state.now)
        name = f"{kind} {key}"
        state.due[name] = (t_ms, state.sequence, self.by)
        heappush(self._heap, (t_ms, state.sequence, name))
        if len(self._heap) > 64 and len(self._heap) > 4 * len(state.due):
            self._heap = [(t, sequence, each) for each, (t, sequence, _) in state.due.items()]
            heapify(self._heap)

    def after(self, ms: int, kind: str, key: str = "") -> None:
        """`at`, counted from now."""
        self.at(self.state.now + ms, kind, key)

    def sooner(self, t_ms: int, kind: str, key: str = "") -> None:
        """`at`, unless the timer is already due before that."""
        due = self.due(kind, key)
        if due is None or due > t_ms:
            self.at(t_ms, kind, key)

    def cancel(self, kind: str, key: str = "") -> None:
        """Forget a timer, if there is one."""
        self.state.due.pop(f"{kind} {key}", None)

    def due(self, kind: str, key: str = "") -> int | None:
        """When a timer is due; None: it is not set."""
        entry = self.state.due.get(f"{kind} {key}")
        return None if entry is None else entry[0]

    def peek(self) -> int | None:
        """The instant of the next event; None: nothing will ever happen by itself."""
        heap, due = self._heap, self.state.due
        while heap:
            t_ms, sequence, name = heap[0]
            entry = due.get(name)
            if entry is not None and entry[1] == sequence:
                return t_ms
            heappop(heap)
        return None

    def step(self) -> None:
        """Run the next event; `peek` must have said that there is one."""
        t_ms, _, name = heappop(self._heap)
        self.state.now = self.settled = t_ms
        self.state.steps += 1
        self.by = self.state.due.pop(name)[2]
        kind, _, key = name.partition(" ")
        if self._first and kind.startswith(self._wakers):
            self.wake()
        handler = self._handlers.get(kind)
        if handler is None:
            raise SimulationBug(f"nobody handles timers of kind {kind!r}")
        handler(key)
        self.by = 0

    def hurry(self, kind: str, key: str = "") -> None:
        """Run a timer here and now, inside the event that runs, if it is set: for who would wait for what it does."""
        entry = self.state.due.pop(f"{kind} {key}", None)
        if entry is not None:
            before, self.by = self.by, entry[2]
            self._handlers[kind](key)
            self.by = before

    def run_until(self, t_ms: int, steps: int | None = None) -> bool:
        """Run all events up to and including `t_ms`; False when `steps` of them did not suffice (`now` stays where it stopped)."""
        while (upcoming := self.peek()) is not None and upcoming <= t_ms:
            if steps is not None:
                if steps == 0:
                    return False
                steps -= 1
            self.step()
        self.state.now = max(self.state.now, t_ms)
        return True
