"""From Pods to endpoints: who belongs to a Service, with which conditions and ports.

Upstream: staging/src/k8s.io/endpointslice/utils.go, trigger_time_tracker.go, pkg/controller/util/endpoint. Left out: topology hints, dual stack.
"""

from __future__ import annotations

from collections.abc import Iterable

from podlab.sim.changes import Obj, ObjectChange
from podlab.sim.controllers.pods import condition_of, is_finished, is_ready, is_terminating, status_of
from podlab.sim.world import World

ZONE = "topology.kubernetes.io/zone"
HEADLESS = "service.kubernetes.io/headless"
TRIGGER = "endpoints.kubernetes.io/last-change-trigger-time"


def belongs(pod: Obj, *, terminating: bool) -> bool:
    """Rule X22: not finished, with an address; terminating ones only where they are wanted."""
    if is_finished(pod) or not address_of(pod):
        return False
    return terminating or not is_terminating(pod)


def address_of(pod: Obj) -> str:
    """The Pod's address."""
    status = status_of(pod)
    listed: list[Obj] = status.get("podIPs") or []
    return str((listed[0].get("ip") if listed else None) or status.get("podIP") or "")


def selects(service: Obj, pod: Obj) -> bool:
    """Whether the Service's selector means the Pod; without a selector it means none."""
    selector = service["spec"].get("selector")
    labels = pod["metadata"].get("labels") or {}
    return bool(selector) and all(labels.get(key) == value for key, value in selector.items())


def is_told(change: ObjectChange) -> bool:
    """Whether a change of a Pod is one of its endpoint: of its labels, names, deletion, readiness or addresses."""
    old, new = change.old, change.new
    return old is None or change.type != "MODIFIED" or _endpoint_facts(old) != _endpoint_facts(new)


def _endpoint_facts(pod: Obj) -> tuple[object, ...]:
    meta, spec = pod["metadata"], pod.get("spec") or {}
    addresses = status_of(pod).get("podIPs")
    return meta.get("labels"), spec.get("hostname"), spec.get("subdomain"), meta.get("deletionTimestamp"), is_ready(pod), addresses


def trigger_annotation(world: World, seen: dict[str, dict[str, int]], key: str, service: Obj, pods: Iterable[Obj]) -> dict[str, str]:
    """The annotation that tells the first of what changed since the last look at a Service: it, or the readiness of one of its Pods; none: nothing did.

    `seen`: the instants (ms) of the last looks, by key and Pod (the Service's own under an empty name).
    """
    made = world.instant(service["metadata"]["creationTimestamp"])
    moved = (
        (pod["metadata"]["name"], (condition_of(pod, "Ready") or {}).get("lastTransitionTime")) for pod in pods if selects(service, pod)
    )
    now = {"": made} | {name: world.instant(at) for name, at in moved if at}
    last = seen.get(key)
    seen[key] = now
    changed = [made] if last is None else [at for name, at in now.items() if name not in last or at > last[name]]
    return {TRIGGER: world.stamp(min(changed))} if changed else {}


def is_headless(service: Obj) -> bool:
    """No virtual address."""
    return bool(service["spec"].get("clusterIP") == "None")


def endpoint_of(pod: Obj, service: Obj, node: Obj | None) -> Obj:
    """Rule X22: the endpoint of an EndpointSlice."""
    meta, spec = pod["metadata"], pod.get("spec") or {}
    serving, terminating = is_ready(pod), is_terminating(pod)
    published = bool((service.get("spec") or {}).get("publishNotReadyAddresses"))
    found: Obj = {
        "addresses": [address_of(pod)],
        "conditions": {"ready": published or (serving and not terminating), "serving": serving, "terminating": terminating},
        "targetRef": {"kind": "Pod", "namespace": meta.get("namespace", ""), "name": meta["name"], "uid": meta.get("uid", "")},
    }
    if spec.get("nodeName"):
        found["nodeName"] = spec["nodeName"]
    zone = ((node or {"metadata": {}})["metadata"].get("labels") or {}).get(ZONE)
    if zone:
        found["zone"] = zone
    if (
        spec.get("hostname")
        and spec.get("subdomain") == service["metadata"]["name"]
        and meta.get("namespace") == service["metadata"].get("namespace")
    ):
        found["hostname"] = spec["hostname"]
    return found


def port_number(pod: Obj, port: Obj) -> int | None:
    """The number of a Service's port on a Pod; a name is looked up in its containers and sidecars."""
    target = port.get("targetPort", port["port"])
    if isinstance(target, int):
        return target or int(port["port"])
    spec = pod.get("spec") or {}
    sidecars = [each for each in spec.get("initContainers") or () if each.get("restartPolicy") == "Always"]
    for container in [*(spec.get("containers") or ()), *sidecars]:
        for each in container.get("ports") or ():
            if each.get("name") == target and each.get("protocol", "TCP") == port.get("protocol", "TCP"):
                return int(each["containerPort"])
    return None


def ports_of(pod: Obj, service: Obj) -> list[Obj]:
    """The Service's ports as they are on the Pod."""
    found = []
    for port in service["spec"].get("ports") or ():
        number = port_number(pod, port)
        if number is not None:
            one: Obj = {"name": port.get("name", ""), "protocol": port.get("protocol", "TCP"), "port": number}
            found.append(one | ({"appProtocol": port["appProtocol"]} if port.get("appProtocol") else {}))
    return found
