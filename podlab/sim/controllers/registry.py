"""The controllers that run: one line each.

Upstream: cmd/kube-controller-manager/app/controller_descriptor.go. Left out: controllers of kinds that this cluster does not have.
"""

from __future__ import annotations

from podlab.sim.controllers.base import Controller, ControllersState
from podlab.sim.controllers.cronjob import CronJob
from podlab.sim.controllers.daemonset.controller import DaemonSet
from podlab.sim.controllers.deployment.controller import Deployment
from podlab.sim.controllers.disruption import Disruption
from podlab.sim.controllers.endpoints import Endpoints
from podlab.sim.controllers.endpointslice import EndpointSlice
from podlab.sim.controllers.ephemeral_volume import EphemeralVolume
from podlab.sim.controllers.garbage_collector import GarbageCollector
from podlab.sim.controllers.job.controller import Job
from podlab.sim.controllers.namespace import Namespace
from podlab.sim.controllers.node_lifecycle import NodeLifecycle
from podlab.sim.controllers.persistentvolume.binder import Binder
from podlab.sim.controllers.persistentvolume.protection import ClaimProtection, VolumeProtection
from podlab.sim.controllers.persistentvolume.provisioner import Provisioner
from podlab.sim.controllers.pod_gc import PodGC
from podlab.sim.controllers.replicaset import ReplicaSet
from podlab.sim.controllers.replicationcontroller import ReplicationController
from podlab.sim.controllers.resourcequota import ResourceQuota
from podlab.sim.controllers.serviceaccount import RootCertificate, ServiceAccount
from podlab.sim.controllers.statefulset import StatefulSet
from podlab.sim.controllers.taint_eviction import TaintEviction
from podlab.sim.world import World

CONTROLLERS: tuple[type[Controller], ...] = (
    Namespace,
    ServiceAccount,
    RootCertificate,
    Deployment,
    ReplicaSet,
    ReplicationController,
    Endpoints,
    EndpointSlice,
    Job,
    CronJob,
    DaemonSet,
    StatefulSet,
    Disruption,
    ResourceQuota,
    GarbageCollector,
    PodGC,
    NodeLifecycle,
    TaintEviction,
    Binder,
    Provisioner,
    EphemeralVolume,
    ClaimProtection,
    VolumeProtection,
)


class ControllerManager:
    """kube-controller-manager: makes all of them over one world."""

    def __init__(self, world: World, state: ControllersState) -> None:
        self.controllers = [each(world, state) for each in CONTROLLERS]

    @property
    def node_lifecycle(self) -> NodeLifecycle:
        """Who is told of heartbeats."""
        return next(each for each in self.controllers if isinstance(each, NodeLifecycle))
