"""A daemon's Pod: pinned to its node by name, with tolerations that let it stay there.

Upstream: pkg/controller/daemon/util/daemonset_util.go. Left out: nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

from podlab.sim.changes import Obj
from podlab.sim.controllers import revisions
from podlab.sim.controllers.base import reference_to

GENERATION = "deprecated.daemonset.template.generation"
NODE_KEYS = ("not-ready", "unreachable")
PRESSURE_KEYS = ("disk-pressure", "memory-pressure", "pid-pressure", "unschedulable")


def own_tolerations(*, host_network: bool) -> list[Obj]:
    """Rule N13."""
    found = [{"key": f"node.kubernetes.io/{each}", "operator": "Exists", "effect": "NoExecute"} for each in NODE_KEYS]
    found += [{"key": f"node.kubernetes.io/{each}", "operator": "Exists", "effect": "NoSchedule"} for each in PRESSURE_KEYS]
    return found + (
        [{"key": "node.kubernetes.io/network-unavailable", "operator": "Exists", "effect": "NoSchedule"}] if host_network else []
    )


def with_tolerations(given: Sequence[Obj], own: Sequence[Obj]) -> list[Obj]:
    """The template's, with a daemon's: one that says the same for a time only is taken for ever."""
    merged = list(given)
    for each in own:
        places = [number for number, held in enumerate(merged) if _says(held) == _says(each)]
        merged = merged if places else [*merged, each]
        for number in places:
            merged[number] = each
    return merged


def _says(toleration: Obj) -> tuple[str, ...]:
    return tuple(str(toleration.get(name, "")) for name in ("key", "operator", "value", "effect"))


def pod_for(owner: Obj, node: str, hashed: str) -> Obj:
    """The Pod for a node."""
    template, meta = owner["spec"]["template"], owner["metadata"]
    held = template.get("metadata") or {}
    marks = {revisions.LABEL: hashed, "pod-template-generation": (meta.get("annotations") or {}).get(GENERATION, "1")}
    own: Obj = {"generateName": f"{meta['name']}-", "namespace": meta["namespace"], "labels": {**(held.get("labels") or {}), **marks}}
    own |= {key: held[key] for key in ("annotations", "finalizers") if held.get(key)}
    own["ownerReferences"] = [reference_to(owner, "DaemonSet", "apps/v1")]
    spec = template["spec"]
    tolerations = with_tolerations(spec.get("tolerations") or (), own_tolerations(host_network=bool(spec.get("hostNetwork"))))
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": own,
        "spec": {**spec, "affinity": pinned(spec.get("affinity") or {}, node), "tolerations": tolerations},
    }


def pinned(affinity: Obj, node: str) -> Obj:
    """The affinity, its required terms replaced by this node's name (the controller has judged them already)."""
    own = {"key": "metadata.name", "operator": "In", "values": [node]}
    terms = {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": [{"matchFields": [own]}]}}
    return {**affinity, "nodeAffinity": {**(affinity.get("nodeAffinity") or {}), **terms}}


def target_of(pod: Obj) -> str:
    """The node that a daemon's Pod is on or is pinned to."""
    spec = pod.get("spec") or {}
    if spec.get("nodeName"):
        return str(spec["nodeName"])
    required = ((spec.get("affinity") or {}).get("nodeAffinity") or {}).get("requiredDuringSchedulingIgnoredDuringExecution") or {}
    for term in required.get("nodeSelectorTerms") or ():
        for each in term.get("matchFields") or ():
            if each["key"] == "metadata.name" and each["operator"] == "In" and len(each["values"]) == 1:
                return str(each["values"][0])
    return ""
