"""Fuzz: Pods made of the field schema; what the API server accepts must neither break the cluster nor leave anything behind."""

from __future__ import annotations

import os
import traceback
from collections.abc import Iterator
from dataclasses import dataclass, field

from podlab.cli.bench.measure import Figure
from podlab.cli.bench.pods import make
from podlab.sim.changes import Obj
from podlab.sim.cluster import Cluster
from podlab.sim.errors import StatusError

ZERO_MS = 1_777_000_000_000
TOGETHER = 10
LIFE_MS = 150_000
LOOKING = "kubectl get pods -o wide; kubectl get pods -o yaml; kubectl describe pods; kubectl logs -l a=b --all-containers"
CONFIG = {
    "apiVersion": "v1",
    "kind": "ConfigMap",
    "metadata": {"name": "cm", "namespace": "default"},
    "data": {"k": "v", "A": "1", "l": "x\ny"},
}
SECRET = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s", "namespace": "default"}, "data": {"k": "dg=="}}


@dataclass
class Outcome:
    """What became of the Pods; `bugs` name the seeds and what was raised or left."""

    accepted: int = 0
    refused: int = 0
    bugs: list[str] = field(default_factory=list)

    def add(self, other: Outcome) -> None:
        """Count the other's, too."""
        self.accepted += other.accepted
        self.refused += other.refused
        self.bugs += other.bugs


def figures() -> Iterator[Figure]:
    """A thousand Pods; ten thousand with PODLAB_BENCH_FULL."""
    number = 10_000 if os.environ.get("PODLAB_BENCH_FULL") else 1_000
    outcome = run(range(number))
    yield Figure("Pods accepted", outcome.accepted, "Pods", 0)
    yield Figure("Pods refused", outcome.refused, "Pods", 0)
    yield Figure("bugs", len(outcome.bugs), "bugs", 0)
    for bug in outcome.bugs:
        print(bug)


def run(seeds: range) -> Outcome:
    """Let the Pods of these seeds live and die, some together in a cluster."""
    boot, total = prepared(), Outcome()
    for first in range(seeds.start, seeds.stop, TOGETHER):
        total.add(together(boot, range(first, min(first + TOGETHER, seeds.stop))))
    return total


def prepared() -> bytes:
    """A cluster with what the Pods refer to."""
    cluster = Cluster.start(Cluster.boot("trio"), 1, ZERO_MS)
    cluster.api.create("configmaps", CONFIG, by="learner")
    cluster.api.create("secrets", SECRET, by="learner")
    cluster.advance(cluster.now + 5_000)
    return cluster.dump()


def together(boot: bytes, seeds: range) -> Outcome:
    """One cluster's Pods. Whatever is raised but StatusError is a bug, as is what outlives them."""
    outcome, cluster = Outcome(), Cluster.load(boot)
    before = remains(cluster)
    try:
        names = [name for seed in seeds if (name := _created(cluster, make(seed), outcome))]
        cluster.advance(cluster.now + LIFE_MS // 2)
        cluster = Cluster.load(cluster.dump())
        cluster.finish(cluster.script(LOOKING))
        cluster.advance(cluster.now + LIFE_MS // 2)
        _deleted(cluster, names)
    except Exception:
        outcome.bugs.append(f"seeds {seeds.start} to {seeds.stop - 1}: {traceback.format_exc()}")
        return outcome
    if left := remains(cluster) - before:
        outcome.bugs.append(f"seeds {seeds.start} to {seeds.stop - 1} leave {sorted(left)}")
    return outcome


def _created(cluster: Cluster, pod: Obj, outcome: Outcome) -> str:
    try:
        made = cluster.api.create("pods", pod, by="learner")
    except StatusError:
        outcome.refused += 1
        return ""
    outcome.accepted += 1
    return str(made["metadata"]["name"])


def _deleted(cluster: Cluster, names: list[str]) -> None:
    """Delete them, every second one with a short grace; in the end without any."""
    for number, name in enumerate(names):
        if cluster.api.find("pods", name, "default"):
            cluster.api.delete("pods", name, "default", by="learner", grace=3 if number % 2 else None)
    cluster.advance(cluster.now + 60_000)
    for name in names:
        if cluster.api.find("pods", name, "default"):
            cluster.api.delete("pods", name, "default", by="learner", grace=0)
    cluster.advance(cluster.now + 60_000)


def remains(cluster: Cluster) -> set[str]:
    """What a cluster holds because of Pods."""
    state = cluster.state
    rooms: dict[str, list[str]] = {
        "pod": [each["metadata"]["name"] for each in cluster.api.list("pods")],
        "worker": [f"{each.namespace}/{each.name}" for each in state.kubelet.workers.values()],
        "container": list(state.containerd.containers),
        "sandbox": list(state.containerd.sandboxes),
        "host": list(state.linux.hosts),
        "process": [f"{pid} {each.argv}" for pid, each in state.linux.processes.items()],
        "pipe": list(state.linux.pipes),
        "file": list(state.linux.opened),
        "volume": list(state.linux.volumes),
        "address": list(state.network.addresses),
    }
    return {f"{room} {name}" for room, names in rooms.items() for name in names}
