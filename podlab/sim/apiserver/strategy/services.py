"""Services: addresses, families and node ports are allocated here.

Upstream: pkg/registry/core/service/storage/alloc.go, strategy.go. Left out: IPv6 (the cluster is single-stack IPv4), load balancers.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, ip_address
from typing import TYPE_CHECKING

from podlab.sim.api.validation.errors import invalid, invalid_object
from podlab.sim.apiserver.strategy.base import Strategy
from podlab.sim.changes import Obj

if TYPE_CHECKING:
    from podlab.sim.apiserver.server import ApiServer

NETWORK = IPv4Network("10.96.0.0/12")
NODE_PORTS = (30000, 32767)
_STATIC_PORTS = 86
"""The first ports of the range are only given when they are asked for (as long as others are free)."""
_STATIC_ADDRESSES = 256


class ServiceStrategy(Strategy):
    """An object that lends addresses and ports."""

    def __init__(self) -> None:
        super().__init__(answers_object=True, status=True)

    def prepare_create(self, api: ApiServer, new: Obj) -> None:
        """Lend what it needs, unless it is refused anyway."""
        new["status"] = {"loadBalancer": {}}
        normalise(new["spec"])

    def prepare_update(self, api: ApiServer, new: Obj, old: Obj) -> Obj:
        """Keep what was lent, unless the type gives it up; then lend what is missing."""
        new = {**new, "spec": {**new["spec"]}, "status": old.get("status", {})}
        _patch_up(new["spec"], old["spec"])
        return new

    def complete(self, api: ApiServer, new: Obj, old: Obj | None) -> None:
        """Addresses and ports."""
        allocate(api, new, old)


def normalise(spec: Obj) -> None:
    """`clusterIP` is the first of `clusterIPs`."""
    if spec.get("clusterIP") and not spec.get("clusterIPs"):
        spec["clusterIPs"] = [spec["clusterIP"]]


def _patch_up(new: Obj, old: Obj) -> None:
    """What a client that does not know a field leaves out stays as it was."""
    keeps = new.get("type") != "ExternalName"
    if keeps and old.get("type") != "ExternalName" and not new.get("clusterIP"):
        for name in ("clusterIP", "clusterIPs"):
            if name in old and name not in new:
                new[name] = old[name]
        if "clusterIP" not in new and new.get("clusterIPs") == old.get("clusterIPs") and old.get("clusterIP"):
            new["clusterIP"] = old["clusterIP"]
    normalise(new)
    if keeps:
        _keep_ports(new, old)
    if not keeps:
        for name in ("ipFamilies", "ipFamilyPolicy", "internalTrafficPolicy"):
            if new.get(name) == old.get(name):
                new.pop(name, None)


def _keep_ports(new: Obj, old: Obj) -> None:
    if new.get("type") == "ClusterIP" and old.get("type") in ("NodePort", "LoadBalancer"):
        new["ports"] = [
            {key: value for key, value in port.items() if key != "nodePort"} if port.get("nodePort") in _ports_of(old) else port
            for port in new.get("ports", ())
        ]
        if new.get("externalTrafficPolicy") == old.get("externalTrafficPolicy"):
            new.pop("externalTrafficPolicy", None)
    elif new.get("type") in ("NodePort", "LoadBalancer") and old.get("type") in ("NodePort", "LoadBalancer"):
        held = {(port.get("protocol"), port.get("port")): port["nodePort"] for port in old.get("ports", ()) if port.get("nodePort")}
        taken = set(_ports_of(new))
        new["ports"] = [_kept_port(port, held, taken) for port in new.get("ports", ())]


def _kept_port(port: Obj, held: dict[tuple[str, int], int], taken: set[int]) -> Obj:
    found = held.get((port.get("protocol", ""), port.get("port", 0)))
    return port if port.get("nodePort") or found is None or found in taken else {**port, "nodePort": found}


def _ports_of(spec: Obj) -> list[int]:
    return [port["nodePort"] for port in spec.get("ports", ()) if port.get("nodePort")]


def allocate(api: ApiServer, service: Obj, old: Obj | None = None) -> None:
    """Families, cluster address and node ports of a valid Service (fresh: changed in place); Invalid where one is taken."""
    spec = service["spec"]
    if spec["type"] == "ExternalName":
        for name in ("clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy"):
            spec.pop(name, None)
        return
    spec.setdefault("ipFamilyPolicy", "SingleStack")
    spec.setdefault("ipFamilies", ["IPv4"])
    if not spec.get("clusterIP"):
        spec["clusterIP"] = _free_address(api)
        spec["clusterIPs"] = [spec["clusterIP"]]
    elif spec["clusterIP"] != "None" and (old is None or old["spec"].get("clusterIP") != spec["clusterIP"]):
        _claim_address(api, service)
    if spec["type"] in ("NodePort", "LoadBalancer") and spec.get("allocateLoadBalancerNodePorts") is not False:
        _node_ports(api, service, _ports_of(old["spec"]) if old else [])


def _addresses(api: ApiServer) -> set[str]:
    return {each["spec"].get("clusterIP", "") for each in api.store.all("services")}


def _free_address(api: ApiServer) -> str:
    taken = _addresses(api)
    room = NETWORK.num_addresses - 2 - _STATIC_ADDRESSES
    while True:
        address = str(NETWORK[_STATIC_ADDRESSES + 1 + api.world.draw("clusterIP") % room])
        if address not in taken:
            return address


def _claim_address(api: ApiServer, service: Obj) -> None:
    spec = service["spec"]
    address = spec["clusterIP"]
    found = ip_address(address)
    why = ""
    if not isinstance(found, IPv4Address) or found not in NETWORK:
        why = f"failed to allocate IP {address}: the provided IP ({address}) is not in the valid range. The range of valid IPs is {NETWORK}"
    elif address in _addresses(api):
        why = f"failed to allocate IP {address}: provided IP is already allocated"
    if why:
        raise invalid_object("Service", "", service["metadata"]["name"], [invalid("spec.clusterIPs", spec["clusterIPs"], why)])


def _node_ports(api: ApiServer, service: Obj, own: list[int]) -> None:
    taken = {port for each in api.store.all("services") for port in _ports_of(each["spec"])} - set(own)
    low, high = NODE_PORTS
    mine: dict[int, str] = {}
    errors = []
    for number, port in enumerate(service["spec"].get("ports", ())):
        wanted = port.get("nodePort")
        if not wanted:
            continue
        where = f"spec.ports[{number}].nodePort"
        if not low <= wanted <= high:
            errors.append(invalid(where, wanted, f"provided port is not in the valid range. The range of valid ports is {low}-{high}"))
        elif wanted in taken or mine.get(wanted) == port["protocol"] or (wanted in mine and _clash(service, wanted)):
            errors.append(invalid(where, wanted, "provided port is already allocated"))
        mine[wanted] = port["protocol"]
    if errors:
        raise invalid_object("Service", "", service["metadata"]["name"], errors)
    for port in service["spec"].get("ports", ()):
        if not port.get("nodePort"):
            port["nodePort"] = _free_port(api, taken | set(mine), port, service)
            mine[port["nodePort"]] = port["protocol"]


def _clash(service: Obj, wanted: int) -> bool:
    """The same node port twice is fine only for two protocols of one port."""
    numbers = [(each["port"], each["protocol"]) for each in service["spec"]["ports"] if each.get("nodePort") == wanted]
    return len({protocol for _, protocol in numbers}) != len(numbers)


def _free_port(api: ApiServer, taken: set[int], port: Obj, service: Obj) -> int:
    for other in service["spec"]["ports"]:
        if other.get("nodePort") and other["port"] == port["port"] and other["protocol"] != port["protocol"]:
            return int(other["nodePort"])
    low, high = NODE_PORTS
    while True:
        found = low + _STATIC_PORTS + api.world.draw("nodePort") % (high - low + 1 - _STATIC_PORTS)
        if found not in taken:
            return found
