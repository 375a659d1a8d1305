"""The scheduler: a cycle with its full explanation, a thousand Pods on a hundred nodes, what explanations weigh."""

import zlib
from collections.abc import Iterator

import msgspec

from podlab.cli.bench.measure import Figure, cpu_s
from podlab.sim.apiserver.server import ApiServer
from podlab.sim.apiserver.store import StoreState
from podlab.sim.changes import Obj
from podlab.sim.scheduler import explain
from podlab.sim.scheduler.node_info import PodInfo
from podlab.sim.scheduler.scheduler import Scheduler
from podlab.sim.scheduler.state import SchedulerState
from podlab.sim.timings import load
from podlab.sim.world import World, WorldState

ZERO_MS = 1_777_000_000_000
ZONE = "topology.kubernetes.io/zone"
APART = {
    "podAntiAffinity": {
        "requiredDuringSchedulingIgnoredDuringExecution": [
            {"labelSelector": {"matchLabels": {"app": "db"}}, "topologyKey": "kubernetes.io/hostname"}
        ],
        "preferredDuringSchedulingIgnoredDuringExecution": [
            {"weight": 10, "podAffinityTerm": {"labelSelector": {"matchLabels": {"app": "web"}}, "topologyKey": ZONE}}
        ],
    }
}
SPREAD = [{"maxSkew": 1, "topologyKey": ZONE, "whenUnsatisfiable": "DoNotSchedule", "labelSelector": {"matchLabels": {"app": "web"}}}]
ROUNDS = 50


def figures() -> Iterator[Figure]:
    """Cycles, throughput, memory."""
    yield Figure("5 nodes, 20 Pods: a cycle with its explanation", 1e6 * _cycle(5, 20, {}), "µs CPU")
    demanding = {"affinity": APART, "topologySpreadConstraints": SPREAD}
    yield Figure("20 nodes, 60 Pods with affinities and spreading: a cycle", 1e3 * _cycle(20, 60, demanding), "ms CPU", 2)
    world, scheduler = _world(100)
    seconds = cpu_s(lambda: _crowd(world, 1000), runs=1)
    bound = sum(1 for each in world.api.list("pods") if each["spec"].get("nodeName"))
    yield Figure("1,000 Pods on 100 nodes, created to bound", bound / seconds, "Pods/CPU s")
    yield Figure("their kept explanations", len(_kept(scheduler)) / 1024, "KB", 1)
    yield Figure("the same, as a parked session holds them (zlib)", len(zlib.compress(_kept(scheduler))) / 1024, "KB", 1)
    world, scheduler = _world(20)
    _crowd(world, 60, demanding)
    _crowd(world, 60, {"affinity": APART, "nodeSelector": {"disk": "ssd"}}, "waits")
    yield Figure("of 60 placed and 60 waiting Pods on 20 nodes (zlib)", len(zlib.compress(_kept(scheduler))) / 1024, "KB", 1)


def _kept(scheduler: Scheduler) -> bytes:
    return msgspec.msgpack.encode(scheduler.state.kept)


def _cycle(nodes: int, pods: int, spec: Obj) -> float:
    """CPU seconds of one attempt and what is kept of it."""
    world, scheduler = _world(nodes)
    _crowd(world, pods, spec)
    pod = PodInfo(world.api.create("pods", _pod("one-more", {**spec, "schedulerName": "nobody"}), by="bench"))

    def cycles() -> None:
        for _ in range(ROUNDS):
            result = scheduler.framework.attempt(pod, {})
            explain.attempt(0, 1, "created", "", result.best[0] if result.best else "", result, None)

    return cpu_s(cycles) / ROUNDS


def _world(nodes: int) -> tuple[World, Scheduler]:
    world = World(WorldState(seed=1, zero_ms=ZERO_MS, unbounded=True), load())
    world.api = ApiServer(world, StoreState())
    world.api.create("namespaces", {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "default"}}, by="bench")
    account = {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "default", "namespace": "default"}}
    world.api.create("serviceaccounts", account, by="bench")
    scheduler = Scheduler(world, SchedulerState())
    for number in range(nodes):
        _node(world, number)
    return world, scheduler


def _node(world: World, number: int) -> None:
    labels = {"kubernetes.io/hostname": f"n{number}", ZONE: "abc"[number % 3]}
    node = {"apiVersion": "v1", "kind": "Node", "metadata": {"name": f"n{number}", "labels": labels}, "spec": {}}
    stored = world.api.create("nodes", node, by="bench")
    stored = world.api.update("nodes", {**stored, "spec": {}}, by="bench")
    room = {"cpu": "4", "memory": "8Gi", "pods": "110"}
    world.api.update("nodes", {**stored, "status": {"capacity": room, "allocatable": room}}, by="bench", subresource="status")


def _crowd(world: World, count: int, spec: Obj | None = None, name: str = "p") -> None:
    for number in range(count):
        world.api.create("pods", _pod(f"{name}{number}", spec or {}), by="bench")
    world.kernel.run_until(world.now + count * 100)


def _pod(name: str, spec: Obj) -> Obj:
    container = {"name": "app", "image": "nginx", "resources": {"requests": {"cpu": "100m", "memory": "64Mi"}}}
    meta = {"name": name, "namespace": "default", "labels": {"app": "web" if "affinity" in spec else "db"}}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": meta, "spec": {"containers": [container], **spec}}
