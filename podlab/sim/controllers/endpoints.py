"""Endpoints: the older list of a Service's addresses, ready and not ready.

Upstream: pkg/controller/endpoint. Left out: endpoints made by hand of Services without selector (they are nobody's).
"""

from __future__ import annotations

from collections.abc import Sequence

from podlab.sim.changes import Obj, ObjectChange
from podlab.sim.controllers.base import Controller, ControllersState, key_of, split, with_meta
from podlab.sim.controllers.endpoints_of import HEADLESS, address_of, belongs, is_headless, is_told, ports_of, selects, trigger_annotation
from podlab.sim.controllers.pods import is_ready
from podlab.sim.world import World

MOST = 1000
OVER = "endpoints.kubernetes.io/over-capacity"
MANAGED = "endpoints.kubernetes.io/managed-by"
_SORT = ("ip", "hostname", "nodeName")


class Endpoints(Controller):
    """Rule X22."""

    name = "endpoint"

    def __init__(self, world: World, state: ControllersState) -> None:
        super().__init__(world, state)
        world.subscribe("services", lambda change: self.enqueue(key_of(change.new)))
        world.subscribe("pods", self._on_pod)
        world.subscribe("endpoints", self._on_endpoints)

    def _on_pod(self, change: ObjectChange) -> None:
        if not is_told(change):
            return
        for service in self.api.list("services", change.namespace):
            if selects(service, change.new) or (change.old is not None and selects(service, change.old)):
                self.enqueue(key_of(service))

    def _on_endpoints(self, change: ObjectChange) -> None:
        if change.type == "DELETED":
            self.enqueue(f"{change.namespace}/{change.name}")

    def sync(self, key: str) -> None:
        """Bring a Service's Endpoints up to date."""
        namespace, name = split(key)
        service, held = self.api.find("services", name, namespace), self.api.find("endpoints", name, namespace)
        if service is None:
            self.state.triggers.pop(f"{self.name} {key}", None)
            if held is not None:
                self.api.delete("endpoints", name, namespace, by=self.by, cause=self.cause("X22", service=name))
            return
        if service["spec"].get("selector") and service["spec"].get("type") != "ExternalName":
            self._write(service, held)

    def _write(self, service: Obj, held: Obj | None) -> None:
        meta = service["metadata"]
        pods = self.api.list("pods", meta["namespace"])
        trigger = trigger_annotation(self.world, self.state.triggers, f"{self.name} {key_of(service)}", service, pods)
        ready, waiting = self._addresses(service, pods)
        subsets, truncated = truncate(repacked(ready, waiting))
        labels = {**(meta.get("labels") or {}), MANAGED: "endpoint-controller"}
        if is_headless(service):
            labels[HEADLESS] = ""
        annotations = trigger | ({OVER: "truncated"} if truncated else {}) or None
        cause = self.cause("X22", service=meta["name"], ready=sum(len(each.get("addresses") or ()) for each in subsets))
        if held is None:
            made: Obj = {"apiVersion": "v1", "kind": "Endpoints", "metadata": {"name": meta["name"], "namespace": meta["namespace"]}}
            made = with_meta(made, labels=labels, annotations=annotations) | ({"subsets": subsets} if subsets else {})
            self.api.create("endpoints", made, by=self.by, cause=cause)
        elif (held.get("subsets") or []) != subsets or (held["metadata"].get("labels") or {}) != labels:
            changed = with_meta({key: value for key, value in held.items() if key != "subsets"}, labels=labels, annotations=annotations)
            self.api.update("endpoints", changed | ({"subsets": subsets} if subsets else {}), by=self.by, cause=cause)

    def _addresses(self, service: Obj, pods: list[Obj]) -> tuple[list[tuple[Obj, list[Obj]]], list[tuple[Obj, list[Obj]]]]:
        """Ready ones, others, each with its ports."""
        published = bool(service["spec"].get("publishNotReadyAddresses"))
        ready: list[tuple[Obj, list[Obj]]] = []
        waiting: list[tuple[Obj, list[Obj]]] = []
        for pod in pods:
            if not selects(service, pod) or not belongs(pod, terminating=published):
                continue
            ports = [_named(each) for each in ports_of(pod, service)]
            if not ports and service["spec"].get("ports"):
                continue
            (ready if published or is_ready(pod) else waiting).append((_address(pod, service), ports))
        return ready, waiting


def _named(port: Obj) -> Obj:
    return {key: value for key, value in port.items() if value != ""}


def _address(pod: Obj, service: Obj) -> Obj:
    meta, spec = pod["metadata"], pod["spec"]
    found: Obj = {"ip": address_of(pod)}
    if spec.get("hostname") and spec.get("subdomain") == service["metadata"]["name"]:
        found["hostname"] = spec["hostname"]
    if spec.get("nodeName"):
        found["nodeName"] = spec["nodeName"]
    return {**found, "targetRef": {"kind": "Pod", "namespace": meta["namespace"], "name": meta["name"], "uid": meta["uid"]}}


def repacked(ready: Sequence[tuple[Obj, list[Obj]]], waiting: Sequence[tuple[Obj, list[Obj]]]) -> list[Obj]:
    """Addresses with the same ports in one subset, sorted."""
    groups: dict[str, Obj] = {}
    for kind, listed in (("addresses", ready), ("notReadyAddresses", waiting)):
        for address, ports in listed:
            key = str(sorted((each.get("name", ""), each["protocol"], each["port"]) for each in ports))
            group = groups.setdefault(
                key, {"ports": sorted(ports, key=lambda each: (each.get("name", ""), each["port"], each["protocol"]))}
            )
            group.setdefault(kind, []).append(address)
    out = []
    for key in sorted(groups):
        group = groups[key]
        subset = {
            kind: sorted(group[kind], key=lambda each: [each.get(name, "") for name in _SORT])
            for kind in ("addresses", "notReadyAddresses")
            if kind in group
        }
        out.append(subset | ({"ports": group["ports"]} if group["ports"] else {}))
    return out


def truncate(subsets: Sequence[Obj]) -> tuple[list[Obj], bool]:
    """At most 1,000 addresses: ready ones first, each subset its share (rounded up, so the last may get less)."""
    ready = [len(each.get("addresses") or ()) for each in subsets]
    waiting = [len(each.get("notReadyAddresses") or ()) for each in subsets]
    ready_left, waiting_left = shares(ready, waiting)
    if (ready, waiting) == (ready_left, waiting_left):
        return list(subsets), False
    out = []
    for each, many, others in zip(subsets, ready_left, waiting_left, strict=True):
        cut = {"addresses": (each.get("addresses") or [])[:many], "notReadyAddresses": (each.get("notReadyAddresses") or [])[:others]}
        kept = {key: value for key, value in cut.items() if value}
        if kept:
            out.append(kept | {key: value for key, value in each.items() if key == "ports"})
    return out, True


def shares(ready: Sequence[int], waiting: Sequence[int]) -> tuple[list[int], list[int]]:
    """How many addresses of each subset are kept."""
    return _share(ready, MOST), _share(waiting, MOST - min(MOST, sum(ready)))


def _share(sizes: Sequence[int], room: int) -> list[int]:
    total = sum(sizes)
    if total <= room:
        return list(sizes)
    kept, left = [], room
    for each in sizes:
        share = min(-(-each * room // total), left)
        kept.append(share)
        left -= share
    return kept
