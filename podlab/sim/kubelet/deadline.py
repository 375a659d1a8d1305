"""activeDeadlineSeconds: how long a Pod may be active on its node.

Upstream: pkg/kubelet/active_deadline.go. Left out: nothing.
"""

from __future__ import annotations

from podlab.sim.changes import Obj
from podlab.sim.world import World


def deadline_ms(world: World, pod: Obj, status: Obj) -> int | None:
    """The instant at which the Pod's time is up (PH-16); None: it has no deadline, or has not been started."""
    seconds, start = pod["spec"].get("activeDeadlineSeconds"), status.get("startTime")
    return None if seconds is None or not start else world.instant(start) + 1000 * int(seconds)
