"""What the API server fills in, one file a family of kinds. Objects are changed in place: they are fresh, not yet stored.

Upstream: pkg/apis/*/v1/defaults.go. Left out: kinds that are not served.
"""

from __future__ import annotations

from collections.abc import Callable

from podlab.sim.api.defaults import pod, policies, services, storage, workloads
from podlab.sim.changes import Obj

Defaulter = Callable[[Obj], None]

DEFAULTS: dict[str, Defaulter] = {
    "Pod": pod.default_pod,
    "Service": services.default_service,
    "Endpoints": services.default_endpoints,
    "EndpointSlice": services.default_endpoint_slice,
    "Deployment": workloads.default_deployment,
    "ReplicaSet": workloads.default_replica_set,
    "DaemonSet": workloads.default_daemon_set,
    "StatefulSet": workloads.default_stateful_set,
    "Job": workloads.default_job,
    "CronJob": workloads.default_cron_job,
    "Node": storage.default_node,
    "Namespace": storage.default_namespace,
    "Secret": storage.default_secret,
    "PersistentVolume": storage.default_persistent_volume,
    "PersistentVolumeClaim": storage.default_claim,
    "LimitRange": storage.default_limit_range,
    "PriorityClass": storage.default_priority_class,
    "StorageClass": storage.default_storage_class,
    "ReplicationController": workloads.default_replication_controller,
    "PodTemplate": workloads.default_pod_template,
    "HorizontalPodAutoscaler": policies.default_autoscaler,
    "NetworkPolicy": policies.default_network_policy,
    "IngressClass": policies.default_ingress_class,
    "RoleBinding": policies.default_binding,
    "ClusterRoleBinding": policies.default_binding,
}


def apply(kind: str, obj: Obj) -> None:
    """Fill in the defaults of a kind."""
    defaulter = DEFAULTS.get(kind)
    if defaulter is not None:
        defaulter(obj)
