"""A command: a function that starts it, and the steps by which it goes on after a wait.

Upstream: cobra.Command (Run). Left out: nothing.
"""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct, field

from podlab.sim.kubectl.invocation import Invocation
from podlab.sim.linux.types import Wait, Wake

Run = Callable[[Invocation], Wait | None]
Step = Callable[[Invocation, Wake], Wait | None]


class Command(Struct, frozen=True):
    """`run` and every step return what to wait for, or None for a good end; they raise Failure, StatusError for a bad one."""

    run: Run
    steps: dict[str, Step] = field(default_factory=dict)
    handles_interrupt: bool = False
