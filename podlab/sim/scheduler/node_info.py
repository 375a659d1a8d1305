"""Nodes with their Pods, as the scheduler sees them, kept up to date Pod by Pod.

Upstream: pkg/scheduler/framework/types.go (NodeInfo, PodInfo), pkg/scheduler/backend/cache. Left out: generations (one thread, no copies needed).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from podlab.sim.api import labels
from podlab.sim.changes import Obj
from podlab.sim.scheduler.requests import NON_ZERO, Amounts, amounts, is_sidecar, pod_requests

Port = tuple[str, str, int]
ANY_ADDRESS = "0.0.0.0"


class Term:
    """A Pod affinity term: rule F16."""

    __slots__ = ("key", "namespaces", "ns_selector", "selector", "weight")

    def __init__(self, term: Obj, namespace: str, weight: int = 0) -> None:
        self.namespaces: frozenset[str] = frozenset(term.get("namespaces") or ())
        self.ns_selector: Obj | None = term.get("namespaceSelector")
        if not self.namespaces and self.ns_selector is None:
            self.namespaces = frozenset((namespace,))
        self.selector: Obj | None = term.get("labelSelector")
        self.key: str = term["topologyKey"]
        self.weight = weight

    def matches(self, other: PodInfo, namespace_labels: Mapping[str, Mapping[str, str]]) -> bool:
        """Whether `other` is one of those that the term means; `namespace_labels` are those of the namespaces."""
        if other.namespace not in self.namespaces and not self._selects(other.namespace, namespace_labels):
            return False
        return labels.matches(self.selector, other.labels)

    def _selects(self, namespace: str, namespace_labels: Mapping[str, Mapping[str, str]]) -> bool:
        return (
            self.ns_selector is not None and namespace in namespace_labels and labels.matches(self.ns_selector, namespace_labels[namespace])
        )


class PodInfo:
    """A Pod with what the plugins ask of it, parsed once."""

    __slots__ = (
        "affinity", "anti_affinity", "key", "labels", "name", "namespace", "nonzero_cpu", "nonzero_memory", "pod",
        "ports", "preferred", "preferred_anti", "priority", "requests", "terminating", "uid",
    )  # fmt: skip

    def __init__(self, pod: Obj, like: PodInfo | None = None) -> None:
        meta, spec = pod["metadata"], pod.get("spec") or {}
        self.pod = pod
        self.name: str = meta.get("name", "")
        self.namespace: str = meta.get("namespace", "")
        self.key = f"{self.namespace}/{self.name}"
        self.uid: str = meta.get("uid", "") or self.key
        self.labels: Mapping[str, str] = meta.get("labels") or {}
        self.priority: int = spec.get("priority") or 0
        self.terminating = "deletionTimestamp" in meta
        if like is not None:
            self._copy(like)
        else:
            self._parse(pod, spec)

    def _parse(self, pod: Obj, spec: Obj) -> None:
        self.requests: Amounts = pod_requests(pod)
        nonzero = pod_requests(pod, NON_ZERO)
        self.nonzero_cpu, self.nonzero_memory = nonzero.get("cpu", 0), nonzero.get("memory", 0)
        self.ports: tuple[Port, ...] = host_ports(spec)
        affinity = spec.get("affinity") or {}
        self.affinity: tuple[Term, ...] = _required(affinity.get("podAffinity"), self.namespace)
        self.anti_affinity: tuple[Term, ...] = _required(affinity.get("podAntiAffinity"), self.namespace)
        self.preferred: tuple[Term, ...] = _preferred(affinity.get("podAffinity"), self.namespace)
        self.preferred_anti: tuple[Term, ...] = _preferred(affinity.get("podAntiAffinity"), self.namespace)

    def _copy(self, like: PodInfo) -> None:
        self.requests, self.ports = like.requests, like.ports
        self.nonzero_cpu, self.nonzero_memory = like.nonzero_cpu, like.nonzero_memory
        self.affinity, self.anti_affinity = like.affinity, like.anti_affinity
        self.preferred, self.preferred_anti = like.preferred, like.preferred_anti

    @property
    def has_affinity(self) -> bool:
        """Whether it has any term of Pod affinity or anti-affinity."""
        return bool(self.affinity or self.anti_affinity or self.preferred or self.preferred_anti)

    @property
    def spec(self) -> Obj:
        """The Pod's spec."""
        spec: Obj = self.pod.get("spec") or {}
        return spec


def _required(affinity: Obj | None, namespace: str) -> tuple[Term, ...]:
    listed = (affinity or {}).get("requiredDuringSchedulingIgnoredDuringExecution") or ()
    return tuple(Term(each, namespace) for each in listed)


def _preferred(affinity: Obj | None, namespace: str) -> tuple[Term, ...]:
    listed = (affinity or {}).get("preferredDuringSchedulingIgnoredDuringExecution") or ()
    return tuple(Term(each["podAffinityTerm"], namespace, each["weight"]) for each in listed)


def host_ports(spec: Obj) -> tuple[Port, ...]:
    """Rule F9: the host ports of containers and sidecars, as (address, protocol, port)."""
    holders = [*(spec.get("containers") or ()), *(each for each in spec.get("initContainers") or () if is_sidecar(each))]
    return tuple(port_of(port) for holder in holders for port in holder.get("ports") or () if port.get("hostPort"))


