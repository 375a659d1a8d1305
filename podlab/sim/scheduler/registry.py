"""The default profile: one line a plugin, in the order in which they run.

Upstream: pkg/scheduler/apis/config/v1/default_plugins.go. Left out: VolumeRestrictions, NodeVolumeLimits, VolumeZone (no such volumes here),
DynamicResources (its texts are in `cycle.py`), NodeDeclaredFeatures (all nodes are alike), PrioritySort (`queue.py`), DefaultBinder (`scheduler.py`).
"""

from __future__ import annotations

from podlab.sim.scheduler.framework import Plugin
from podlab.sim.scheduler.plugins.balanced_allocation import BalancedAllocation
from podlab.sim.scheduler.plugins.image_locality import ImageLocality
from podlab.sim.scheduler.plugins.inter_pod_affinity import InterPodAffinity
from podlab.sim.scheduler.plugins.node_affinity import NodeAffinity
from podlab.sim.scheduler.plugins.node_name import NodeName
from podlab.sim.scheduler.plugins.node_ports import NodePorts
from podlab.sim.scheduler.plugins.node_resources_fit import NodeResourcesFit
from podlab.sim.scheduler.plugins.node_unschedulable import NodeUnschedulable
from podlab.sim.scheduler.plugins.pod_topology_spread import PodTopologySpread
from podlab.sim.scheduler.plugins.scheduling_gates import SchedulingGates
from podlab.sim.scheduler.plugins.taint_toleration import TaintToleration
from podlab.sim.scheduler.plugins.volume_binding import VolumeBinding

PLUGINS: tuple[type[Plugin], ...] = (
    SchedulingGates,
    NodeUnschedulable,
    NodeName,
    TaintToleration,
    NodeAffinity,
    NodePorts,
    NodeResourcesFit,
    VolumeBinding,
    PodTopologySpread,
    InterPodAffinity,
    BalancedAllocation,
    ImageLocality,
)
