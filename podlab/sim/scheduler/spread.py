"""Topology spread constraints, and how Pods are counted by domain.

Upstream: pkg/scheduler/framework/plugins/podtopologyspread/common.go. Left out: nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from podlab.sim.api import labels
from podlab.sim.changes import Obj
from podlab.sim.scheduler.framework import Handle
from podlab.sim.scheduler.node_affinity import Required
from podlab.sim.scheduler.node_info import NodeInfo, PodInfo
from podlab.sim.scheduler.tolerations import untolerated

HOSTNAME = "kubernetes.io/hostname"
ZONE = "topology.kubernetes.io/zone"
DEFAULTS = ((HOSTNAME, 3), (ZONE, 5))
OWNERS = {"ReplicaSet": "replicasets", "ReplicationController": "replicationcontrollers", "StatefulSet": "statefulsets"}


class Constraint:
    """One constraint: rules F13–F15."""

    __slots__ = ("honor_affinity", "honor_taints", "key", "max_skew", "min_domains", "selector")

    def __init__(self, constraint: Obj, pod_labels: Mapping[str, str]) -> None:
        self.key: str = constraint["topologyKey"]
        self.max_skew: int = constraint.get("maxSkew", 1)
        self.min_domains: int = constraint.get("minDomains") or 1
        self.honor_affinity = constraint.get("nodeAffinityPolicy", "Honor") == "Honor"
        self.honor_taints = constraint.get("nodeTaintsPolicy", "Ignore") == "Honor"
        self.selector: Obj | None = constraint.get("labelSelector")
        more = [
            {"key": key, "operator": "In", "values": [pod_labels[key]]}
            for key in constraint.get("matchLabelKeys") or ()
            if key in pod_labels
        ]
        if more and self.selector is not None:
            self.selector = {**self.selector, "matchExpressions": [*(self.selector.get("matchExpressions") or ()), *more]}

    def matches(self, other: Mapping[str, str]) -> bool:
        """Whether a Pod with these labels is counted."""
        return labels.matches(self.selector, other)

    def counts(self, pod: PodInfo, node: NodeInfo, required: Required) -> bool:
        """Whether the node takes part, by its policies."""
        if self.honor_affinity and not required.matches(node.node):
            return False
        return not self.honor_taints or untolerated(node.taints, pod.spec.get("tolerations"), ("NoSchedule", "NoExecute")) is None

    def population(self, node: NodeInfo, namespace: str) -> int:
        """How many matching Pods of the namespace are on the node; terminating ones are not."""
        return sum(each.namespace == namespace and not each.terminating and self.matches(each.labels) for each in node.pods.values())


def own(pod: PodInfo, action: str) -> list[Constraint]:
    """The Pod's own constraints with this `whenUnsatisfiable`."""
    listed = pod.spec.get("topologySpreadConstraints") or ()
    return [Constraint(each, pod.labels) for each in listed if each.get("whenUnsatisfiable", "DoNotSchedule") == action]


def defaults(handle: Handle, pod: PodInfo) -> list[Constraint]:
    """Rule S9: for a Pod of a Service or a controller, by the union of their selectors."""
    selector = _selector(handle, pod) if handle.config.system_spread else None
    if not selector:
        return []
    made = ({"topologyKey": key, "maxSkew": skew, "labelSelector": selector} for key, skew in DEFAULTS)
    return [Constraint(each, pod.labels) for each in made]


def _selector(handle: Handle, pod: PodInfo) -> Obj | None:
    merged: dict[str, str] = {}
    for service in handle.lister("services", pod.namespace):
        selector = (service.get("spec") or {}).get("selector")
        if selector and all(pod.labels.get(key) == value for key, value in selector.items()):
            merged |= selector
    expressions: list[Obj] = []
    owner = next((each for each in pod.pod["metadata"].get("ownerReferences") or () if each.get("controller")), None)
    found = handle.find(OWNERS[owner["kind"]], pod.namespace, owner["name"]) if owner and owner["kind"] in OWNERS else None
    selector = ((found or {}).get("spec") or {}).get("selector") or {}
    if found is not None and "matchLabels" not in selector and "matchExpressions" not in selector:
        merged |= selector
    else:
        merged |= selector.get("matchLabels") or {}
        expressions += selector.get("matchExpressions") or ()
    return {"matchLabels": merged, "matchExpressions": expressions} if merged or expressions else None


def has_keys(node: NodeInfo, constraints: Iterable[Constraint]) -> bool:
    """Whether the node has the labels of all constraints."""
    return all(each.key in node.labels for each in constraints)
