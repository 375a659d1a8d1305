"""Validation of Ingresses, IngressClasses and NetworkPolicies.

Upstream: pkg/apis/networking/validation/validation.go. Left out: the old annotation for an Ingress's class.
"""

from __future__ import annotations

import ipaddress
from typing import Any

from podlab.sim.api import names
from podlab.sim.api.validation.affinity import validate_selector
from podlab.sim.api.validation.errors import FieldError, forbidden, invalid, required, unsupported
from podlab.sim.changes import Obj

PATH_TYPES = ["Exact", "ImplementationSpecific", "Prefix"]
PROTOCOLS = ["SCTP", "TCP", "UDP"]
_SEQUENCES = ("//", "/./", "/../", "%2f", "%2F")
_SUFFIXES = ("/..", "/.")


def validate_ingress(ingress: Obj) -> list[FieldError]:
    """An Ingress."""
    spec, errors = ingress["spec"], []
    for number, each in enumerate(spec.get("tls") or ()):
        for at, host in enumerate(each.get("hosts") or ()):
            errors += [invalid(f"spec.tls[{number}].hosts[{at}]", host, text) for text in _host_name(host)]
    if spec.get("defaultBackend") is not None:
        errors += _backend(spec["defaultBackend"], "spec.defaultBackend")
    elif not spec.get("rules"):
        errors.append(invalid("spec", None, "either `defaultBackend` or `rules` must be specified"))
    for number, each in enumerate(spec.get("rules") or ()):
        errors += _rule(each, f"spec.rules[{number}]")
    name = spec.get("ingressClassName")
    if name is not None:
        errors += [invalid("spec.ingressClassName", name, text) for text in names.subdomain(name)]
    return errors


def _host_name(host: str) -> list[str]:
    return names.wildcard_subdomain(host) if "*" in host else names.subdomain(host)


def _rule(rule: Obj, path: str) -> list[FieldError]:
    host, errors = rule.get("host", ""), []
    if host:
        if not names.ip_address(host):
            errors.append(invalid(f"{path}.host", host, "must be a DNS name, not an IP address"))
        errors += [invalid(f"{path}.host", host, text) for text in _host_name(host)]
    if "http" not in rule:
        return errors
    paths = rule["http"].get("paths") or []
    if not paths:
        errors.append(required(f"{path}.http.paths"))
    for number, each in enumerate(paths):
        errors += _path(each, f"{path}.http.paths[{number}]")
    return errors


def _path(entry: Obj, path: str) -> list[FieldError]:
    kind, text = entry.get("pathType"), entry.get("path", "")
    if not kind:
        return [required(f"{path}.pathType", "pathType must be specified"), *_backend(entry.get("backend") or {}, f"{path}.backend")]
    errors: list[FieldError] = []
    if kind in ("Exact", "Prefix"):
        if not text.startswith("/"):
            errors.append(invalid(f"{path}.path", text, "must be an absolute path"))
        if text:
            errors += [invalid(f"{path}.path", text, f"must not contain '{each}'") for each in _SEQUENCES if each in text]
            errors += [invalid(f"{path}.path", text, f"cannot end with '{each}'") for each in _SUFFIXES if text.endswith(each)]
    elif kind == "ImplementationSpecific":
        if text and not text.startswith("/"):
            errors.append(invalid(f"{path}.path", text, "must be an absolute path"))
    else:
        errors.append(unsupported(f"{path}.pathType", kind, PATH_TYPES))
    return errors + _backend(entry.get("backend") or {}, f"{path}.backend")


def _backend(backend: Obj, path: str) -> list[FieldError]:
    service, resource = backend.get("service"), backend.get("resource")
    if resource is not None and service is not None:
        return [invalid(path, "", "cannot set both resource and service backends")]
    if resource is not None:
        return [required(f"{path}.resource.{name}") for name in ("kind", "name") if not resource.get(name)]
    if service is None:
        return [required(path, "resource or service backend is required")]
    return _service(service, f"{path}.service")


def _service(service: Obj, path: str) -> list[FieldError]:
    errors: list[FieldError] = []
    if not service.get("name"):
        errors.append(required(f"{path}.name"))
    else:
        errors += [invalid(f"{path}.name", service["name"], text) for text in names.rfc1035(service["name"])]
    port = service.get("port") or {}
    if port.get("name") and port.get("number"):
        errors.append(invalid(path, "", "cannot set both port name & port number"))
    elif port.get("name"):
        errors += [invalid(f"{path}.port.name", port["name"], text) for text in names.port_name(port["name"])]
    elif port.get("number"):
        errors += [invalid(f"{path}.port.number", port["number"], text) for text in names.port_number(port["number"])]
    else:
        errors.append(required(path, "port name or number is required"))
    return errors


