"""What the scheduler remembers.

Upstream: none (its memory). Left out: nothing.
"""

from __future__ import annotations

from msgspec import Struct, field

from podlab.sim.scheduler.explain import Attempt
from podlab.sim.scheduler.queue import QueueState, Waiting

NAME = "default-scheduler"
HOST = "control-plane"
"""The machine that it runs on."""


class Preempting(Struct):
    """Victims (key, uid), of `count`, that are about to be deleted for the Pod `uid`."""

    uid: str
    node: str
    victims: list[tuple[str, str]]
    count: int


class SchedulerState(Struct):
    """`assumed`, `binding`: Pods whose binding is under way, with their node; `nodes`: in order of arrival; `nominated`: Pods with a
    nomination; `start`: the node to begin with; `kept`: the last attempts, for the explanation."""

    queue: QueueState = field(default_factory=QueueState)
    assumed: dict[str, str] = field(default_factory=dict)
    binding: dict[str, Waiting] = field(default_factory=dict)
    nodes: list[str] = field(default_factory=list)
    nominated: list[str] = field(default_factory=list)
    start: int = 0
    preempting: dict[str, Preempting] = field(default_factory=dict)
    kept: dict[str, list[Attempt]] = field(default_factory=dict)
