"""Validation of EndpointSlices and Endpoints.

Upstream: pkg/apis/discovery/validation/validation.go, pkg/apis/core/validation/validation.go (ValidateEndpoints). Left out: FQDN slices.
"""

from __future__ import annotations

import ipaddress

from podlab.sim.api import names
from podlab.sim.api.validation import metadata
from podlab.sim.api.validation.errors import FieldError, duplicate, invalid, required, too_many, unsupported
from podlab.sim.changes import Obj

MOST_ENDPOINTS, MOST_ADDRESSES, MOST_PORTS = 1000, 100, 20000
TYPES = ["FQDN", "IPv4", "IPv6"]
PROTOCOLS = ["SCTP", "TCP", "UDP"]


def validate_slice(slice_: Obj) -> list[FieldError]:
    """A new EndpointSlice, its metadata aside."""
    kind = slice_.get("addressType", "")
    errors: list[FieldError] = []
    if kind not in TYPES:
        errors.append(unsupported("addressType", kind, TYPES) if kind else required("addressType"))
    endpoints = slice_.get("endpoints") or []
    if len(endpoints) > MOST_ENDPOINTS:
        errors.append(too_many("endpoints", len(endpoints), MOST_ENDPOINTS))
    for number, each in enumerate(endpoints):
        errors += _endpoint(each, kind, f"endpoints[{number}]")
    return errors + _ports(slice_.get("ports") or [])


def _endpoint(endpoint: Obj, kind: str, path: str) -> list[FieldError]:
    addresses = endpoint.get("addresses") or []
    errors: list[FieldError] = []
    if not addresses:
        errors.append(required(f"{path}.addresses", "must contain at least 1 address"))
    elif len(addresses) > MOST_ADDRESSES:
        errors.append(too_many(f"{path}.addresses", len(addresses), MOST_ADDRESSES))
    for number, address in enumerate(addresses):
        errors += _address(address, kind, f"{path}.addresses", number)
    if "nodeName" in endpoint:
        errors += [invalid(f"{path}.nodeName", endpoint["nodeName"], each) for each in names.subdomain(endpoint["nodeName"])]
    errors += metadata.labels(endpoint.get("deprecatedTopology", {}), f"{path}.topology")
    if "hostname" in endpoint:
        errors += [invalid(f"{path}.hostname", endpoint["hostname"], each) for each in names.label(endpoint["hostname"])]
    for group in ("forZones", "forNodes"):
        seen: set[str] = set()
        for number, each in enumerate(endpoint.get("hints", {}).get(group, ())):
            where, name = f"{path}.hints.{group}[{number}].name", each.get("name", "")
            if name in seen:
                errors.append(duplicate(where, name))
            seen.add(name)
            errors += [invalid(where, name, told) for told in names.qualified(name)]
    return errors


def _address(address: str, kind: str, path: str, number: int) -> list[FieldError]:
    where = f"{path}[{number}]"
    if kind == "FQDN":
        return [invalid(where, address, each) for each in names.subdomain(address)]
    if kind not in TYPES:
        return []
    wrong = names.ip_address(address)
    if wrong:
        return [invalid(where, address, each) for each in wrong]
    found = ipaddress.ip_address(address)
    if f"IPv{found.version}" != kind:
        return [invalid(path, address, f"must be an {kind} address")]
    return special_address(address, where)


def special_address(address: str, path: str) -> list[FieldError]:
    """An address that cannot be an endpoint's."""
    found = ipaddress.ip_address(address)
    told = []
    if found.is_unspecified:
        told.append(f"may not be unspecified ({address})")
    if found.is_loopback:
        told.append("may not be in the loopback range (127.0.0.0/8, ::1/128)")
    if found.is_link_local:
        told.append("may not be in the link-local range (169.254.0.0/16, fe80::/10)")
    if found.is_multicast and found.packed[:3] == b"\xe0\x00\x00":
        told.append("may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)")
    return [invalid(path, address, each) for each in told]


def _ports(ports: list[Obj]) -> list[FieldError]:
    errors: list[FieldError] = []
    seen: set[str] = set()
    for number, port in enumerate(ports):
        where, name = f"ports[{number}]", port.get("name", "")
        if name:
            errors += [invalid(f"{where}.name", name, each) for each in names.label(name)]
        if name in seen:
            errors.append(duplicate(f"{where}.name", name))
        seen.add(name)
        if port.get("protocol") not in PROTOCOLS:
            errors.append(unsupported(f"{where}.protocol", port.get("protocol", ""), PROTOCOLS))
        if "appProtocol" in port:
            errors += [invalid(f"{where}.appProtocol", port["appProtocol"], each) for each in names.qualified(port["appProtocol"])]
    return errors


def update_slice(new: Obj, old: Obj) -> list[FieldError]:
    """The address type stays."""
    errors = validate_slice(new)
    if new.get("addressType") != old.get("addressType"):
        errors.append(invalid("addressType", new.get("addressType", ""), "field is immutable"))
    return errors


def validate_endpoints(endpoints: Obj) -> list[FieldError]:
    """Subsets with addresses and ports."""
    errors: list[FieldError] = []
    for number, subset in enumerate(endpoints.get("subsets", ())):
        path = f"subsets[{number}]"
        if not subset.get("addresses") and not subset.get("notReadyAddresses"):
            errors.append(required(path, "must specify `addresses` or `notReadyAddresses`"))
        for group in ("addresses", "notReadyAddresses"):
            for at, each in enumerate(subset.get(group, ())):
                where = f"{path}.{group}[{at}].ip"
                wrong = [invalid(where, each.get("ip", ""), told) for told in names.ip_address(each.get("ip", ""))]
                errors += wrong or special_address(each["ip"], where)
        errors += _subset_ports(subset.get("ports", []), f"{path}.ports")
    return errors


def _subset_ports(ports: list[Obj], path: str) -> list[FieldError]:
    errors: list[FieldError] = []
    for number, port in enumerate(ports):
        where = f"{path}[{number}]"
        if len(ports) > 1 and not port.get("name"):
            errors.append(required(f"{where}.name"))
        elif port.get("name"):
            errors += [invalid(f"{where}.name", port["name"], each) for each in names.label(port["name"])]
        errors += [invalid(f"{where}.port", port.get("port", 0), each) for each in names.port_number(port.get("port", 0))]
        if port.get("protocol") not in PROTOCOLS:
            errors.append(unsupported(f"{where}.protocol", port.get("protocol", ""), PROTOCOLS))
    return errors
