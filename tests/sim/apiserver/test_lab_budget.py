"""A learner's endless loop fills no machine: the cluster says how much it holds, and goes on."""

import pytest

from podlab.sim.apiserver.admission.lab_budget import MOST
from podlab.sim.cluster import Cluster


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """A budget that is soon used up."""
    monkeypatch.setitem(MOST, "pods", 30)


def test_a_loop_that_makes_pods_is_refused_at_the_budget_and_deleting_makes_room() -> None:
    """In the API server's form; controllers are told as they are of quotas."""
    cluster = Cluster.start(Cluster.boot("solo"), 1, 1_767_571_200_000)
    cluster.finish(cluster.script("kubectl create deployment web --image=nginx --replicas=100"))
    cluster.advance(cluster.now + 60_000)
    held = len(cluster.api.list("pods"))
    assert MOST["pods"] == held
    reasons = {each["reason"]: each["message"] for each in cluster.api.list("events", "default")}
    assert f"is forbidden: a cluster of this lab holds at most {held} pods: delete some first" in reasons["FailedCreate"]
    refused = cluster.finish(cluster.script("kubectl run one --image=nginx"))
    assert 'Error from server (Forbidden): pods "one" is forbidden: a cluster of this lab holds at most' in refused.err
    cluster.finish(cluster.script("kubectl scale deployment web --replicas=1"))
    cluster.advance(cluster.now + 60_000)
    assert "pod/one created\n" == cluster.finish(cluster.script("kubectl run one --image=nginx")).out


def test_a_bench_may_lift_the_budget() -> None:
    """A thousand Pods are no learner's, but a measurement's."""
    cluster = Cluster.start(Cluster.boot("solo"), 1, 1_767_571_200_000)
    cluster.state.world.unbounded = True
    cluster.finish(cluster.script("kubectl create deployment web --image=nginx --replicas=60"))
    cluster.advance(cluster.now + 30_000)
    assert 60 == len(cluster.api.list("pods", "default"))
