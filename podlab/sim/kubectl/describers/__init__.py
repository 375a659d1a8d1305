"""Which description a kind has.

Upstream: staging/src/k8s.io/kubectl/pkg/describe/describe.go (describerMap). Left out: kinds that the lab does not serve.
"""

from __future__ import annotations

from podlab.sim.changes import Obj
from podlab.sim.kubectl.describers import config, jobs, network, networkpolicy, rbac, storage, workloads
from podlab.sim.kubectl.describers.generic import generic
from podlab.sim.kubectl.describers.node import node
from podlab.sim.kubectl.describers.pod import pod
from podlab.sim.kubectl.describers.writer import Describer, Scene, Writer

DESCRIBERS: dict[str, Describer] = {
    "clusterrolebindings": rbac.binding,
    "clusterroles": rbac.role,
    "configmaps": config.config_map,
    "cronjobs": jobs.cron_job,
    "daemonsets": workloads.daemon_set,
    "deployments": workloads.deployment,
    "endpoints": network.endpoints,
    "endpointslices": network.endpoint_slice,
    "horizontalpodautoscalers": storage.autoscaler,
    "ingressclasses": network.ingress_class,
    "ingresses": network.ingress,
    "jobs": jobs.job,
    "limitranges": config.limit_range,
    "namespaces": config.namespace,
    "networkpolicies": networkpolicy.network_policy,
    "nodes": node,
    "persistentvolumeclaims": storage.claim,
    "persistentvolumes": storage.volume,
    "poddisruptionbudgets": config.budget,
    "pods": pod,
    "priorityclasses": config.priority_class,
    "replicasets": workloads.replica_set,
    "replicationcontrollers": workloads.replication_controller,
    "resourcequotas": config.quota,
    "rolebindings": rbac.binding,
    "roles": rbac.role,
    "secrets": config.secret,
    "serviceaccounts": config.service_account,
    "services": network.service,
    "statefulsets": workloads.stateful_set,
    "storageclasses": storage.storage_class,
}


def describe(scene: Scene, plural: str, obj: Obj) -> str:
    """The description of an object."""
    out = Writer()
    DESCRIBERS.get(plural, generic)(scene, out, obj)
    return out.text()
