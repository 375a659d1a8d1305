"""A short life in a cluster, for tests that run it in several ways."""

from __future__ import annotations

import functools
from collections.abc import Callable

import msgspec

from podlab.sim.changes import Change
from podlab.sim.cluster import Cluster
from podlab.sim.commands import OpenTerminal, Signal, TypeLine

ZERO_MS = 1_767_571_200_000
STORY = (
    (0, OpenTerminal("t1")),
    (500, TypeLine("t1", "kubectl apply -f my-nginx-pod.yaml")),
    (1_500, TypeLine("t1", "kubectl get pods -w")),
    (9_000, Signal("t1")),
    (9_500, TypeLine("t1", "for i in 1 2 3; do echo $i; sleep 1; done | cat > out; cat out")),
    (14_000, TypeLine("t1", "kubectl delete pod my-nginx-pod && kubectl get events")),
)
END_MS = 60_000


@functools.cache
def booted(preset: str = "trio") -> bytes:
    """The booted preset, once a process."""
    return Cluster.boot(preset)


def started(seed: int = 1) -> Cluster:
    """A learner's cluster at zero."""
    return Cluster.start(booted(), seed, ZERO_MS)


def play(cluster: Cluster, between: Callable[[Cluster], Cluster] = lambda same: same) -> tuple[Cluster, list[Change]]:
    """Run the story; `between` is called after each engine step. Returns the cluster and all changes."""
    told: list[Change] = []
    for t_ms, command in (*STORY, (END_MS, None)):
        while (upcoming := cluster.peek()) is not None and upcoming <= t_ms:
            cluster.world.kernel.step()
            told += cluster.take_changes()
            cluster = between(cluster)
        cluster.advance(t_ms)
        if command is not None:
            cluster.apply(command)
    return cluster, told + cluster.take_changes()


def as_bytes(changes: list[Change]) -> bytes:
    """Changes as comparable bytes."""
    return msgspec.json.encode(changes, order="deterministic")


if __name__ == "__main__":
    last, changes = play(started())
    import hashlib

    print(hashlib.sha256(as_bytes(changes) + last.dump()).hexdigest())
