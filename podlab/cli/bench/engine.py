"""The engine: what a virtual minute of twenty probed Pods costs, resting, looking, and with traffic; its bytes."""

import json
import zlib
from collections.abc import Iterator

from msgspec.json import encode as json_bytes

from podlab.cli.bench.measure import Figure, best_s, cpu_s
from podlab.sim.changes import Cause, ObjectChange
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
    yield from _bytes(data)
    yield Figure("size", len(data) / 1024, "KB")
    yield Figure("size, zlib", len(zlib.compress(data)) / 1024, "KB")
    yield from _churn()


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


def _bytes(data: bytes) -> Iterator[Figure]:
    """Saving and loading: of a cluster that rests, and saving one whose objects have all changed."""

    def changed() -> None:
        cluster.api.store.change_all(lambda obj: {**obj})

    cluster = Cluster.load(data)
    dump, load = best_s(Cluster.load(data).dump), best_s(lambda: Cluster.load(data))
    yield Figure("dump", 1000 * dump, "ms CPU, best", 2)
    yield Figure("load", 1000 * load, "ms CPU, best", 2)
    yield Figure("dump and load", 1000 * (dump + load), "ms CPU, best", 2)
    yield Figure("dump, when every object has changed", 1000 * best_s(cluster.dump, before=changed), "ms CPU, best", 2)


def _churn() -> Iterator[Figure]:
    """Pods made and deleted as fast as commands come: changes of objects with their causes, and what the causes cost of that."""
    data = Cluster.start(Cluster.boot("quad"), 1, ZERO_MS).dump()

    def run() -> list[Cause]:
        cluster = Cluster.load(data)
        for number in range(30):
            cluster.script(f"kubectl run p{number} --image=nginx:1.27 && sleep 5 && kubectl delete pod p{number}")
        cluster.advance(cluster.now + MINUTE_MS)
        objects = [change for change in cluster.take_changes() if isinstance(change, ObjectChange)]
        return [change.cause or Cause("none") for change in objects]

    causes = run()
    seconds = cpu_s(run, 3)
    yield Figure("object changes per CPU second, with causes", len(causes) / seconds, "changes", 0)
    yield Figure("of that for causes: made, tied to a change, encoded", 100 * cpu_s(lambda: _made(causes)) / seconds, "% of the CPU")


def _made(causes: list[Cause]) -> bytes:
    """All causes once more, as the engine makes them and the wire writes them."""
    first = [Cause(each.rule, dict(each.args)) for each in causes]
    return json_bytes([Cause(made.rule, made.args, each.by) for made, each in zip(first, causes, strict=True)])
