"""The engine: what a virtual minute of twenty probed Pods costs, resting, looking, and with traffic; its bytes."""

import json
import zlib
from collections.abc import Iterator

from podlab.cli.bench.measure import Figure, cpu_s
from podlab.sim.changes import ObjectChange
from podlab.sim.cluster import Cluster

ZERO_MS = 1_777_000_000_000
MINUTE_MS = 60_000
PROBE = {"periodSeconds": 10, "httpGet": {"path": "/", "port": 80}}
SERVICE = {
    "apiVersion": "v1",
    "kind": "Service",
    "metadata": {"name": "web"},
    "spec": {"selector": {"app": "web"}, "ports": [{"port": 80}]},
}


def figures() -> Iterator[Figure]:
    """Three minutes of the same cluster, then what it weighs."""
    data = _busy(20).dump()
    yield _minute("20 Pods, 2 probes each: a virtual minute", data)
    yield _minute("the same, every probe run", _busy(20, eager=True).dump(), eager=True)
    yield _minute("the same, resting, with a request a second", _with_traffic(data))
    yield Figure("dump", 1000 * cpu_s(Cluster.load(data).dump), "ms CPU", 2)
    yield Figure("load", 1000 * cpu_s(lambda: Cluster.load(data)), "ms CPU", 2)
    yield Figure("size", len(data) / 1024, "KB")
    yield Figure("size, zlib", len(zlib.compress(data)) / 1024, "KB")
    yield _churn()


def _pod(number: int) -> dict[str, object]:
    container = {"name": "web", "image": "nginx:1.27", "readinessProbe": PROBE, "livenessProbe": PROBE}
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": f"web-{number}", "labels": {"app": "web"}},
        "spec": {"containers": [container]},
    }


def _busy(pods: int, *, eager: bool = False) -> Cluster:
    """`quad` with that many Pods behind a Service, all Ready for two minutes."""
    cluster = Cluster.start(Cluster.boot("quad"), 1, ZERO_MS)
    cluster.kubelet.prober.eager = eager
    objects = [SERVICE, *(_pod(number) for number in range(pods))]
    cluster.write_file("all.json", json.dumps({"apiVersion": "v1", "kind": "List", "items": objects}))
    cluster.finish(cluster.script("kubectl apply -f all.json"))
    cluster.advance(2 * MINUTE_MS)
    cluster.take_changes()
    return cluster


def _with_traffic(data: bytes) -> bytes:
    cluster = Cluster.load(data)
    address = cluster.api.get("services", "web", "default")["spec"]["clusterIP"]
    cluster.script(f"while true; do curl -s {address} >/dev/null; sleep 1; done", host="node/node-1")
    cluster.advance(cluster.now + 5000)
    return cluster.dump()


def _minute(name: str, data: bytes, *, eager: bool = False) -> Figure:
    """A minute of that cluster, without its loading."""

    def run() -> None:
        cluster = Cluster.load(data)
        cluster.kubelet.prober.eager = eager
        cluster.advance(cluster.now + MINUTE_MS)

    return Figure(name, 1000 * (cpu_s(run) - cpu_s(lambda: Cluster.load(data))), "ms CPU", 2)


def _churn() -> Figure:
    """Pods made and deleted as fast as commands come: changes of objects with their causes."""
    data = Cluster.start(Cluster.boot("quad"), 1, ZERO_MS).dump()

    def run() -> int:
        cluster = Cluster.load(data)
        for number in range(30):
            cluster.script(f"kubectl run p{number} --image=nginx:1.27 && sleep 5 && kubectl delete pod p{number}")
        cluster.advance(cluster.now + MINUTE_MS)
        return sum(isinstance(change, ObjectChange) for change in cluster.take_changes())

    changes = run()
    return Figure("object changes per CPU second, with causes", changes / cpu_s(run, 3), "changes", 0)
