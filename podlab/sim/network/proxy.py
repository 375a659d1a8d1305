"""Services: a connection to a cluster address goes to one endpoint, drawn anew each time; without endpoints it is refused.

Upstream: pkg/proxy (iptables mode, topology.go). Left out: session affinity, traffic policies, load balancers.
"""

from __future__ import annotations

from msgspec import Struct

from podlab.sim.changes import Obj
from podlab.sim.world import World

SERVICE_NAME = "kubernetes.io/service-name"


class Endpoint(Struct):
    """One backend of a Service's port."""

    address: str
    port: int
    node: str = ""
    pod: str = ""
    hostname: str = ""


class Proxy:
    """kube-proxy's rules, read from the Services and EndpointSlices."""

    def __init__(self, world: World) -> None:
        self.world = world

    def find(self, address: str, port: int) -> tuple[Obj, Obj | None] | None:
        """The Service with that cluster address, and its port of that number (UDP: negative); None: no Service has it."""
        for service in self.world.api.list("services"):
            if address in (service["spec"].get("clusterIPs") or [service["spec"].get("clusterIP")]):
                return service, self._port(service, "port", port)
        return None

    def find_node_port(self, port: int) -> tuple[Obj, Obj] | None:
        """The Service that has this node port."""
        for service in self.world.api.list("services"):
            found = self._port(service, "nodePort", port)
            if found is not None:
                return service, found
        return None

    @staticmethod
    def _port(service: Obj, field: str, port: int) -> Obj | None:
        protocol = "UDP" if port < 0 else "TCP"
        return next(
            (
                each
                for each in service["spec"].get("ports") or ()
                if each.get(field) == abs(port) and each.get("protocol", "TCP") == protocol
            ),
            None,
        )

    def endpoints(self, service: Obj, name: str) -> list[Endpoint]:
        """The endpoints of a port by name: the ready ones, else those that still serve while they end."""
        ready: list[Endpoint] = []
        ending: list[Endpoint] = []
        for endpoint, conditions in self._all(service, name):
            if conditions.get("ready", True):
                ready.append(endpoint)
            elif conditions.get("serving") and conditions.get("terminating"):
                ending.append(endpoint)
        return ready or ending

    def ready(self, service: Obj) -> list[Endpoint]:
        """All ready endpoints, of any port, each address once."""
        seen: dict[str, Endpoint] = {}
        for endpoint, conditions in self._all(service, None):
            if conditions.get("ready", True):
                seen.setdefault(endpoint.address, endpoint)
        return list(seen.values())

    def _all(self, service: Obj, name: str | None) -> list[tuple[Endpoint, Obj]]:
        meta, found = service["metadata"], []
        for piece in self.world.api.list("endpointslices", meta["namespace"]):
            if piece["metadata"].get("labels", {}).get(SERVICE_NAME) != meta["name"]:
                continue
            numbers = [each.get("port") or 0 for each in piece.get("ports") or () if name is None or (each.get("name") or "") == name]
            if not numbers and name is not None:
                continue
            for each in piece.get("endpoints") or ():
                target = each.get("targetRef") or {}
                pod = f"{target.get('namespace', '')}/{target['name']}" if target.get("kind") == "Pod" else ""
                found.append(
                    (
                        Endpoint(
                            each["addresses"][0], numbers[0] if numbers else 0, each.get("nodeName") or "", pod, each.get("hostname") or ""
                        ),
                        each.get("conditions") or {},
                    )
                )
        return sorted(found, key=lambda pair: pair[0].address)

    def choose(self, service: Obj, port: Obj) -> Endpoint | None:
        """One endpoint, drawn; None: there is none."""
        candidates = self.endpoints(service, port.get("name") or "")
        if not candidates:
            return None
        return candidates[self.world.draw("service", service["metadata"]["uid"]) % len(candidates)]
