"""Validation of affinity, spreading, tolerations and label selectors.

Upstream: pkg/apis/core/validation/validation.go, apimachinery pkg/apis/meta/v1/validation. Left out: nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from podlab.sim.api import names
from podlab.sim.api.validation import metadata
from podlab.sim.api.validation.errors import FieldError, duplicate, forbidden, invalid, required, unsupported
from podlab.sim.changes import Obj

EFFECTS = ["NoSchedule", "PreferNoSchedule", "NoExecute"]
REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution"
PREFERRED = "preferredDuringSchedulingIgnoredDuringExecution"
WEIGHT = "must be in the range 1-100"


def label_name(value: str, path: str) -> list[FieldError]:
    """The key of a label."""
    return [invalid(path, value, each) for each in names.qualified(value)]


def validate_selector(selector: Mapping[str, Any] | None, path: str) -> list[FieldError]:
    """A LabelSelector."""
    if selector is None:
        return []
    errors = metadata.labels(selector.get("matchLabels", {}), f"{path}.matchLabels")
    for number, each in enumerate(selector.get("matchExpressions", ())):
        where = f"{path}.matchExpressions[{number}]"
        errors += _operator(each, where, comparing=False)
        errors += label_name(each.get("key", ""), f"{where}.key")
        errors += _values(each, where)
    return errors


def _operator(expression: Obj, path: str, *, comparing: bool) -> list[FieldError]:
    operator, values = expression.get("operator", ""), expression.get("values") or []
    if operator in ("In", "NotIn"):
        return [] if values else [required(f"{path}.values", "must be specified when `operator` is 'In' or 'NotIn'")]
    if operator in ("Exists", "DoesNotExist"):
        return [forbidden(f"{path}.values", "may not be specified when `operator` is 'Exists' or 'DoesNotExist'")] if values else []
    if comparing and operator in ("Gt", "Lt"):
        return [] if len(values) == 1 else [required(f"{path}.values", "must be specified single value when `operator` is 'Lt' or 'Gt'")]
    return [invalid(f"{path}.operator", operator, "not a valid selector operator")]


def _values(expression: Obj, path: str) -> list[FieldError]:
    return [
        invalid(f"{path}.values[{at}]", value, text)
        for at, value in enumerate(expression.get("values") or ())
        for text in names.label_value(value)
    ]


def validate_node_term(term: Obj, path: str, *, values: bool) -> list[FieldError]:
    """A term of a node selector; `values`: label values are checked, too."""
    errors: list[FieldError] = []
    for number, each in enumerate(term.get("matchExpressions", ())):
        where = f"{path}.matchExpressions[{number}]"
        errors += _operator(each, where, comparing=True) + label_name(each.get("key", ""), f"{where}.key")
        errors += _values(each, where) if values else []
    for number, each in enumerate(term.get("matchFields", ())):
        errors += _node_field(each, f"{path}.matchFields[{number}]")
    return errors


def _node_field(term: Obj, path: str) -> list[FieldError]:
    errors: list[FieldError] = []
    if term.get("operator") not in ("In", "NotIn"):
        errors.append(invalid(f"{path}.operator", term.get("operator", ""), "not a valid selector operator"))
    elif len(term.get("values") or ()) != 1:
        errors.append(required(f"{path}.values", "must be only one value when `operator` is 'In' or 'NotIn' for node field selector"))
    if term.get("key") != "metadata.name":
        return [*errors, invalid(f"{path}.key", term.get("key", ""), "not a valid field selector key")]
    for number, value in enumerate(term.get("values") or ()):
        errors += [invalid(f"{path}.values[{number}]", value, each) for each in names.subdomain(value)]
    return errors


def validate_node_selector(selector: Obj, path: str) -> list[FieldError]:
    """At least one term."""
    terms = selector.get("nodeSelectorTerms") or []
    if not terms:
        return [required(f"{path}.nodeSelectorTerms", "must have at least one node selector term")]
    return [error for at, term in enumerate(terms) for error in validate_node_term(term, f"{path}.nodeSelectorTerms[{at}]", values=True)]


def validate_affinity(affinity: Obj, path: str) -> list[FieldError]:
    """To nodes, to Pods, away from Pods."""
    errors: list[FieldError] = []
    nodes = affinity.get("nodeAffinity", {})
    if REQUIRED in nodes:
        errors += validate_node_selector(nodes[REQUIRED], f"{path}.nodeAffinity.{REQUIRED}")
    for number, each in enumerate(nodes.get(PREFERRED, ())):
        where = f"{path}.nodeAffinity.{PREFERRED}[{number}]"
        errors += _weight(each, where) + validate_node_term(each.get("preference", {}), f"{where}.preference", values=False)
    for kind in ("podAffinity", "podAntiAffinity"):
        for number, each in enumerate(affinity.get(kind, {}).get(REQUIRED, ())):
            errors += _pod_term(each, f"{path}.{kind}.{REQUIRED}[{number}]")
        for number, each in enumerate(affinity.get(kind, {}).get(PREFERRED, ())):
            where = f"{path}.{kind}.{PREFERRED}[{number}]"
            errors += _weight(each, where) + _pod_term(each.get("podAffinityTerm", {}), f"{where}.podAffinityTerm")
    return errors


def _weight(term: Obj, path: str) -> list[FieldError]:
    weight = term.get("weight", 0)
    return [] if 1 <= weight <= 100 else [invalid(f"{path}.weight", weight, WEIGHT)]


def _pod_term(term: Obj, path: str) -> list[FieldError]:
    errors = validate_selector(term.get("labelSelector"), f"{path}.labelSelector")
    errors += validate_selector(term.get("namespaceSelector"), f"{path}.namespaceSelector")
    for name in term.get("namespaces", ()):
        errors += [invalid(f"{path}.namespace", name, each) for each in names.label(name)]
    errors += _label_keys(term, path)
    key = term.get("topologyKey", "")
    if not key:
        errors.append(required(f"{path}.topologyKey", "can not be empty"))
    return errors + label_name(key, f"{path}.topologyKey")


def _label_keys(term: Obj, path: str) -> list[FieldError]:
    errors: list[FieldError] = []
    for name in ("matchLabelKeys", "mismatchLabelKeys"):
        keys = term.get(name, [])
        if keys and "labelSelector" not in term:
            errors.append(forbidden(f"{path}.{name}", "must not be specified when labelSelector is not set"))
        elif keys:
            errors += [error for at, key in enumerate(keys) for error in label_name(key, f"{path}.{name}[{at}]")]
    for number, key in enumerate(term.get("matchLabelKeys", ())):
        if key in term.get("mismatchLabelKeys", ()):
            errors.append(invalid(f"{path}.matchLabelKeys[{number}]", key, "exists in both matchLabelKeys and mismatchLabelKeys"))
    return errors


def validate_spread(constraints: list[Obj], path: str) -> list[FieldError]:
    """Topology spread constraints."""
    errors: list[FieldError] = []
    for number, each in enumerate(constraints):
        where = f"{path}[{number}]"
        if each.get("maxSkew", 0) <= 0:
            errors.append(invalid(f"{where}.maxSkew", each.get("maxSkew", 0), "must be greater than zero"))
        if not each.get("topologyKey"):
            errors.append(required(f"{where}.topologyKey", "can not be empty"))
        action = each.get("whenUnsatisfiable", "")
        if action not in ("DoNotSchedule", "ScheduleAnyway"):
            errors.append(unsupported(f"{where}.whenUnsatisfiable", action, ["DoNotSchedule", "ScheduleAnyway"]))
        pair = (each.get("topologyKey"), action)
        if any((other.get("topologyKey"), other.get("whenUnsatisfiable")) == pair for other in constraints[number + 1 :]):
            errors.append(duplicate(f"{where}.{{topologyKey, whenUnsatisfiable}}", f"{{{pair[0]}, {pair[1]}}}"))
        errors += _spread_details(each, where, action)
    return errors


def _spread_details(constraint: Obj, path: str, action: str) -> list[FieldError]:
    errors: list[FieldError] = []
    fewest = constraint.get("minDomains")
    if fewest is not None and fewest <= 0:
        errors.append(invalid(f"{path}.minDomains", fewest, "must be greater than zero"))
    if fewest is not None and action != "DoNotSchedule":
        errors.append(invalid(f"{path}.minDomains", fewest, f"can only use minDomains if whenUnsatisfiable=DoNotSchedule, not {action}"))
    policies = [name for name in ("nodeAffinityPolicy", "nodeTaintsPolicy") if constraint.get(name, "Honor") not in ("Honor", "Ignore")]
    errors += [unsupported(f"{path}.{name}", constraint[name], ["Honor", "Ignore"]) for name in policies]
    keys, selector = constraint.get("matchLabelKeys", []), constraint.get("labelSelector")
    if keys and selector is None:
        errors.append(forbidden(f"{path}.matchLabelKeys", "must not be specified when labelSelector is not set"))
    held = {*(selector or {}).get("matchLabels", {}), *(each.get("key", "") for each in (selector or {}).get("matchExpressions", ()))}
    for number, key in enumerate(keys):
        where = f"{path}.matchLabelKeys[{number}]"
        errors += label_name(key, where)
        if key in held:
            errors.append(invalid(where, key, "exists in both matchLabelKeys and labelSelector"))
    return errors + validate_selector(selector, f"{path}.labelSelector")


def validate_tolerations(tolerations: list[Obj], path: str) -> list[FieldError]:
    """Tolerations."""
    errors: list[FieldError] = []
    for number, each in enumerate(tolerations):
        where = f"{path}[{number}]"
        key, operator, effect = each.get("key", ""), each.get("operator", ""), each.get("effect", "")
        if key:
            errors += label_name(key, f"{where}.key")
        elif operator != "Exists":
            text = 'operator must be Exists when `key` is empty, which means "match all values and all keys"'
            errors.append(invalid(f"{where}.operator", operator, text))
        if "tolerationSeconds" in each and effect != "NoExecute":
            errors.append(invalid(f"{where}.effect", effect, "effect must be 'NoExecute' when `tolerationSeconds` is set"))
        errors += _toleration_value(each, operator, where)
        if effect and effect not in EFFECTS:
            errors.append(unsupported(f"{where}.effect", effect, EFFECTS))
    return errors


def _toleration_value(toleration: Obj, operator: str, path: str) -> list[FieldError]:
    value = toleration.get("value", "")
    if operator in ("Equal", ""):
        wrong = names.label_value(value)
        return [invalid(f"{path}.operator", value, ";".join(wrong))] if wrong else []
    if operator == "Exists":
        return [invalid(f"{path}.operator", value, "value must be empty when `operator` is 'Exists'")] if value else []
    return [unsupported(f"{path}.operator", operator, ["Equal", "Exists", "Lt", "Gt"])]