def port_of(port: Obj) -> Port:
    """One host port, with its defaults."""
    return port.get("hostIP") or ANY_ADDRESS, port.get("protocol") or "TCP", port["hostPort"]


def conflicts(wanted: Port, used: Port) -> bool:
    """Rule F9: same protocol and port, and the same address or one of them every address."""
    return wanted[1:] == used[1:] and (wanted[0] == used[0] or ANY_ADDRESS in (wanted[0], used[0]))


class NodeInfo:
    """A node, its Pods by key, and their sums."""

    __slots__ = (
        "allocatable",
        "images",
        "labels",
        "name",
        "node",
        "nonzero_cpu",
        "nonzero_memory",
        "pods",
        "requested",
        "taints",
        "with_affinity",
        "with_anti_affinity",
    )

    def __init__(self, node: Obj | None, pods: Iterable[PodInfo] = ()) -> None:
        self.pods: dict[str, PodInfo] = {}
        self.requested: Amounts = {}
        self.nonzero_cpu = self.nonzero_memory = 0
        self.with_affinity: dict[str, PodInfo] = {}
        self.with_anti_affinity: dict[str, PodInfo] = {}
        self.set_node(node)
        for pod in pods:
            self.add(pod)

    def set_node(self, node: Obj | None) -> None:
        """The node has changed (None: it is not known yet)."""
        self.node: Obj = node if node is not None else {"metadata": {"name": ""}}
        self.name: str = self.node["metadata"].get("name", "")
        self.labels: Mapping[str, str] = self.node["metadata"].get("labels") or {}
        self.taints = (self.node.get("spec") or {}).get("taints") or ()
        status = self.node.get("status") or {}
        self.allocatable = amounts(status.get("allocatable"))
        self.images: dict[str, int] = {
            name: each.get("sizeBytes", 0) for each in status.get("images") or () for name in each.get("names") or ()
        }

    def add(self, pod: PodInfo) -> None:
        """A Pod joins."""
        self.pods[pod.key] = pod
        self._count(pod, 1)
        if pod.has_affinity:
            self.with_affinity[pod.key] = pod
            if pod.anti_affinity:
                self.with_anti_affinity[pod.key] = pod

    def remove(self, key: str) -> None:
        """A Pod leaves."""
        self._count(self.pods.pop(key), -1)
        self.with_affinity.pop(key, None)
        self.with_anti_affinity.pop(key, None)

    def _count(self, pod: PodInfo, sign: int) -> None:
        for name, value in pod.requests.items():
            self.requested[name] = self.requested.get(name, 0) + sign * value
        self.nonzero_cpu += sign * pod.nonzero_cpu
        self.nonzero_memory += sign * pod.nonzero_memory

    def copy(self) -> NodeInfo:
        """For a what-if."""
        out = NodeInfo.__new__(NodeInfo)
        for name in ("allocatable", "images", "labels", "name", "node", "nonzero_cpu", "nonzero_memory", "taints"):
            setattr(out, name, getattr(self, name))
        out.pods, out.requested = dict(self.pods), dict(self.requested)
        out.with_affinity, out.with_anti_affinity = dict(self.with_affinity), dict(self.with_anti_affinity)
        return out


class Snapshot:
    """All nodes in the order in which they are tried."""

    def __init__(self, nodes: Iterable[NodeInfo] = ()) -> None:
        self.nodes: list[NodeInfo] = list(nodes)
        self.by_name: dict[str, NodeInfo] = {each.name: each for each in self.nodes}
        self.images: dict[str, tuple[int, int]] = {}
        self.count_images()

    def count_images(self) -> None:
        """Image → (its size on the first node that has it, how many nodes have it)."""
        found: dict[str, tuple[int, int]] = {}
        for node in self.nodes:
            for name, size in node.images.items():
                first, many = found.get(name, (size, 0))
                found[name] = (first, many + 1)
        self.images = found

    @classmethod
    def of(cls, nodes: Iterable[Obj], pods: Iterable[Obj]) -> Snapshot:
        """Out of plain objects; Pods whose node is not listed are left out."""
        snapshot = cls(NodeInfo(each) for each in nodes)
        for pod in pods:
            node = snapshot.by_name.get((pod.get("spec") or {}).get("nodeName") or "")
            if node is not None:
                node.add(PodInfo(pod))
        return snapshot


def zone_of(node: Obj) -> str:
    """Rule C8: region and zone label; empty: neither."""
    held = node["metadata"].get("labels") or {}
    region = held.get("failure-domain.beta.kubernetes.io/region") or held.get("topology.kubernetes.io/region") or ""
    zone = held.get("failure-domain.beta.kubernetes.io/zone") or held.get("topology.kubernetes.io/zone") or ""
    return f"{region}:\x00:{zone}" if region or zone else ""


def interleaved(names: Iterable[str], zones: Mapping[str, str]) -> list[str]:
    """Rule C8: one node of each zone in turn, zones and nodes in their order of arrival."""
    trees: dict[str, list[str]] = {}
    for name in names:
        trees.setdefault(zones[name], []).append(name)
    longest = max(map(len, trees.values()), default=0)
    return [tree[row] for row in range(longest) for tree in trees.values() if row < len(tree)]
