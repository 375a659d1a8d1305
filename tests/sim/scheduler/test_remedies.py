"""The line that would make room for a Pod, or let it in."""

from __future__ import annotations

from typing import Any

from podlab.sim.changes import Obj
from podlab.sim.scheduler import remedies
from podlab.sim.scheduler.node_info import NodeInfo, PodInfo


def pod(name: str, cpu: str, namespace: str = "default", priority: int = 0, **meta: Any) -> PodInfo:
    spec: Obj = {"priority": priority, "containers": [{"name": "app", "image": "nginx", "resources": {"requests": {"cpu": cpu}}}]}
    return PodInfo({"metadata": {"name": name, "namespace": namespace, "uid": name, **meta}, "spec": spec})


def node(*pods: PodInfo, pods_allowed: str = "110") -> NodeInfo:
    made = NodeInfo({"metadata": {"name": "n"}, "spec": {}, "status": {"allocatable": {"cpu": "2", "pods": pods_allowed}}})
    for each in pods:
        made.add(each)
    return made


def test_the_least_important_pod_whose_going_is_enough_is_named() -> None:
    """Not one of the system's, not one too small; of equals the smallest."""
    held = [pod("proxy", "500m", "kube-system"), pod("small", "100m"), pod("big", "700m", "shop"), pod("fair", "600m", "shop", priority=5)]
    found = remedies.of("NodeResourcesFit", "Insufficient cpu", pod("new", "500m"), node(*held))
    assert ("resource", "kubectl delete pod big -n shop") == (found.code, found.command)
    assert {"resource": "cpu", "unit": "m", "asked": 500, "held": 1900, "all": 2000, "free": 100} == found.args


def test_where_no_single_pod_is_enough_none_is_named() -> None:
    """Two would have to go: no line for that."""
    found = remedies.of("NodeResourcesFit", "Insufficient cpu", pod("new", "1900m"), node(pod("a", "500m"), pod("b", "500m")))
    assert ("resource", "") == (found.code, found.command)


def test_a_deployment_whose_pods_never_fit_is_told_to_ask_for_less() -> None:
    """A bare Pod's requests stay as they are: no line for it."""
    made: Obj = {"labels": {"pod-template-hash": "abc"}, "ownerReferences": [{"kind": "ReplicaSet", "name": "web-abc"}]}
    found = remedies.of("NodeResourcesFit", "Insufficient cpu", pod("web-abc-1", "8", **made), node(pod("a", "500m")))
    assert ("never", "kubectl set resources deployment web --requests=cpu=750m") == (found.code, found.command)
    assert "" == remedies.of("NodeResourcesFit", "Insufficient cpu", pod("bare", "8"), node()).command


def test_a_full_node_needs_one_pod_less() -> None:
    """Whatever its size."""
    found = remedies.of("NodeResourcesFit", "Too many pods", pod("new", "0"), node(pod("a", "1"), pods_allowed="1"))
    assert ("pods", "kubectl delete pod a", {"held": 1, "all": 1}) == (found.code, found.command, found.args)


def test_a_taint_of_the_nodes_state_is_not_for_the_learner_to_take_away() -> None:
    """It comes back by itself: the state is what must change."""
    tainted = NodeInfo({"metadata": {"name": "n"}, "spec": {"taints": [{"key": "node.kubernetes.io/not-ready", "effect": "NoSchedule"}]}})
    found = remedies.of("TaintToleration", "node(s) had untolerated taint(s)", pod("new", "1"), tainted)
    assert ("state", "") == (found.code, found.command)
