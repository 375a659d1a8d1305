"""The labels that a node lacks for the Pod's nodeSelector and node affinity.

Upstream: none. Left out: fields (a node's name stays as it is).
"""

from __future__ import annotations

from collections.abc import Mapping

from podlab.sim.changes import Obj
from podlab.sim.scheduler.framework import Handle
from podlab.sim.scheduler.node_affinity import holds, parsed
from podlab.sim.scheduler.node_info import NodeInfo, PodInfo
from podlab.sim.scheduler.remedies.remedy import Remedy, labelled

SHOWN = 3
SYMBOLS = {"Gt": ">", "Lt": "<"}


def of(_reason: str, pod: PodInfo, node: NodeInfo, _handle: Handle) -> Remedy | None:
    """Of several terms the one that lacks least."""
    wanted: dict[str, str | None] = {
        key: value for key, value in (pod.spec.get("nodeSelector") or {}).items() if node.labels.get(key) != value
    }
    said = [f"{key}={value}" for key, value in wanted.items()]
    term = _nearest(pod, node)
    for each in term:
        said.append(_said(each))
        wanted[each["key"]] = _value(each)
    if not said:
        return Remedy("affinity")
    named = any(each["key"] == "metadata.name" for each in term)
    command = "" if named else labelled(node.name, wanted, dict(node.labels))
    return Remedy("name" if named else "label", {"label": ", ".join(said)}, command)


def _nearest(pod: PodInfo, node: NodeInfo) -> list[Obj]:
    """What the node does not meet of the term of which it lacks least."""
    required = ((pod.spec.get("affinity") or {}).get("nodeAffinity") or {}).get("requiredDuringSchedulingIgnoredDuringExecution")
    terms = [_unmet(each, node) for each in parsed(required or {})]
    return min(terms, key=len, default=[])


def _unmet(term: Obj, node: NodeInfo) -> list[Obj]:
    by_name: Mapping[str, str] = {"metadata.name": node.name}
    fields = [each for each in term.get("matchFields") or () if not holds(each, by_name)]
    return fields + [each for each in term.get("matchExpressions") or () if not holds(each, node.labels)]


def _said(each: Obj) -> str:
    values = list(each.get("values") or ())
    if each["operator"] in SYMBOLS:
        return f"{each['key']} {SYMBOLS[each['operator']]} {values[0]}"
    if each["operator"] == "In" and len(values) == 1:
        return f"{each['key']}={values[0]}"
    more = f", +{len(values) - SHOWN}" if len(values) > SHOWN else ""
    return f"{each['key']} {each['operator']}" + (f" ({', '.join(values[:SHOWN])}{more})" if values else "")


def _value(each: Obj) -> str | None:
    """A value that meets the expression; None: no such label."""
    operator, values = each["operator"], list(each.get("values") or ())
    if operator in ("NotIn", "DoesNotExist"):
        return None
    if operator == "Exists":
        return "true"
    return str(values[0]) if operator == "In" else str(int(values[0]) + (1 if operator == "Gt" else -1))
