"""A cluster that runs for its whole life of 24 hours: nothing piles up in it."""

import json
from typing import Any

import msgspec

from podlab.sim.cluster import Cluster
from podlab.sim.linux.logs import KEPT_BYTES

HOUR_MS = 3_600_000
HOURS = 24
PROBE = {"periodSeconds": 10, "httpGet": {"path": "/", "port": 80}}
FAILING = {"periodSeconds": 10, "httpGet": {"path": "/nope", "port": 80}}
WEB = {"name": "web", "image": "nginx:1.27", "readinessProbe": PROBE, "livenessProbe": PROBE}
TALK = "while true; do date; sleep 1; done"


def _pod(name: str, **container: Any) -> dict[str, Any]:
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name}, "spec": {"containers": [{"name": "c", **container}]}}


def _busy() -> Cluster:
    """A Deployment of probed Pods, a crash loop, a Pod that its liveness probe kills, a loop that writes a log line a second."""
    template = {"metadata": {"labels": {"app": "web"}}, "spec": {"containers": [WEB]}}
    spec = {"replicas": 3, "selector": {"matchLabels": {"app": "web"}}, "template": template}
    items = [
        {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web"}, "spec": spec},
        _pod("crash", image="busybox", command=["sh", "-c", "sleep 3; exit 1"]),
        _pod("sick", image="nginx:1.27", livenessProbe=FAILING),
        _pod("talk", image="busybox", command=["sh", "-c", TALK]),
    ]
    cluster = Cluster.start(Cluster.boot("trio"), 1, 1_777_000_000_000)
    cluster.write_file("all.json", json.dumps({"apiVersion": "v1", "kind": "List", "items": items}))
    cluster.finish(cluster.script("kubectl apply -f all.json"))
    return cluster


def test_nothing_grows_in_a_day() -> None:
    """After the first hour timers, and bytes beside the logs, are what they were; a log keeps its last 256 KB at most."""
    cluster = _busy()
    sizes, timers = [], []
    for hour in range(1, HOURS + 1):
        cluster.advance(hour * HOUR_MS)
        cluster.take_changes()
        state = msgspec.to_builtins(cluster.state)
        logs = state["linux"].pop("logs")
        assert sum(each["size"] for each in logs.values()) < 2 * KEPT_BYTES
        sizes.append(len(msgspec.json.encode(state)))
        timers.append(len(cluster.world.kernel.state.due))
    assert max(sizes[1:]) < 1.03 * sizes[0]
    assert max(timers[1:]) <= timers[0]
    assert {"crash", "sick", "talk"} < {each["metadata"]["name"] for each in cluster.api.list("pods", "default")}
