"""Which endpoints a connection may go to, by the Service's traffic policies.

Upstream: pkg/proxy/topology.go (CategorizeEndpoints). Left out: zone and node hints (all endpoints are taken, as without hints).
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct


class Backend(Struct):
    """An endpoint as the proxy of one node sees it."""

    address: str
    ready: bool
    serving: bool
    terminating: bool
    local: bool


class Categories(Struct):
    """Addresses for traffic anywhere and for traffic that must stay on the node (None: no such traffic), and all of both."""

    cluster: list[str] | None = None
    local: list[str] | None = None

    @property
    def every(self) -> list[str]:
        """Each address once."""
        return list(dict.fromkeys([*(self.cluster or ()), *(self.local or ())]))


def categories(backends: Sequence[Backend], *, internal_local: bool, external: bool, external_local: bool) -> Categories:
    """Rule X23: the ready endpoints; where there is none, those that still serve while they end.

    `external`: the Service is reached from outside; then Pods of the cluster take its short way, which may end anywhere.
    """
    found = Categories()
    if not internal_local or external:
        found.cluster = _usable(backends)
    if internal_local or (external and external_local):
        found.local = _usable([each for each in backends if each.local])
    return found


def _usable(backends: Sequence[Backend]) -> list[str]:
    ready = [each.address for each in backends if each.ready]
    return ready or [each.address for each in backends if each.serving and each.terminating]
