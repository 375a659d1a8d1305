"""Validation of Services.

Upstream: pkg/apis/core/validation/validation.go (ValidateService, ValidateServiceUpdate). Left out: IPv6 pairs.
"""

from __future__ import annotations

from podlab.sim.api import names
from podlab.sim.api.internal import Raw, internal
from podlab.sim.api.validation import metadata
from podlab.sim.api.validation.endpoints import special_address
from podlab.sim.api.validation.errors import FieldError, duplicate, forbidden, invalid, required, unsupported
from podlab.sim.api.validation.probes import validate_port
from podlab.sim.changes import Obj

TYPES = ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"]
DISTRIBUTIONS = ["PreferClose", "PreferSameZone", "PreferSameNode"]
MOST_AFFINITY = 86400
ONLY_BALANCERS = "may only be used when `type` is 'LoadBalancer'"


def is_headless(spec: Obj) -> bool:
    """Whether the Service has no address on purpose."""
    return bool(spec.get("clusterIPs") == ["None"])


def validate_name(name: str) -> list[str]:
    """A Service's name: a label, which the resolver must like."""
    if "." in name:
        return ["must not contain dots"]
    return names.label(name)


def validate_create(service: Obj) -> list[FieldError]:
    """A new Service, its metadata aside."""
    spec = service["spec"]
    type_ = spec.get("type", "")
    errors: list[FieldError] = []
    if not spec.get("ports") and not is_headless(spec) and type_ != "ExternalName":
        errors.append(required("spec.ports"))
    if type_ in ("LoadBalancer", "NodePort") and is_headless(spec):
        errors.append(invalid("spec.clusterIPs[0]", "None", f"may not be set to 'None' for {type_} services"))
    if type_ == "ExternalName":
        errors += _external_name(spec)
    errors += _ports(spec)
    errors += metadata.labels(spec.get("selector", {}), "spec.selector")
    errors += _affinity(spec)
    errors += _addresses(spec) if type_ != "ExternalName" else []
    errors += _external_ips(spec)
    if type_ not in TYPES:
        errors.append(unsupported("spec.type", type_, TYPES))
    errors += _twice(spec, type_)
    errors += _balancer(spec, type_)
    return errors + _traffic(spec, type_)


def _external_name(spec: Obj) -> list[FieldError]:
    told = "may not be set for ExternalName services"
    errors = [forbidden(f"spec.{name}", told) for name in ("clusterIPs", "ipFamilies", "ipFamilyPolicy") if spec.get(name)]
    name = spec.get("externalName", "").removesuffix(".")
    if not name:
        return [*errors, required("spec.externalName")]
    return errors + [invalid("spec.externalName", name, each) for each in names.subdomain(name)]


def _ports(spec: Obj) -> list[FieldError]:
    errors: list[FieldError] = []
    seen: set[str] = set()
    ports = spec.get("ports", [])
    for number, port in enumerate(ports):
        where, name = f"spec.ports[{number}]", port.get("name", "")
        if len(ports) > 1 and not name:
            errors.append(required(f"{where}.name"))
        elif name:
            errors += [invalid(f"{where}.name", name, each) for each in names.label(name)]
            if name in seen:
                errors.append(duplicate(f"{where}.name", name))
            seen.add(name)
        errors += [invalid(f"{where}.port", port.get("port", 0), each) for each in names.port_number(port.get("port", 0))]
        if port.get("protocol") not in ("SCTP", "TCP", "UDP"):
            errors.append(unsupported(f"{where}.protocol", port.get("protocol", ""), ["SCTP", "TCP", "UDP"]))
        errors += validate_port(port.get("targetPort", 0), f"{where}.targetPort")
        if "appProtocol" in port:
            errors += [invalid(f"{where}.appProtocol", port["appProtocol"], each) for each in names.qualified(port["appProtocol"])]
    return errors


def _affinity(spec: Obj) -> list[FieldError]:
    kind, config = spec.get("sessionAffinity", ""), spec.get("sessionAffinityConfig")
    path = "spec.sessionAffinityConfig"
    if kind not in ("ClientIP", "None"):
        return [unsupported("spec.sessionAffinity", kind, ["ClientIP", "None"])]
    if kind == "None":
        return [forbidden(path, "must not be set when session affinity is None")] if config is not None else []
    seconds = (config or {}).get("clientIP", {}).get("timeoutSeconds", 0)
    if not 0 < seconds <= MOST_AFFINITY:
        return [invalid(f"{path}.clientIP.timeoutSeconds", seconds, f"must be greater than 0 and less than {MOST_AFFINITY}")]
    return []


def _addresses(spec: Obj) -> list[FieldError]:
    """clusterIP, clusterIPs and families."""
    first, held = spec.get("clusterIP", ""), spec.get("clusterIPs", [])
    errors: list[FieldError] = []
    if first and held and held[0] != first:
        errors.append(invalid("spec.clusterIPs", held, "first value must match `clusterIP`"))
    elif not first and held:
        errors.append(invalid("spec.clusterIPs", held, "must be empty when `clusterIP` is not specified"))
    errors += _families(spec)
    for number, address in enumerate(held):
        if number == 0 and address == "None":
            if len(held) > 1:
                errors.append(invalid("spec.clusterIPs", held, "'None' must be the first and only value"))
            continue
        errors += [invalid(f"spec.clusterIPs[{number}]", address, each) for each in names.ip_address(address)]
    if len(held) > 2:
        errors.append(invalid("spec.clusterIPs", held, "may only hold up to 2 values"))
    return errors


