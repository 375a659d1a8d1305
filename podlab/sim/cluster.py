"""The cluster: all components wired to one world, its state one value that can be saved and loaded at any instant.

Upstream: none (kubeadm and the machines). Left out: nothing.
"""

from __future__ import annotations

import msgspec
from msgspec import Struct, field

from podlab.sim.apiserver.server import ApiServer
from podlab.sim.apiserver.store import StoreState
from podlab.sim.changes import Change
from podlab.sim.timings import load as load_timings
from podlab.sim.world import World, WorldState


class State(Struct):
    """Everything there is. One field a room."""

    world: WorldState = field(default_factory=WorldState)
    store: StoreState = field(default_factory=StoreState)


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(State)


class Cluster:
    """One learner's cluster."""

    def __init__(self, state: State) -> None:
        self.state = state
        self.world = World(state.world, load_timings())
        self.api = self.world.api = ApiServer(self.world, state.store)

    @property
    def now(self) -> int:
        return self.world.now

    def dump(self) -> bytes:
        """The whole cluster as bytes."""
        return _encoder.encode(self.state)

    @classmethod
    def load(cls, data: bytes) -> Cluster:
        """A cluster out of `dump`'s bytes."""
        return cls(_decoder.decode(data))

    def peek(self) -> int | None:
        """The instant of the next event; None: nothing will happen by itself."""
        return self.world.kernel.peek()

    def advance(self, until_ms: int, steps: int | None = None) -> bool:
        """Run everything that is due up to `until_ms`; False when `steps` did not suffice."""
        return self.world.kernel.run_until(until_ms, steps)

    def take_changes(self) -> list[Change]:
        """What was told since the last call."""
        taken, self.world.changes = self.world.changes, []
        return taken
