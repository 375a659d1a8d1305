"""Validation of Nodes.

Upstream: pkg/apis/core/validation/validation.go (ValidateNode, ValidateNodeUpdate). Left out: dynamic kubelet configuration.
"""

from __future__ import annotations

from podlab.sim.api import names
from podlab.sim.api.internal import Raw, internal
from podlab.sim.api.validation.affinity import EFFECTS, label_name
from podlab.sim.api.validation.errors import FieldError, duplicate, forbidden, invalid, required, unsupported
from podlab.sim.api.validation.resources import validate_quantity
from podlab.sim.changes import Obj

TAINTS = "metadata.taints"


def validate_create(node: Obj) -> list[FieldError]:
    """A new Node, its metadata aside."""
    errors = validate_taints(node["spec"].get("taints", []), TAINTS) + _amounts(node.get("status", {}))
    networks = node["spec"].get("podCIDRs", [])
    for number, each in enumerate(networks):
        errors += [invalid(f"spec.podCIDRs[{number}]", each, told) for told in names.cidr(each)]
    if len(networks) > 1:
        errors.append(invalid("spec.podCIDRs", networks, "may specify no more than one CIDR for each IP family"))
    return errors


def validate_taints(taints: list[Obj], path: str) -> list[FieldError]:
    """Taints: one a key and effect."""
    errors: list[FieldError] = []
    seen: list[tuple[str, str]] = []
    for number, taint in enumerate(taints):
        where = f"{path}[{number}]"
        key, value, effect = taint.get("key", ""), taint.get("value", ""), taint.get("effect", "")
        errors += label_name(key, f"{where}.key")
        wrong = names.label_value(value)
        if wrong:
            errors.append(invalid(f"{where}.value", value, ";".join(wrong)))
        if effect not in EFFECTS:
            errors.append(unsupported(f"{where}.effect", effect, EFFECTS) if effect else required(f"{where}.effect"))
        if (key, effect) in seen:
            errors.append(duplicate(where, Raw(internal("core/v1.Taint", taint)), "taints must be unique by key and effect pair"))
        seen.append((key, effect))
    return errors


def _amounts(status: Obj) -> list[FieldError]:
    return [
        error
        for group in ("capacity", "allocatable")
        for name, value in sorted(status.get(group, {}).items())
        for error in validate_quantity(name, value, f"status.{group}.{name}")
    ]


def validate_update(new: Obj, old: Obj) -> list[FieldError]:
    """Networks and provider are set once."""
    spec, held = new["spec"], old["spec"]
    errors = validate_create(new) + _amounts(new.get("status", {})) + _addresses(new.get("status", {}))
    if held.get("podCIDRs") and held["podCIDRs"] != spec.get("podCIDRs"):
        errors.append(forbidden("spec.podCIDRs", 'node updates may not change podCIDR except from "" to valid'))
    if held.get("providerID") and held["providerID"] != spec.get("providerID"):
        errors.append(forbidden("spec.providerID", 'node updates may not change providerID except from "" to valid'))
    errors += validate_taints(spec.get("taints", []), TAINTS)
    if spec.get("externalID", "") != held.get("externalID", ""):
        errors.append(forbidden("spec.externalID", "may not be updated"))
    return errors


def _addresses(status: Obj) -> list[FieldError]:
    held = status.get("addresses", [])
    return [
        duplicate(f"status.addresses[{number}]", Raw(internal("core/v1.NodeAddress", each)))
        for number, each in enumerate(held)
        if each in held[:number]
    ]
