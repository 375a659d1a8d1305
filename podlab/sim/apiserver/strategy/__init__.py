"""What is special about a kind when it is made, changed and deleted; one file a kind, one line here.

Upstream: pkg/registry/*/*/strategy.go. Left out: kinds that are not served.
"""

from __future__ import annotations

from podlab.sim.apiserver.strategy import events, jobs, namespaces, nodes, pods, policies, services, storage, workloads
from podlab.sim.apiserver.strategy.base import Strategy

_PLAIN = Strategy()
STRATEGIES: dict[str, Strategy] = {
    "pods": pods.PodStrategy(),
    "services": services.ServiceStrategy(),
    "nodes": nodes.NodeStrategy(),
    "namespaces": namespaces.NamespaceStrategy(),
    "events": events.EventStrategy(),
    "deployments": workloads.DeploymentStrategy(),
    "replicasets": workloads.WorkloadStrategy(),
    "poddisruptionbudgets": workloads.WorkloadStrategy(),
    "priorityclasses": Strategy(generation=True),
    "resourcequotas": Strategy(status=True),
    "daemonsets": workloads.DaemonSetStrategy(),
    "statefulsets": workloads.WorkloadStrategy(),
    "cronjobs": workloads.WorkloadStrategy(),
    "jobs": jobs.JobStrategy(),
    "endpointslices": workloads.EndpointSliceStrategy(),
    "serviceaccounts": Strategy(answers_object=True),
    "persistentvolumeclaims": storage.ClaimStrategy(),
    "persistentvolumes": storage.VolumeStrategy(),
    "replicationcontrollers": workloads.WorkloadStrategy(),
    "podtemplates": workloads.PodTemplateStrategy(),
    "horizontalpodautoscalers": policies.AutoscalerStrategy(),
    "ingresses": policies.IngressStrategy(),
    "ingressclasses": Strategy(generation=True),
    "networkpolicies": Strategy(generation=True),
    "leases": Strategy(create_on_update=True),
}


def strategy_of(resource: str) -> Strategy:
    """The strategy of a resource; kinds without one of their own are plain."""
    return STRATEGIES.get(resource, _PLAIN)
