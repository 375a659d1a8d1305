"""SchedulingGates: a Pod with gates does not enter the active queue.

Upstream: pkg/scheduler/framework/plugins/schedulinggates. Left out: nothing.
"""

from __future__ import annotations

from podlab.sim.changes import Obj
from podlab.sim.scheduler.framework import Code, Event, Plugin, Status
from podlab.sim.scheduler.node_info import PodInfo


class SchedulingGates(Plugin):
    """Rule Q10."""

    name = "SchedulingGates"
    events = ((Event("UnschedulablePod", "UpdatePodSchedulingGatesEliminated"), "after_pod"),)

    def pre_enqueue(self, pod: Obj) -> Status | None:
        """Wait for gates."""
        gates = (pod.get("spec") or {}).get("schedulingGates") or ()
        if not gates:
            return None
        listed = " ".join(each["name"] for each in gates)
        return Status(Code.UNRESOLVABLE, (f"waiting for scheduling gates: [{listed}]",))

    def after_pod(self, pod: PodInfo, old: Obj | None, new: Obj | None) -> bool:
        """Only its own update counts."""
        return new is not None and new["metadata"].get("uid") == pod.uid and not (new.get("spec") or {}).get("schedulingGates")
