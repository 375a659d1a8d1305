"""PreBind: before a Pod is bound, the claims that waited for it get their volume on its node; the Pod waits for that.

Upstream: pkg/scheduler/framework/plugins/volumebinding/binder.go (BindPodVolumes). Left out: its timeout of ten minutes.
"""

from __future__ import annotations

from podlab.sim.changes import Cause, Obj
from podlab.sim.controllers.persistentvolume.match import (
    BIND_COMPLETED,
    BY_CONTROLLER,
    SELECTED_NODE,
    annotated,
    is_for,
    notes,
    reference_to,
)
from podlab.sim.scheduler.node_info import NodeInfo, PodInfo
from podlab.sim.scheduler.plugins.volume_binding import VolumeBinding, claim_names
from podlab.sim.world import World

POLL_MS = 1000


class PreBind:
    """The volumes of Pods that are about to be bound."""

    def __init__(self, world: World, volumes: VolumeBinding) -> None:
        self._api = world.api
        self._volumes = volumes

    def ready(self, pod: PodInfo, node: NodeInfo | None, cause: Cause) -> bool:
        """Whether all its claims are bound; if not, what the node means for them is written down (once)."""
        names = list(claim_names(pod))
        claims = [self._api.find("persistentvolumeclaims", each, pod.namespace) for each in names]
        open_ = [each for each in claims if each is not None and BIND_COMPLETED not in notes(each)]
        taken: set[str] = set()
        for claim in open_:
            if node is not None and not claim["spec"].get("volumeName"):
                self._reserve(claim, node, taken, cause)
        return not open_

    def _reserve(self, claim: Obj, node: NodeInfo, taken: set[str], cause: Cause) -> None:
        volume = self._volumes.smallest(claim, node, taken)
        if volume is None:
            if notes(claim).get(SELECTED_NODE) != node.name:
                self._api.update("persistentvolumeclaims", annotated(claim, **{SELECTED_NODE: node.name}), by="scheduler", cause=cause)
            return
        taken.add(volume["metadata"]["name"])
        if not is_for(volume, claim):
            marked = annotated(volume, **{BY_CONTROLLER: "yes"})
            marked = {**marked, "spec": {**marked["spec"], "claimRef": reference_to(claim)}}
            self._api.update("persistentvolumes", marked, by="scheduler", cause=cause)
