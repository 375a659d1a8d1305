"""EndpointSlice: the endpoints of each Service with a selector, at most 100 a slice.

Upstream: pkg/controller/endpointslice, staging/src/k8s.io/endpointslice. Left out: topology hints, IPv6.
"""

from __future__ import annotations

from collections.abc import Sequence

from podlab.sim.changes import Cause, Obj, ObjectChange
from podlab.sim.controllers.base import Controller, ControllersState, key_of, reference_to, split, with_meta
from podlab.sim.controllers.endpoints_of import HEADLESS, belongs, endpoint_of, is_headless, is_told, ports_of, selects, trigger_annotation
from podlab.sim.world import World

MOST = 100
MANAGED = "endpointslice.kubernetes.io/managed-by"
SERVICE = "kubernetes.io/service-name"
MANAGER = "endpointslice-controller.k8s.io"
Ports = tuple[tuple[str, str, int, str], ...]


class EndpointSlice(Controller):
    """Rule X22."""

    name = "endpointslice"
    component = "endpoint-slice-controller"

    def __init__(self, world: World, state: ControllersState) -> None:
        super().__init__(world, state)
        world.subscribe("services", lambda change: self.enqueue(key_of(change.new)))
        world.subscribe("pods", self._on_pod)
        world.subscribe("endpointslices", self._on_slice)

    def _on_pod(self, change: ObjectChange) -> None:
        if not is_told(change):
            return
        for service in self.api.list("services", change.namespace):
            if selects(service, change.new) or (change.old is not None and selects(service, change.old)):
                self.enqueue(key_of(service))

    def _on_slice(self, change: ObjectChange) -> None:
        """Somebody took one away: it is made again."""
        labels = change.new["metadata"].get("labels") or {}
        if change.type == "DELETED" and labels.get(MANAGED) == MANAGER and SERVICE in labels:
            self.enqueue(f"{change.namespace}/{labels[SERVICE]}")

    def sync(self, key: str) -> None:
        """Bring a Service's slices up to date."""
        namespace, name = split(key)
        service = self.api.find("services", name, namespace)
        held = [each for each in self.api.list("endpointslices", namespace) if _is_of(each, name)]
        if service is None:
            self.state.triggers.pop(f"{self.name} {key}", None)
            for each in held:
                self.api.delete("endpointslices", each["metadata"]["name"], namespace, by=self.by, cause=self.cause("X22", service=name))
            return
        if (
            not service["spec"].get("selector")
            or service["spec"].get("type") == "ExternalName"
            or "deletionTimestamp" in service["metadata"]
        ):
            return
        self._reconcile(service, held)

    def _reconcile(self, service: Obj, held: list[Obj]) -> None:
        pods = self.api.list("pods", service["metadata"]["namespace"])
        trigger = trigger_annotation(self.world, self.state.triggers, f"{self.name} {key_of(service)}", service, pods)
        wanted = self._wanted(service, pods) or {(): []}
        left = list(held)
        for ports, endpoints in wanted.items():
            mine = [each for each in left if _ports(each) == ports]
            if not mine and left and not any(_ports(each) in wanted for each in left):
                mine = left[:1]
            left = [each for each in left if each not in mine]
            self._write(service, mine, ports, endpoints, trigger)
        for each in left:
            self._remove(each)

    def _wanted(self, service: Obj, pods: list[Obj]) -> dict[Ports, list[Obj]]:
        """Ports → endpoints."""
        found: dict[Ports, list[Obj]] = {}
        for pod in pods:
            if not selects(service, pod) or not belongs(pod, terminating=True):
                continue
            ports = tuple((each["name"], each["protocol"], each["port"], each.get("appProtocol", "")) for each in ports_of(pod, service))
            node = self.api.find("nodes", pod["spec"].get("nodeName", ""))
            found.setdefault(ports, []).append(endpoint_of(pod, service, node))
        return found

    def _write(self, service: Obj, held: list[Obj], ports: Ports, endpoints: list[Obj], trigger: dict[str, str]) -> None:
        cause = self.cause("X22", service=service["metadata"]["name"], ready=sum(each["conditions"]["ready"] for each in endpoints))
        groups = arranged([each.get("endpoints") or [] for each in held], endpoints, MOST)
        for number, group in enumerate(groups):
            meta = self._meta(service, trigger)
            body = {"addressType": "IPv4", "endpoints": group, "ports": [_port(each) for each in ports]}
            if number < len(held):
                self._change(held[number], meta, body, cause)
            else:
                made = {"apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice", "metadata": meta, **body}
                self.api.create("endpointslices", made, by=self.by, cause=cause)
        for each in held[len(groups) :]:
            self._remove(each)

    def _change(self, held: Obj, meta: Obj, body: Obj, cause: Cause) -> None:
        old = {"endpoints": held.get("endpoints") or [], "ports": held.get("ports") or []}
        if old == {"endpoints": body["endpoints"], "ports": body["ports"]} and held["metadata"].get("labels") == meta["labels"]:
            return
        self.api.update(
            "endpointslices",
            with_meta({**held, **body}, labels=meta["labels"], annotations=meta.get("annotations")),
            by=self.by,
            cause=cause,
        )

    def _meta(self, service: Obj, trigger: dict[str, str]) -> Obj:
        meta = service["metadata"]
        labels = {**(meta.get("labels") or {}), MANAGED: MANAGER, SERVICE: meta["name"]}
        if is_headless(service):
            labels[HEADLESS] = ""
        return {
            "generateName": f"{meta['name']}-",
            "namespace": meta["namespace"],
            "labels": labels,
            **({"annotations": trigger} if trigger else {}),
            "ownerReferences": [reference_to(service, "Service", "v1")],
        }

    def _remove(self, each: Obj) -> None:
        meta = each["metadata"]
        self.api.delete(
            "endpointslices", meta["name"], meta["namespace"], by=self.by, cause=self.cause("X22", service=meta["labels"][SERVICE])
        )


def arranged(held: Sequence[Sequence[Obj]], wanted: Sequence[Obj], most: int) -> list[list[Obj]]:
    """Endpoints over slices of at most `most`: those that are there stay in their slice and place; new ones fill the fullest that has room."""
    by_target = {_target(each): each for each in wanted}
    groups = [[by_target[_target(each)] for each in group if _target(each) in by_target] for group in held]
    placed = {_target(each) for group in groups for each in group}
    for each in wanted:
        if _target(each) in placed:
            continue
        room = [group for group in groups if len(group) < most]
        if not room:
            groups.append([])
            room = groups[-1:]
        max(room, key=len).append(each)
    kept = [group for group in groups if group]
    return kept or [[]]


def _target(endpoint: Obj) -> tuple[str, str]:
    return str(endpoint["targetRef"].get("uid") or endpoint["targetRef"]["name"]), str(endpoint["addresses"][0])


def _ports(held: Obj) -> Ports:
    return tuple(
        (each.get("name", ""), each.get("protocol", "TCP"), each["port"], each.get("appProtocol", "")) for each in held.get("ports") or ()
    )


def _port(each: tuple[str, str, int, str]) -> Obj:
    name, protocol, number, application = each
    return {"name": name, "protocol": protocol, "port": number} | ({"appProtocol": application} if application else {})


def _is_of(held: Obj, service: str) -> bool:
    labels = held["metadata"].get("labels") or {}
    return bool(labels.get(SERVICE) == service and labels.get(MANAGED) == MANAGER)
