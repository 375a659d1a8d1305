"""What the API server accepts never makes the kubelet raise, whatever happens to the nodes; and it all comes to an end."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from podlab.sim.changes import ObjectChange
from podlab.sim.cluster import Cluster
from podlab.sim.commands import Fault
from podlab.sim.errors import StatusError
from tests.sim.kubelet.random_pods import pod

BOOT = Cluster.boot("standard")
FAULTS = [("stop-kubelet", "start-kubelet"), ("isolate", "heal"), ("poweroff", "poweron")]


def changes(cluster: Cluster) -> list[ObjectChange]:
    return [
        each
        for each in cluster.take_changes()
        if isinstance(each, ObjectChange) and each.resource == "pods" and each.namespace == "default"
    ]


def check(told: list[ObjectChange]) -> None:
    """No last phase is left, restarts never shrink, Ready means that all are."""
    last: dict[str, dict[str, Any]] = {}
    for each in told:
        status, before = each.new["status"], last.get(each.uid, {})
        if before.get("phase") in ("Succeeded", "Failed"):
            assert status["phase"] == before["phase"]
        counts = {one["name"]: one["restartCount"] for one in before.get("containerStatuses") or ()}
        assert all(one["restartCount"] >= counts.get(one["name"], 0) for one in status.get("containerStatuses") or ())
        ready = next((one["status"] for one in status.get("conditions") or () if one["type"] == "Ready"), "False")
        assert ready == "False" or all(one["ready"] for one in status["containerStatuses"])
        last[each.uid] = status


@pytest.mark.parametrize("seed", range(38))
def test_random_pods_on_troubled_nodes_neither_break_the_kubelet_nor_outlive_their_deletion(seed: int) -> None:
    """Eight Pods, a fault and its healing, deletions; in the end nothing is left and the kubelets are silent."""
    random, cluster = Random(seed), Cluster.start(BOOT, seed, 1_767_571_200_000)
    names = [f"p{n}" for n in range(8)]
    for name in names:
        try:
            cluster.api.create("pods", pod(random, name), by="learner")
        except StatusError:
            continue
    cluster.advance(40_000)
    fault, healing = random.choice(FAULTS)
    cluster.apply(Fault(fault, "node-1"))
    cluster.advance(random.choice((60_000, 130_000)))
    cluster = Cluster.load(cluster.dump())
    cluster.apply(Fault(healing, "node-1"))
    cluster.advance(200_000)
    check(changes(cluster))
    for name in names:
        if cluster.api.find("pods", name, "default") is not None:
            cluster.api.delete("pods", name, "default", by="learner", grace=random.choice((None, 0, 3)))
    cluster.advance(320_000)
    assert [] == [each["metadata"]["name"] for each in cluster.api.list("pods", "default")]
    assert {"kube-system"} == {each.namespace for each in cluster.state.kubelet.workers.values()}
    assert 2 == len(cluster.state.containerd.containers)
    assert [] == [
        each
        for each in cluster.state.world.kernel.due
        if each.startswith("kubelet") and not each.startswith(("kubelet.eviction", "kubelet.node-status"))
    ]
