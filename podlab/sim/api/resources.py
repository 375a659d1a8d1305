"""The table of kinds that this cluster serves.

Upstream: pkg/controlplane, pkg/registry/*/rest (names, short names, categories). Left out: kinds that no lesson, trace or transcript touches.
"""

from __future__ import annotations

from msgspec import Struct


class Resource(Struct, frozen=True):
    """One kind: `plural` names it everywhere inside the simulation."""

    plural: str
    kind: str
    group: str = ""
    version: str = "v1"
    namespaced: bool = True
    singular: str = ""
    short: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    subresources: tuple[str, ...] = ()

    @property
    def api_version(self) -> str:
        """`v1`, `apps/v1` …"""
        return f"{self.group}/{self.version}" if self.group else self.version


_TABLE = (
    Resource("configmaps", "ConfigMap", singular="configmap", short=("cm",)),
    Resource("endpoints", "Endpoints", singular="endpoints", short=("ep",)),
    Resource("events", "Event", singular="event", short=("ev",)),
    Resource("limitranges", "LimitRange", singular="limitrange", short=("limits",)),
    Resource("namespaces", "Namespace", namespaced=False, singular="namespace", short=("ns",), subresources=("status", "finalize")),
    Resource("nodes", "Node", namespaced=False, singular="node", short=("no",), subresources=("status",)),
    Resource("persistentvolumeclaims", "PersistentVolumeClaim", singular="persistentvolumeclaim", short=("pvc",), subresources=("status",)),
    Resource(
        "persistentvolumes", "PersistentVolume", namespaced=False, singular="persistentvolume", short=("pv",), subresources=("status",)
    ),
    Resource(
        "pods",
        "Pod",
        singular="pod",
        short=("po",),
        categories=("all",),
        subresources=("status", "binding", "eviction", "ephemeralcontainers", "resize", "log", "exec", "attach", "portforward"),
    ),
    Resource("resourcequotas", "ResourceQuota", singular="resourcequota", short=("quota",), subresources=("status",)),
    Resource("secrets", "Secret", singular="secret"),
    Resource("serviceaccounts", "ServiceAccount", singular="serviceaccount", short=("sa",), subresources=("token",)),
    Resource("services", "Service", singular="service", short=("svc",), categories=("all",), subresources=("status",)),
    Resource(
        "deployments", "Deployment", "apps", singular="deployment", short=("deploy",), categories=("all",), subresources=("status", "scale")
    ),
    Resource(
        "replicasets", "ReplicaSet", "apps", singular="replicaset", short=("rs",), categories=("all",), subresources=("status", "scale")
    ),
    Resource("daemonsets", "DaemonSet", "apps", singular="daemonset", short=("ds",), categories=("all",), subresources=("status",)),
    Resource(
        "statefulsets", "StatefulSet", "apps", singular="statefulset", short=("sts",), categories=("all",), subresources=("status", "scale")
    ),
    Resource("controllerrevisions", "ControllerRevision", "apps", singular="controllerrevision"),
    Resource("endpointslices", "EndpointSlice", "discovery.k8s.io", singular="endpointslice"),
    Resource("priorityclasses", "PriorityClass", "scheduling.k8s.io", namespaced=False, singular="priorityclass", short=("pc",)),
    Resource(
        "poddisruptionbudgets", "PodDisruptionBudget", "policy", singular="poddisruptionbudget", short=("pdb",), subresources=("status",)
    ),
    Resource("cronjobs", "CronJob", "batch", singular="cronjob", short=("cj",), categories=("all",), subresources=("status",)),
    Resource("jobs", "Job", "batch", singular="job", categories=("all",), subresources=("status",)),
    Resource("leases", "Lease", "coordination.k8s.io", singular="lease"),
    Resource("storageclasses", "StorageClass", "storage.k8s.io", namespaced=False, singular="storageclass", short=("sc",)),
)

RESOURCES: dict[str, Resource] = {each.plural: each for each in _TABLE}
BY_KIND: dict[str, Resource] = {each.kind: each for each in _TABLE}


def qualified(resource: str) -> str:
    """A resource as errors name it: `pods`, `deployments.apps`."""
    group = RESOURCES[resource].group
    return f"{resource}.{group}" if group else resource
