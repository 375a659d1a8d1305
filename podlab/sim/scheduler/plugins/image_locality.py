"""ImageLocality: prefer nodes that have the images already.

Upstream: pkg/scheduler/framework/plugins/imagelocality. Left out: nothing.
"""

from __future__ import annotations

from podlab.sim.scheduler.framework import MAX_SCORE, CycleState, Plugin
from podlab.sim.scheduler.node_info import NodeInfo, PodInfo

MIB = 1024 * 1024
LEAST = 23 * MIB
MOST_EACH = 1000 * MIB


class ImageLocality(Plugin):
    """Rule S7."""

    name = "ImageLocality"
    weight = 1

    def score(self, state: CycleState, pod: PodInfo, node: NodeInfo) -> int:
        """The sizes of the images that are there, each by how widely it is spread."""
        spec = pod.spec
        containers = [*(spec.get("initContainers") or ()), *(spec.get("containers") or ())]
        names = [each.get("image", "") for each in containers]
        names += [each["image"].get("reference", "") for each in spec.get("volumes") or () if each.get("image")]
        found = sum(self._spread(normalised(name), node) for name in names) if node.images else 0
        most = MOST_EACH * len(containers)
        if most <= LEAST:
            return 0
        return MAX_SCORE * (min(max(found, LEAST), most) - LEAST) // (most - LEAST)

    def _spread(self, name: str, node: NodeInfo) -> int:
        snapshot = self.handle.snapshot
        if name not in node.images or name not in snapshot.images:
            return 0
        size, many = snapshot.images[name]
        return int(size * (many / len(snapshot.nodes)))


def normalised(name: str) -> str:
    """An image name with its tag."""
    return f"{name}:latest" if name.rfind(":") <= name.rfind("/") else name
