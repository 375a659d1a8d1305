"""What the parts of a kubelet share: the Pods as it knows them, the runtime as last seen, its Events.

Upstream: pkg/kubelet/kubelet.go (the Kubelet struct), pkg/kubelet/pod (manager). Left out: nothing.
"""

from __future__ import annotations

from typing import Protocol

from msgspec.structs import replace

from podlab.sim.apiserver.events import Recorder
from podlab.sim.changes import Cause, Obj
from podlab.sim.containerd.containerd import Containerd
from podlab.sim.containerd.types import Container, PodNetwork
from podlab.sim.kubelet.config import Config
from podlab.sim.kubelet.events import Event
from podlab.sim.kubelet.pod_actions import Runtime
from podlab.sim.kubelet.probes.http import Answer
from podlab.sim.kubelet.specs import Spec, field_path
from podlab.sim.kubelet.state import KubeletState, NodeState, Worker
from podlab.sim.linux.linux import Linux
from podlab.sim.world import World

SECOND_MS = 1000
MIRROR = "kubernetes.io/config.mirror"
DEFAULT = Config()


class Connection(Protocol):
    """What opening a connection came to: `error` "" when it was opened."""

    @property
    def after_ms(self) -> int: ...
    @property
    def error(self) -> str: ...


class ProbeNetwork(PodNetwork, Protocol):
    """What a kubelet asks of the network: addresses for sandboxes, and connections for probes and hooks."""

    def http(
        self, source: str, address: str, port: int, path: str, headers: dict[str, str], timeout_ms: int, scheme: str = "http"
    ) -> Answer: ...
    def tcp(self, source: str, address: str, port: int, timeout_ms: int) -> Connection: ...
    def isolate(self, node: str, *, cut: bool) -> None: ...
    def power(self, node: str, *, off: bool) -> None: ...


def whole_second(t_ms: int) -> int:
    """The first whole second at or after an instant: when the kubelet's loops look (SM-5)."""
    return -(-t_ms // SECOND_MS) * SECOND_MS


class Core:
    """Handed to every part of the kubelet."""

    def __init__(self, world: World, state: KubeletState, containerd: Containerd, linux: Linux, network: ProbeNetwork) -> None:
        self.world = world
        self.state = state
        self.containerd = containerd
        self.linux = linux
        self.network = network
        self._recorders: dict[str, Recorder] = {}

    @property
    def now(self) -> int:
        return self.world.now

    def timing(self, name: str) -> int:
        """A delay of the kubelet's, in ms."""
        return self.world.timings[f"kubelet.{name}"]

    def node(self, name: str) -> NodeState:
        """The node's own state."""
        found = self.state.nodes.get(name)
        if found is None:
            found = self.state.nodes[name] = NodeState()
        return found

    def config(self, name: str) -> Config:
        """The configuration that the node's kubelet read when it started."""
        return self.node(name).config or DEFAULT

    def has_machine(self, name: str) -> bool:
        """Whether there is a machine of that name: a Pod may be bound to one that never was."""
        return f"node/{name}" in self.linux.state.hosts

    def node_object(self, name: str) -> Obj | None:
        """The Node object."""
        return self.world.api.find("nodes", name)

    def host_ip(self, name: str) -> str:
        """The node's own address."""
        addresses = ((self.node_object(name) or {}).get("status") or {}).get("addresses") or []
        return next((str(each["address"]) for each in addresses if each["type"] == "InternalIP"), "")

    def pod(self, worker: Worker) -> Obj:
        """The Pod as the kubelet knows it: the API server's, or the last one it saw."""
        pod = worker.pod or self.world.api.find("pods", worker.name, worker.namespace)
        assert pod is not None
        return pod

    def allocated(self, worker: Worker) -> Obj:
        """The Pod with the resources that were admitted: those of a resize as soon as it is, the old ones while it waits (SM-10)."""
        pod = self.pod(worker)
        given = {
            key: [_with(each, worker.allocated.get(each["name"], {})) for each in pod["spec"].get(key) or ()]
            for key in ("containers", "initContainers")
        }
        return {**pod, "spec": {**pod["spec"], **given}}

    def stored(self, worker: Worker) -> Obj | None:
        """The Pod in the API server (a static one's mirror); None when it (or its uid) is gone."""
        pod = self.world.api.find("pods", worker.name, worker.namespace)
        if pod is None or worker.static:
            return pod if pod is not None and (pod["metadata"].get("annotations") or {}).get(MIRROR) == worker.static else None
        return pod if pod["metadata"]["uid"] == worker.uid else None

    def event(self, worker: Worker, event: Event, container: str = "") -> None:
        """Tell an Event about a Pod, or about one of its containers."""
        pod = self.pod(worker)
        path = field_path(pod["spec"], container) if container else ""
        self.tell(worker.node, {"apiVersion": "v1", "kind": "Pod", "metadata": pod["metadata"]}, event, path)

    def node_event(self, node: str, event: Event) -> None:
        """Tell an Event about the node itself."""
        self.tell(node, {"kind": "Node", "metadata": {"name": node, "uid": node}}, event, "")

    def tell(self, node: str, about: Obj, event: Event, path: str) -> None:
        """Record an Event now, or as soon as the API server can be reached."""
        if self.node(node).cut:
            self.node(node).unsent.append((about, event, path))
            return
        recorder = self._recorders.get(node)
        if recorder is None:
            recorder = self._recorders[node] = Recorder(self.world, "kubelet", node)
        recorder.event(about, *event, field_path=path)

    def forget_events(self, node: str) -> None:
        """The kubelet's process ends: what it told before is not counted on."""
        correlator = self.world.api.correlator("kubelet", node)
        for held in (correlator.observed, correlator.similar, correlator.tokens):
            held.clear()

    def because(self, worker: Worker, rule: str, **args: str | int) -> None:
        """Note why the next status write of this Pod comes."""
        worker.cause = (rule, args)

    def cause(self, worker: Worker, rule: str) -> Cause:
        """The noted cause, or `rule` alone."""
        noted, worker.cause = worker.cause or (rule, {}), None
        return Cause(noted[0], noted[1])

    def runtime(self, worker: Worker) -> Runtime:
        """What containerd shows now."""
        return Runtime(self.containerd.sandboxes(worker.uid), self.containerd.containers(worker.uid))

    def seen(self, worker: Worker) -> Runtime:
        """What the last look at the runtime showed."""
        runtime = self.runtime(worker)
        sandboxes = [
            each if each.ready == (worker.seen[each.id] == "ready") else replace(each, ready=not each.ready)
            for each in runtime.sandboxes
            if each.id in worker.seen
        ]
        containers = [_as_seen(each, worker.seen[each.id]) for each in runtime.containers if each.id in worker.seen]
        return Runtime(sandboxes, containers)


def _as_seen(container: Container, state: str) -> Container:
    if container.state == state:
        return container
    if state == "running":
        return replace(container, state="running", exit_code=0, reason="", finished_ms=0)
    return replace(container, state="created")


def _with(container: Spec, allocated: Obj) -> Spec:
    """The container with what was admitted of the resources that can be resized."""
    own = container.get("resources") or {}
    return {**container, "resources": {**own, "requests": {**(own.get("requests") or {}), **(allocated.get("requests") or {})}}}
