"""Addresses: which Pod has which, on which node an address lies, whose host it leads to.

Upstream: the host-local IPAM plugin (Pods), kubeadm (podCIDR). Left out: IPv6.
"""

from __future__ import annotations

from typing import NamedTuple

from podlab.sim.changes import Obj, ObjectChange
from podlab.sim.errors import SimulationBug
from podlab.sim.linux.linux import Linux
from podlab.sim.linux.types import Host
from podlab.sim.network.state import NetworkState
from podlab.sim.world import World

FIRST, LAST = 2, 254


class Known(NamedTuple):
    """The nodes, by the beginning of their Pods' addresses and by an address of their own; and the address of each."""

    ranges: dict[str, str]
    own: dict[str, str]
    internal: dict[str, str]


class Addresses:
    """The address book of the cluster."""

    def __init__(self, world: World, state: NetworkState, linux: Linux) -> None:
        self.world = world
        self.state = state
        self.linux = linux
        self._names: dict[str, tuple[str, str]] = {}
        """Pod uid → namespace and name, as they were last looked up."""
        self._nodes: Known | None = None
        """Until a node changes."""
        world.subscribe("nodes", self._on_node)

    def _on_node(self, _: ObjectChange) -> None:
        self._nodes = None

    def _known(self) -> Known:
        if self._nodes is None:
            ranges: dict[str, str] = {}
            own: dict[str, str] = {}
            internal: dict[str, str] = {}
            for node in self.world.api.list("nodes"):
                name = node["metadata"]["name"]
                ranges.setdefault(self._prefix(node) or "", name)
                for each in node.get("status", {}).get("addresses", ()):
                    own.setdefault(each["address"], name)
                    if each["type"] == "InternalIP":
                        internal.setdefault(name, str(each["address"]))
            self._nodes = Known(ranges, own, internal)
        return self._nodes

    def give(self, node: str, uid: str) -> str:
        """The next free address of the node's range, for a Pod."""
        prefix = self._prefix(self.world.api.get("nodes", node))
        if prefix is None:
            raise SimulationBug(f"the node {node} has no podCIDR")
        taken, number = set(self.state.addresses.values()), self.state.given.get(node, FIRST - 1)
        for _ in range(FIRST, LAST + 1):
            number = number + 1 if number < LAST else FIRST
            if prefix + str(number) not in taken:
                self.state.given[node], self.state.addresses[uid] = number, prefix + str(number)
                return prefix + str(number)
        raise SimulationBug(f"no free address on {node}")

    @staticmethod
    def _prefix(node: Obj) -> str | None:
        cidr = node["spec"].get("podCIDR", "")
        return cidr.rpartition(".")[0] + "." if cidr else None

    def node_of_pod_address(self, address: str) -> str | None:
        """The node in whose range the address lies."""
        return self._known().ranges.get(address.rpartition(".")[0] + ".")

    def node_of_address(self, address: str) -> str | None:
        """The node that has this address itself."""
        return self._known().own.get(address)

    def of_node(self, name: str) -> str:
        """A node's own address ("" when it is not known)."""
        return self._known().internal.get(name, "")

    def of_host(self, host: Host) -> str:
        """The address that others see a host under."""
        return host.address or (self.of_node(host.node) if host.node else "172.18.0.1")

    def host_at(self, address: str) -> Host | None:
        """A container's host that has this Pod address."""
        for host in self.linux.state.hosts.values():
            if host.address == address:
                return host
        return None

    def is_given(self, address: str) -> bool:
        """Whether a Pod has it."""
        return address in self.state.addresses.values()

    def pod_of(self, host: Host) -> tuple[str, str, str]:
        """(namespace, Pod, container) of a container's host; empty strings for others."""
        if not host.name.startswith("container/"):
            return "", "", ""
        uid, container, _ = self._log_of(host)
        return *self._pod_with(uid), container

    def _pod_with(self, uid: str) -> tuple[str, str]:
        """Namespace and name of the Pod that has this uid now; empty strings for none."""
        namespace, name = self._names.get(uid, ("", ""))
        known = self.world.api.find("pods", name, namespace) if name else None
        if known is None or known["metadata"]["uid"] != uid:
            self._names = {
                pod["metadata"]["uid"]: (pod["metadata"]["namespace"], pod["metadata"]["name"]) for pod in self.world.api.list("pods")
            }
        return self._names.get(uid, ("", ""))

    def instance_of(self, host: Host) -> int:
        """How often the container was restarted before this one."""
        return self._log_of(host)[2]

    def _log_of(self, host: Host) -> tuple[str, str, int]:
        """Pod uid, container name and restarts, out of where the container's first process writes its log."""
        for process in self.linux.state.processes.values():
            if process.host != host.name or process.parent:
                continue
            kind, _, name = process.fds.get(1, "").partition(":")
            if kind in ("log", "console"):
                uid, container, instance = name.rsplit("/", 2)
                return uid, container, int(instance)
        uid = next((uid for uid, address in self.state.addresses.items() if host.address and address == host.address), "")
        return uid, "", 0
