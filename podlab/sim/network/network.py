"""Addresses of Pods (interim; the network room's author replaces this file)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct, field

from podlab.sim.world import World

if TYPE_CHECKING:
    from podlab.sim.linux.linux import Linux


class NetworkState(Struct):
    addresses: dict[str, str] = field(default_factory=dict)
    last: dict[str, int] = field(default_factory=dict)


class Network:
    def __init__(self, world: World, state: NetworkState, linux: Linux) -> None:
        self.world, self.state = world, state
        linux.network = self  # type: ignore[assignment]

    def pod_address(self, node: str, uid: str) -> str:
        prefix = self.world.api.get("nodes", node)["spec"]["podCIDR"].rpartition(".")[0]
        self.state.last[node] = last = self.state.last.get(node, 1) + 1
        self.state.addresses[uid] = address = f"{prefix}.{last}"
        return address

    def release(self, uid: str) -> None:
        self.state.addresses.pop(uid, None)

    def listener(self, host: Any, port: int) -> None:
        return None
