"""Field selectors: `status.phase!=Running,spec.nodeName=n`, and which fields each kind can be selected by.

Upstream: staging/src/k8s.io/apimachinery/pkg/fields/selector.go, pkg/apis/core/v1/conversion.go. Left out: kinds that are not served.
"""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from podlab.sim.api.resources import Resource
from podlab.sim.changes import Obj

_ESCAPES = {"\\\\": "\\", "\\,": ",", "\\=": "="}
COMMON = ("metadata.name", "metadata.namespace")
_EVENT = ("involvedObject.kind", "involvedObject.namespace", "involvedObject.name", "involvedObject.uid", "involvedObject.apiVersion")
SPECIAL: dict[str, tuple[str, ...]] = {
    "Pod": (
        "spec.nodeName",
        "spec.restartPolicy",
        "spec.schedulerName",
        "spec.serviceAccountName",
        "spec.hostNetwork",
        "status.phase",
        "status.podIP",
        "status.podIPs",
        "status.nominatedNodeName",
    ),
    "Node": ("spec.unschedulable",),
    "Event": (*_EVENT, "involvedObject.resourceVersion", "involvedObject.fieldPath", "reason", "reportingComponent", "source", "type"),
    "Namespace": ("status.phase",),
    "Secret": ("type",),
    "Service": ("spec.clusterIP", "spec.type"),
    "ReplicaSet": ("status.replicas",),
    "Job": ("status.successful",),
}
_STRICT = ("Pod", "Node", "Event", "Namespace", "Secret", "Service")


class Term(Struct, frozen=True):
    """`field` equals (or not) `value`."""

    field: str
    value: str
    equal: bool = True


Selector = tuple[Term, ...]


def parse(text: str) -> Selector:
    """The terms of a field selector; ValueError in the API server's words."""
    found = []
    for part in _split(text):
        for operator in ("!=", "==", "="):
            name, sign, value = _cut(part, operator)
            if sign:
                found.append(Term(name, value, operator != "!="))
                break
        else:
            if part:
                raise ValueError(f"invalid selector: '{text}'; can't understand '{part}'")
    return tuple(found)


def _split(text: str) -> list[str]:
    """At commas that are not escaped."""
    parts, current, escaped = [], "", False
    for letter in text:
        if escaped:
            current, escaped = current + letter, False
        elif letter == "\\":
            current, escaped = current + letter, True
        elif letter == ",":
            parts.append(current)
            current = ""
        else:
            current += letter
    return [*parts, current]


def _cut(part: str, operator: str) -> tuple[str, bool, str]:
    at = 0
    while at < len(part):
        if part[at] == "\\":
            at += 2
            continue
        if part.startswith(operator, at):
            return part[:at], True, _unescape(part[at + len(operator) :])
        at += 1
    return part, False, ""


def _unescape(value: str) -> str:
    for escaped, plain in _ESCAPES.items():
        value = value.replace(escaped, plain)
    return value


def check(row: Resource, selector: Selector) -> None:
    """ValueError when the kind cannot be selected by a field."""
    for term in selector:
        if term.field in COMMON or term.field in SPECIAL.get(row.kind, ()):
            continue
        if row.kind in _STRICT:
            raise ValueError(f"field label not supported: {term.field}")
        if row.kind == "ReplicaSet" or row.kind == "Job":
            raise ValueError(f'field label "{term.field}" not supported for {row.kind}')
        raise ValueError(f'"{term.field}" is not a known field selector: only "metadata.name", "metadata.namespace"')


def meets(row: Resource, selector: Selector, obj: Obj) -> bool:
    """Whether an object meets every term."""
    return all((value_of(row, obj, term.field) == term.value) == term.equal for term in selector)


def value_of(row: Resource, obj: Obj, field: str) -> str:
    """An object's value of a selectable field, as text."""
    if row.kind == "Pod" and field == "status.podIPs":
        return ",".join(each["ip"] for each in obj.get("status", {}).get("podIPs", ()))
    if row.kind == "Event" and field == "source":
        return str(obj.get("source", {}).get("component") or obj.get("reportingComponent", ""))
    value: Any = obj
    for part in field.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    if field in ("spec.unschedulable", "spec.hostNetwork"):
        return "true" if value else "false"
    if field in ("status.replicas", "status.successful"):
        return str(value or 0)
    return "" if value is None else str(value)
