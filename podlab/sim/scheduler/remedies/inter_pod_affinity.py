"""Which Pods a Pod misses, which it shuns, and which shun it.

Upstream: none. Left out: commands where the Pods in the way are of several makers.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping

from podlab.sim.changes import Obj
from podlab.sim.scheduler.framework import Handle
from podlab.sim.scheduler.node_info import NodeInfo, PodInfo, Term
from podlab.sim.scheduler.plugins import inter_pod_affinity as plugin
from podlab.sim.scheduler.remedies.remedy import Remedy, be_gone, labelled, listed, space

Namespaces = Mapping[str, Mapping[str, str]]


def of(reason: str, pod: PodInfo, node: NodeInfo, handle: Handle) -> Remedy | None:
    """By the plugin's reason."""
    namespaces = {each["metadata"]["name"]: each["metadata"].get("labels") or {} for each in handle.lister("namespaces", "")}
    if reason in plugin.AFFINITY.reasons:
        return _misses(pod, node, handle, namespaces)
    if reason in plugin.ANTI_AFFINITY.reasons:
        return _apart("shuns", pod, node, handle, lambda other: _own(pod, other, namespaces))
    if reason in plugin.EXISTING.reasons:
        return _apart("shunned", pod, node, handle, lambda other: _own(other, pod, namespaces))
    return None


def _own(pod: PodInfo, other: PodInfo, namespaces: Namespaces) -> Iterator[Term]:
    return (term for term in pod.anti_affinity if term.matches(other, namespaces))


def _apart(code: str, pod: PodInfo, node: NodeInfo, handle: Handle, terms: Callable[[PodInfo], Iterator[Term]]) -> Remedy | None:
    """Those in the node's domains that it may not be near."""
    near: dict[str, PodInfo] = {}
    keys: dict[str, str] = {}
    for held in handle.snapshot.nodes:
        for other in held.pods.values():
            for term in terms(other):
                if term.key in node.labels and held.labels.get(term.key) == node.labels[term.key]:
                    near[other.key], keys[term.key] = other, node.labels[term.key]
    if not near:
        return None
    domains = ", ".join(f"{key}={value}" for key, value in keys.items())
    return Remedy(code, {"pods": listed(near.values(), pod.namespace), "domain": domains}, be_gone(list(near.values())))


def _misses(pod: PodInfo, node: NodeInfo, handle: Handle, namespaces: Namespaces) -> Remedy:
    """A domain's label, or in the domain a Pod that all terms mean."""
    wanted = [
        (held, other)
        for held in handle.snapshot.nodes
        for other in held.pods.values()
        if all(term.matches(other, namespaces) for term in pod.affinity)
    ]
    meant = _meant(pod)
    for term in pod.affinity:
        if term.key not in node.labels:
            value = next((held.labels[term.key] for held, _ in wanted if term.key in held.labels), "")
            return Remedy("key", {"key": term.key}, labelled(node.name, {term.key: value}, {}) if value else "")
    lacking = [
        term for term in pod.affinity if not any(held.labels.get(term.key) == node.labels[term.key] for held, _ in wanted)
    ] or pod.affinity
    domains = ", ".join(dict.fromkeys(f"{term.key}={node.labels[term.key]}" for term in lacking))
    selector = ", ".join(f"{key}={value}" for key, value in meant.items()) or "*"
    return Remedy("misses", {"selector": selector, "domain": domains}, _neighbour(pod, node, meant))


def _meant(pod: PodInfo) -> dict[str, str]:
    """Labels of a Pod that all terms mean."""
    found: dict[str, str] = {}
    for term in pod.affinity:
        selector: Obj = term.selector or {}
        found |= selector.get("matchLabels") or {}
        for each in selector.get("matchExpressions") or ():
            if each["operator"] in ("In", "Exists"):
                found.setdefault(each["key"], (each.get("values") or ["true"])[0])
    return found


def _neighbour(pod: PodInfo, node: NodeInfo, meant: dict[str, str]) -> str:
    """Run such a Pod on the node itself."""
    where = sorted(frozenset.intersection(*(term.namespaces for term in pod.affinity)))
    if not where or not meant:
        return ""
    labels = ",".join(f"{key}={value}" for key, value in meant.items())
    evicts = any(each["effect"] == "NoExecute" for each in node.taints)
    spec = {"nodeName": node.name, **({"tolerations": [{"operator": "Exists"}]} if evicts else {})}
    pinned = json.dumps({"spec": spec}, separators=(",", ":"))
    return f"kubectl run neighbour --image=nginx --labels={labels} --overrides='{pinned}'{space(where[0])}"
