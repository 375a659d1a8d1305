"""What the API server finds wrong with objects, in its words; one file a kind, one line here.

Upstream: pkg/apis/*/validation/validation.go. Left out: kinds that are not served; fields behind gates that are off.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from podlab.sim.api import names
from podlab.sim.api.resources import Resource
from podlab.sim.api.validation import (
    autoscaling,
    batch,
    config,
    endpoints,
    event,
    job_status,
    limits,
    metadata,
    networking,
    node,
    pod,
    pod_update,
    pod_warnings,
    rbac,
    service,
    storage,
    workloads,
)
from podlab.sim.api.validation.errors import FieldError
from podlab.sim.changes import Obj

Validate = Callable[[Obj], Sequence[FieldError]]
ValidateUpdate = Callable[[Obj, Obj], Sequence[FieldError]]

CREATE: dict[str, Validate] = {
    "Pod": pod.validate_create,
    "Service": service.validate_create,
    "Node": node.validate_create,
    "Deployment": workloads.validate_deployment,
    "ReplicaSet": workloads.validate_replica_set,
    "PodDisruptionBudget": workloads.validate_budget,
    "ResourceQuota": limits.validate_quota,
    "LimitRange": limits.validate_limit_range,
    "DaemonSet": workloads.validate_daemon_set,
    "StatefulSet": workloads.validate_stateful_set,
    "CronJob": batch.validate_cron_job,
    "Job": batch.validate_job,
    "ConfigMap": config.validate_config_map,
    "Secret": config.validate_secret,
    "PriorityClass": config.validate_priority_class,
    "EndpointSlice": endpoints.validate_slice,
    "Endpoints": endpoints.validate_endpoints,
    "Event": event.validate_event,
    "PersistentVolumeClaim": storage.validate_claim,
    "PersistentVolume": storage.validate_volume,
    "StorageClass": storage.validate_class,
    "ReplicationController": workloads.validate_replication_controller,
    "PodTemplate": workloads.validate_pod_template,
    "HorizontalPodAutoscaler": autoscaling.validate_autoscaler,
    "Ingress": networking.validate_ingress,
    "IngressClass": networking.validate_ingress_class,
    "NetworkPolicy": networking.validate_network_policy,
    "RuntimeClass": config.validate_runtime_class,
    "Role": rbac.validate_role,
    "ClusterRole": rbac.validate_cluster_role,
    "RoleBinding": rbac.validate_role_binding,
    "ClusterRoleBinding": rbac.validate_cluster_role_binding,
}
UPDATE: dict[str, ValidateUpdate] = {
    "Pod": pod_update.validate_update,
    "Service": service.validate_update,
    "Node": node.validate_update,
    "Deployment": workloads.update_deployment,
    "ReplicaSet": workloads.update_replica_set,
    "ResourceQuota": limits.update_quota,
    "LimitRange": lambda new, old: limits.validate_limit_range(new),
    "DaemonSet": workloads.update_daemon_set,
    "StatefulSet": workloads.update_stateful_set,
    "CronJob": lambda new, old: batch.validate_cron_job(new),
    "Job": batch.update_job,
    "ConfigMap": config.update_config_map,
    "Secret": config.update_secret,
    "PriorityClass": config.update_priority_class,
    "PodDisruptionBudget": lambda new, old: workloads.validate_budget(new),
    "EndpointSlice": endpoints.update_slice,
    "Endpoints": lambda new, old: endpoints.validate_endpoints(new),
    "Event": lambda new, old: event.validate_event(new),
    "PersistentVolumeClaim": storage.update_claim,
    "PersistentVolume": storage.update_volume,
    "StorageClass": storage.update_class,
    "ReplicationController": lambda new, old: workloads.validate_replication_controller(new),
    "PodTemplate": lambda new, old: workloads.validate_pod_template(new),
    "HorizontalPodAutoscaler": lambda new, old: autoscaling.validate_autoscaler(new),
    "Ingress": lambda new, old: networking.validate_ingress(new),
    "IngressClass": networking.update_ingress_class,
    "NetworkPolicy": lambda new, old: networking.validate_network_policy(new),
    "RuntimeClass": config.update_runtime_class,
    "Role": lambda new, old: rbac.validate_role(new),
    "ClusterRole": lambda new, old: rbac.validate_cluster_role(new),
    "RoleBinding": rbac.update_role_binding,
    "ClusterRoleBinding": rbac.update_cluster_role_binding,
}
STATUS: dict[str, ValidateUpdate] = {
    "Deployment": workloads.validate_status,
    "ReplicaSet": workloads.validate_status,
    "PodDisruptionBudget": workloads.validate_budget_status,
    "DaemonSet": workloads.validate_daemon_status,
    "Job": job_status.validate_job_status,
}
WARNINGS: dict[str, Callable[[Obj], Sequence[str]]] = {
    "Pod": pod_warnings.warnings,
    "Deployment": pod_warnings.template_warnings,
    "ReplicaSet": pod_warnings.template_warnings,
    "DaemonSet": pod_warnings.template_warnings,
    "StatefulSet": pod_warnings.template_warnings,
    "ReplicationController": pod_warnings.template_warnings,
    "Job": pod_warnings.job_warnings,
    "CronJob": pod_warnings.cron_job_warnings,
}
NAMES: dict[str, metadata.Check] = {"Namespace": names.label, "Service": service.validate_name, "Event": lambda name: []} | dict.fromkeys(
    ("Role", "ClusterRole", "RoleBinding", "ClusterRoleBinding"), names.path_segment
)
CHECKED_AGAIN = ("Pod", "Service", "Node", "ConfigMap", "Secret", "EndpointSlice", "Endpoints")
"""Kinds whose update validates the whole metadata once more: their causes come again, the message tells each once."""


def create(row: Resource, obj: Obj) -> list[FieldError]:
    """What is wrong with a new object."""
    check = NAMES.get(row.kind, names.subdomain)
    errors = metadata.validate(obj["metadata"], namespaced=row.namespaced, name_check=check)
    found = CREATE.get(row.kind)
    return [*errors, *found(obj)] if found else errors


def before_update(new: Obj, old: Obj) -> list[FieldError]:
    """What every update checks first, whatever the kind (rest.BeforeUpdate)."""
    meta, held = new["metadata"], old["metadata"]
    return metadata.common(meta) + metadata.validate_update(meta, held)


def update(row: Resource, new: Obj, old: Obj) -> list[FieldError]:
    """What is wrong with a change; the kind checks the metadata once more."""
    errors = before_update(new, old) + metadata.validate_update(new["metadata"], old["metadata"])
    if row.kind in CHECKED_AGAIN:
        errors += metadata.common(new["metadata"])
    found = UPDATE.get(row.kind)
    return [*errors, *found(new, old)] if found else errors


def status(row: Resource, new: Obj, old: Obj) -> list[FieldError]:
    """What is wrong with a change of the status."""
    errors = metadata.validate_update(new["metadata"], old["metadata"])
    found = STATUS.get(row.kind)
    return [*errors, *found(new, old)] if found else errors


def warnings(row: Resource, obj: Obj) -> list[str]:
    """What is accepted, but may not be what is meant."""
    found = WARNINGS.get(row.kind)
    return list(found(obj)) if found else []
