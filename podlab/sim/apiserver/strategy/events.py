"""Events: anyone may write them by PUT.

Upstream: pkg/registry/core/event/strategy.go. Left out: nothing.
"""

from __future__ import annotations

from podlab.sim.apiserver.strategy.base import Strategy


class EventStrategy(Strategy):
    """Plain, but for creation by PUT."""

    def __init__(self) -> None:
        super().__init__(create_on_update=True)
