"""PodTopologyLabels: a Pod carries its node's zone and region as labels.

Upstream: plugin/pkg/admission/podtopologylabels/admission.go. Left out: nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from podlab.sim.changes import Obj

if TYPE_CHECKING:
    from podlab.sim.apiserver.server import ApiServer

LABELS = ("topology.kubernetes.io/zone", "topology.kubernetes.io/region")


def admit(api: ApiServer, pod: Obj) -> None:
    """A new Pod that names its node (in place)."""
    node = pod["spec"].get("nodeName", "")
    if node:
        pod["metadata"] = labelled(api, pod, node)["metadata"]


def labelled(api: ApiServer, pod: Obj, node: str) -> Obj:
    """The Pod with its node's zone and region, where the node has them."""
    found = api.store.get("nodes", "", node)
    held = found["metadata"].get("labels", {}) if found is not None else {}
    wanted = {key: held[key] for key in LABELS if key in held}
    if not wanted:
        return pod
    meta = pod["metadata"]
    return {**pod, "metadata": {**meta, "labels": {**meta.get("labels", {}), **wanted}}}
