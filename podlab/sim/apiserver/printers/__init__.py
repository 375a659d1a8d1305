"""Which table a kind has.

Upstream: pkg/printers/internalversion/printers.go (AddHandlers). Left out: kinds that are known by name only.
"""

from __future__ import annotations

from podlab.sim.apiserver.printers import (
    deployments,
    endpoints,
    endpointslices,
    events,
    nodes,
    pods,
    policy,
    replicasets,
    services,
    simple,
    workloads,
)
from podlab.sim.apiserver.printers.common import Printer

TABLES: dict[str, Printer] = {
    "configmaps": simple.CONFIGMAPS,
    "controllerrevisions": simple.REVISIONS,
    "cronjobs": workloads.CRON_JOBS,
    "daemonsets": workloads.DAEMON_SETS,
    "deployments": deployments.PRINTER,
    "endpoints": endpoints.PRINTER,
    "endpointslices": endpointslices.PRINTER,
    "clusterrolebindings": policy.BINDINGS,
    "clusterroles": simple.CREATED,
    "events": events.PRINTER,
    "horizontalpodautoscalers": policy.AUTOSCALERS,
    "ingressclasses": policy.INGRESS_CLASSES,
    "ingresses": policy.INGRESSES,
    "jobs": workloads.JOBS,
    "leases": simple.LEASES,
    "limitranges": simple.CREATED,
    "namespaces": simple.NAMESPACES,
    "networkpolicies": policy.NETWORK_POLICIES,
    "nodes": nodes.PRINTER,
    "persistentvolumeclaims": policy.CLAIMS,
    "persistentvolumes": policy.VOLUMES,
    "poddisruptionbudgets": policy.BUDGETS,
    "pods": pods.PRINTER,
    "podtemplates": simple.POD_TEMPLATES,
    "priorityclasses": simple.PRIORITY_CLASSES,
    "replicasets": replicasets.PRINTER,
    "replicationcontrollers": replicasets.CONTROLLER_PRINTER,
    "resourcequotas": policy.QUOTAS,
    "rolebindings": policy.BINDINGS,
    "roles": simple.CREATED,
    "runtimeclasses": simple.RUNTIME_CLASSES,
    "scales": workloads.SCALES,
    "secrets": simple.SECRETS,
    "services": services.PRINTER,
    "statefulsets": workloads.STATEFUL_SETS,
    "storageclasses": policy.STORAGE_CLASSES,
}


def printer(plural: str) -> Printer:
    """The table of a resource; name and age for those without one of their own."""
    return TABLES.get(plural, simple.PLAIN)
