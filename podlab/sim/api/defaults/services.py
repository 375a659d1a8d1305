"""Defaults of Services, Endpoints and EndpointSlices.

Upstream: pkg/apis/core/v1/defaults.go, pkg/apis/discovery/v1/defaults.go. Left out: nothing.
"""

from __future__ import annotations

from podlab.sim.changes import Obj

AFFINITY_SECONDS = 10800


def default_service(service: Obj) -> None:
    """A Service; addresses, families and node ports are allocated later."""
    spec = service["spec"]
    spec.setdefault("sessionAffinity", "None")
    if spec["sessionAffinity"] == "None":
        spec.pop("sessionAffinityConfig", None)
    elif spec["sessionAffinity"] == "ClientIP":
        client = spec.setdefault("sessionAffinityConfig", {}).setdefault("clientIP", {})
        client.setdefault("timeoutSeconds", AFFINITY_SECONDS)
    type_ = spec.setdefault("type", "ClusterIP")
    for port in spec.get("ports", ()):
        port.setdefault("protocol", "TCP")
        if not port.get("targetPort"):
            port["targetPort"] = port.get("port", 0)
    if type_ in ("NodePort", "LoadBalancer") or (type_ == "ClusterIP" and spec.get("externalIPs")):
        spec.setdefault("externalTrafficPolicy", "Cluster")
    if type_ in ("NodePort", "LoadBalancer", "ClusterIP"):
        spec.setdefault("internalTrafficPolicy", "Cluster")
    if type_ == "LoadBalancer":
        spec.setdefault("allocateLoadBalancerNodePorts", True)
    for ingress in service.get("status", {}).get("loadBalancer", {}).get("ingress", ()):
        if ingress.get("ip"):
            ingress.setdefault("ipMode", "VIP")


def default_endpoints(endpoints: Obj) -> None:
    """The protocol of each port."""
    for subset in endpoints.get("subsets", ()):
        for port in subset.get("ports", ()):
            port.setdefault("protocol", "TCP")


def default_endpoint_slice(slice_: Obj) -> None:
    """Name and protocol of each port."""
    for port in slice_.get("ports") or ():
        port.setdefault("name", "")
        port.setdefault("protocol", "TCP")
