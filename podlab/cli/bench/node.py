"""Nodes: what a virtual minute of 150 probed Pods on twenty nodes costs when nothing changes."""

import json
from collections.abc import Iterator

from msgspec import structs

from podlab.cli.bench.measure import Figure, cpu_s
from podlab.sim.cluster import Cluster
from podlab.sim.commands import Fault
from podlab.sim.presets import load

ZERO_MS = 1_777_000_000_000
MINUTE_MS = 60_000
PODS = 150
MINUTES = 20
PROBE = {"periodSeconds": 10, "httpGet": {"path": "/", "port": 80}}


def figures() -> Iterator[Figure]:
    """The minute itself, without the loading of its cluster; then what it stands on."""
    cluster = _quiet()
    data, nodes = cluster.dump(), len(cluster.api.list("nodes"))
    ready = sum(_is_ready(pod["status"]) for pod in cluster.api.list("pods", "default"))
    loading = cpu_s(lambda: Cluster.load(data))
    yield Figure("a quiescent virtual minute, of twenty (limit 60)", _each(data, loading), "ms CPU", 3)
    yield Figure("changes told when a node then loses its power, in 2 minutes", _lost(data), "changes", 0)
    yield Figure("nodes, the control plane's too", nodes, "nodes", 0)
    yield Figure("Pods that are Ready", ready, "Pods", 0)


def _each(data: bytes, loading: float) -> float:
    """What each of the minutes costs, in ms, without the loading (in seconds) of the cluster."""
    return 1000 * (cpu_s(lambda: _minutes(data)) - loading) / MINUTES


def _minutes(data: bytes) -> Cluster:
    """Minute after minute, its changes taken as a session takes them."""
    cluster = Cluster.load(data)
    for _ in range(MINUTES):
        cluster.advance(cluster.now + MINUTE_MS)
        cluster.take_changes()
    return cluster


def _lost(data: bytes) -> int:
    """A cluster that was silent is not dead: a machine that goes off is noticed."""
    cluster = _minutes(data)
    cluster.apply(Fault("poweroff", "node-3"))
    cluster.advance(cluster.now + 2 * MINUTE_MS)
    return len(cluster.take_changes())


def _is_ready(status: dict[str, list[dict[str, str]]]) -> bool:
    return any(each["type"] == "Ready" and each["status"] == "True" for each in status.get("conditions", ()))


def _quiet() -> Cluster:
    """Twenty workers with the Pods of one Deployment, five virtual minutes after they were asked for."""
    booted = Cluster.bare("trio")
    booted.boot_preset(structs.replace(load("trio"), workers=[f"node-{number}" for number in range(1, 21)]))
    booted.advance(0)
    cluster = Cluster.start(booted.dump(), 1, ZERO_MS)
    container = {"name": "web", "image": "nginx:1.27", "readinessProbe": PROBE, "livenessProbe": PROBE}
    template = {"metadata": {"labels": {"app": "web"}}, "spec": {"containers": [container]}}
    spec = {"replicas": PODS, "selector": {"matchLabels": {"app": "web"}}, "template": template}
    wanted = {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web"}, "spec": spec}
    cluster.write_file("web.json", json.dumps(wanted))
    cluster.finish(cluster.script("kubectl apply -f web.json"))
    cluster.advance(cluster.now + 5 * MINUTE_MS)
    cluster.take_changes()
    return cluster