def validate_ingress_class(class_: Obj) -> list[FieldError]:
    """An IngressClass: who serves it."""
    controller = class_["spec"].get("controller", "")
    if len(controller) > 250:
        return [FieldError("FieldValueTooLong", "spec.controller", "Too long: may not be more than 250 bytes")]
    return [invalid("spec.controller", controller, text) for text in names.prefixed_path(controller)]


def update_ingress_class(new: Obj, old: Obj) -> list[FieldError]:
    """Who serves it stays."""
    held = new["spec"].get("controller", "")
    same = held == old["spec"].get("controller", "")
    return validate_ingress_class(new) + ([] if same else [invalid("spec.controller", held, "field is immutable")])


def validate_network_policy(policy: Obj) -> list[FieldError]:
    """A NetworkPolicy."""
    spec = policy["spec"]
    errors = validate_selector(spec.get("podSelector"), "spec.podSelector")
    for direction, peers in (("ingress", "from"), ("egress", "to")):
        for number, each in enumerate(spec.get(direction) or ()):
            path = f"spec.{direction}[{number}]"
            errors += [error for at, port in enumerate(each.get("ports") or ()) for error in _port(port, f"{path}.ports[{at}]")]
            errors += [error for at, peer in enumerate(each.get(peers) or ()) for error in _peer(peer, f"{path}.{peers}[{at}]")]
    types = spec.get("policyTypes") or []
    if len(types) > 2:
        return [*errors, invalid("spec.policyTypes", types, "may not specify more than two policyTypes")]
    wrong = [(number, each) for number, each in enumerate(types) if each not in ("Ingress", "Egress")]
    return errors + [unsupported(f"spec.policyTypes[{number}]", each, ["Egress", "Ingress"]) for number, each in wrong]


def _port(port: Obj, path: str) -> list[FieldError]:
    errors: list[FieldError] = []
    if port.get("protocol") and port["protocol"] not in PROTOCOLS:
        errors.append(unsupported(f"{path}.protocol", port["protocol"], PROTOCOLS))
    value, end = port.get("port"), port.get("endPort")
    if isinstance(value, int):
        errors += [invalid(f"{path}.port", value, text) for text in names.port_number(value)]
        if end is not None:
            if end < value:
                errors.append(invalid(f"{path}.endPort", value, "must be greater than or equal to `port`"))
            errors += [invalid(f"{path}.endPort", end, text) for text in names.port_number(end)]
        return errors
    if value is not None:
        if end is not None:
            errors.append(invalid(f"{path}.endPort", end, "may not be specified when `port` is non-numeric"))
        return errors + [invalid(f"{path}.port", value, text) for text in names.port_name(value)]
    return errors + ([invalid(f"{path}.endPort", end, "may not be specified when `port` is not specified")] if end is not None else [])


def _peer(peer: Obj, path: str) -> list[FieldError]:
    chosen = [name for name in ("podSelector", "namespaceSelector", "ipBlock") if peer.get(name) is not None]
    errors = [error for name in chosen[:2] if name != "ipBlock" for error in validate_selector(peer[name], f"{path}.{name}")]
    if "ipBlock" in chosen:
        errors += _block(peer["ipBlock"], f"{path}.ipBlock")
        if len(chosen) > 1:
            errors.append(forbidden(path, "may not specify both ipBlock and another peer"))
    return errors if chosen else [*errors, required(path, "must specify a peer")]


def _block(block: Obj, path: str) -> list[FieldError]:
    text = block.get("cidr", "")
    if not text:
        return [required(f"{path}.cidr")]
    wrong = names.cidr(text)
    if wrong:
        return [invalid(f"{path}.cidr", text, each) for each in wrong]
    whole: Any = ipaddress.ip_network(text, strict=False)
    errors: list[FieldError] = []
    for number, each in enumerate(block.get("except") or ()):
        where = f"{path}.except[{number}]"
        bad = names.cidr(each)
        if bad:
            errors += [invalid(where, each, text) for text in bad]
            continue
        part: Any = ipaddress.ip_network(each, strict=False)
        if part.version != whole.version or not part.subnet_of(whole) or part == whole:
            errors.append(invalid(where, each, "must be a strict subset of `cidr`"))
    return errors