def _families(spec: Obj) -> list[FieldError]:
    errors: list[FieldError] = []
    seen: set[str] = set()
    for number, family in enumerate(spec.get("ipFamilies", ())):
        if family not in ("IPv4", "IPv6"):
            errors.append(unsupported(f"spec.ipFamilies[{number}]", family, ["IPv4", "IPv6"]))
        elif family == "IPv6":
            told = "not configured on this cluster"
            errors.append(invalid(f"spec.ipFamilies[{number}]", family, told))
        if family in seen:
            errors.append(duplicate(f"spec.ipFamilies[{number}]", family))
        seen.add(family)
    policies = ["PreferDualStack", "RequireDualStack", "SingleStack"]
    if spec.get("ipFamilyPolicy", "SingleStack") not in policies:
        errors.append(unsupported("spec.ipFamilyPolicy", spec["ipFamilyPolicy"], policies))
    return errors


def _external_ips(spec: Obj) -> list[FieldError]:
    errors: list[FieldError] = []
    for number, address in enumerate(spec.get("externalIPs", ())):
        where = f"spec.externalIPs[{number}]"
        wrong = [invalid(where, address, each) for each in names.ip_address(address)]
        errors += wrong or special_address(address, where)
    return errors


def _twice(spec: Obj, type_: str) -> list[FieldError]:
    """Node ports where there are none, and ports given twice; a node port that is taken is the allocator's business."""
    errors: list[FieldError] = []
    ports = spec.get("ports", [])
    if type_ == "ClusterIP":
        told = "may not be used when `type` is 'ClusterIP'"
        errors += [forbidden(f"spec.ports[{number}].nodePort", told) for number, port in enumerate(ports) if port.get("nodePort")]
    seen: list[tuple[str, int]] = []
    for number, port in enumerate(ports):
        key = (port.get("protocol", ""), port.get("port", 0))
        if key in seen:
            shown = internal("core/v1.ServicePort", {"protocol": key[0], "port": key[1]})
            errors.append(duplicate(f"spec.ports[{number}]", Raw(shown)))
        seen.append(key)
    return errors


def _balancer(spec: Obj, type_: str) -> list[FieldError]:
    errors: list[FieldError] = []
    ranges = spec.get("loadBalancerSourceRanges", [])
    if ranges and type_ != "LoadBalancer":
        errors.append(forbidden("spec.LoadBalancerSourceRanges", ONLY_BALANCERS))
    for number, each in enumerate(ranges):
        errors += [invalid(f"spec.LoadBalancerSourceRanges[{number}]", each.strip(), told) for told in names.cidr(each.strip())]
    for name in ("allocateLoadBalancerNodePorts", "loadBalancerClass"):
        if name in spec and type_ != "LoadBalancer":
            errors.append(forbidden(f"spec.{name}", ONLY_BALANCERS))
    if "loadBalancerClass" in spec and type_ == "LoadBalancer":
        errors += [
            invalid("spec.loadBalancerClass", spec["loadBalancerClass"], each) for each in names.qualified(spec["loadBalancerClass"])
        ]
    return errors


def _traffic(spec: Obj, type_: str) -> list[FieldError]:
    errors: list[FieldError] = []
    external = spec.get("externalTrafficPolicy", "")
    reachable = type_ in ("NodePort", "LoadBalancer") or (type_ == "ClusterIP" and bool(spec.get("externalIPs")))
    if external and not reachable:
        errors.append(invalid("spec.externalTrafficPolicy", external, "may only be set for externally-accessible services"))
    elif reachable and external not in ("Cluster", "Local"):
        errors.append(unsupported("spec.externalTrafficPolicy", external, ["Cluster", "Local"]))
    if spec.get("healthCheckNodePort") and not (type_ == "LoadBalancer" and external == "Local"):
        told = "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'"
        errors.append(invalid("spec.healthCheckNodePort", spec["healthCheckNodePort"], told))
    inside = spec.get("internalTrafficPolicy", "Cluster")
    if inside not in ("Cluster", "Local"):
        errors.append(unsupported("spec.internalTrafficPolicy", inside, ["Cluster", "Local"]))
    spread = spec.get("trafficDistribution")
    if spread is not None and spread not in DISTRIBUTIONS:
        errors.append(unsupported("spec.trafficDistribution", spread, DISTRIBUTIONS))
    return errors


def validate_update(new: Obj, old: Obj) -> list[FieldError]:
    """The cluster address stays, unless the name of another place took or takes its part."""
    spec, held = new["spec"], old["spec"]
    errors: list[FieldError] = []
    if "ExternalName" not in (spec.get("type"), held.get("type")) and not (is_headless(spec) and is_headless(held)):
        errors += _released(spec.get("clusterIPs", []), held.get("clusterIPs", []))
        if spec.get("ipFamilies", held.get("ipFamilies")) != held.get("ipFamilies") and is_headless(spec) == is_headless(held):
            errors.append(invalid("spec.ipFamilies[0]", spec.get("ipFamilies", []), "may not change once set"))
    if "LoadBalancer" == spec.get("type") == held.get("type") and spec.get("loadBalancerClass") != held.get("loadBalancerClass"):
        errors.append(invalid("spec.loadBalancerClass", spec.get("loadBalancerClass"), "may not change once set"))
    return errors + validate_create(new)


def _released(new: list[str], old: list[str]) -> list[FieldError]:
    if len(new) == len(old):
        return [
            invalid(f"spec.clusterIPs[{number}]", new, "may not change once set") for number, each in enumerate(old) if new[number] != each
        ]
    if old and not new:
        return [invalid("spec.clusterIPs[0]", None, "primary clusterIP can not be unset")]
    return [invalid("spec.clusterIPs[0]", new, "may not change once set")] if old and new[0] != old[0] else []
