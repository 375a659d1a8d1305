"""Services: a connection to a cluster address goes to one endpoint, drawn anew unless the Service is sticky; without endpoints it is refused.

Upstream: pkg/proxy (iptables mode, topology.go). Left out: load balancers, zone hints.
"""

from __future__ import annotations

from msgspec import Struct

from podlab.sim.changes import Obj
from podlab.sim.network.state import NetworkState, Sticky
from podlab.sim.network.topology import Backend, categories
from podlab.sim.world import World

SERVICE_NAME = "kubernetes.io/service-name"


class Client(Struct, frozen=True):
    """Who connects: its address, the node whose proxy it meets, and whether it comes from outside to a node port."""

    address: str
    node: str
    external: bool = False


class Dropped(Exception):
    """There are endpoints, but none that this client may be sent to: its packets vanish."""


class Endpoint(Struct):
    """One backend of a Service's port."""

    address: str
    port: int
    node: str = ""
    pod: str = ""
    hostname: str = ""


class Proxy:
    """kube-proxy's rules, read from the Services and EndpointSlices."""

    def __init__(self, world: World, state: NetworkState) -> None:
        self.world = world
        self.state = state

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

    def endpoints(self, service: Obj, name: str, client: Client) -> list[Endpoint]:
        """The endpoints of a port that a client may be sent to (X23): the ready ones, else those that still serve while they end. Dropped."""
        found, spec = self._all(service, name), service["spec"]
        backends = [
            Backend(
                each.address,
                bool(conditions.get("ready", True)),
                bool(conditions.get("serving")),
                bool(conditions.get("terminating")),
                each.node == client.node,
            )
            for each, conditions in found
        ]
        inside, outside = spec.get("internalTrafficPolicy") == "Local", spec.get("externalTrafficPolicy") == "Local"
        sorted_ = categories(backends, internal_local=inside and not client.external, external=client.external, external_local=outside)
        local = outside if client.external else inside
        allowed = (sorted_.local if local else sorted_.cluster) or []
        if local and not allowed and any(each.ready or (each.serving and each.terminating) for each in backends):
            raise Dropped
        return [each for each, _ in found if each.address in allowed]

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

    def choose(self, service: Obj, port: Obj, client: Client) -> Endpoint | None:
        """One endpoint, drawn, or the one that the client had before; None: there is none. Dropped."""
        candidates = self.endpoints(service, port.get("name") or "", client)
        if not candidates:
            return None
        sticky = service["spec"].get("sessionAffinity") == "ClientIP"
        key = f"{client.node} {service['metadata']['uid']} {port.get('name') or ''} {client.address}"
        chosen = self._again(key, candidates) if sticky else None
        if chosen is None:
            chosen = candidates[self.world.draw("service", service["metadata"]["uid"]) % len(candidates)]
        if sticky:
            seconds = ((service["spec"].get("sessionAffinityConfig") or {}).get("clientIP") or {}).get("timeoutSeconds", 10_800)
            self.state.sticky[key] = Sticky(chosen.address, self.world.now + 1000 * seconds)
        return chosen

    def _again(self, key: str, candidates: list[Endpoint]) -> Endpoint | None:
        """The endpoint that the node's proxy sent this client to before, while it remembers that."""
        held = self.state.sticky.get(key)
        if held is None or held.until_ms < self.world.now:
            return None
        return next((each for each in candidates if each.address == held.address), None)
