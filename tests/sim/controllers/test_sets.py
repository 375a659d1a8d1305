"""DaemonSets, StatefulSets, budgets, quotas and namespaces in a world without kubelets."""

from __future__ import annotations

import pytest

from podlab.sim.changes import Obj
from podlab.sim.controllers.base import ControllersState
from podlab.sim.controllers.registry import ControllerManager
from podlab.sim.errors import StatusError
from podlab.sim.world import World
from tests.sim import rig

LABELS = {"app": "web"}


def made() -> World:
    world = rig.world()
    ControllerManager(world, ControllersState())
    for name in ("node-1", "node-2"):
        rig.node(world, name)
    return world


def workload(world: World, kind: str, **spec: object) -> Obj:
    template = {"metadata": {"labels": LABELS}, "spec": {"containers": [{"name": "c", "image": "nginx"}]}}
    body = {"apiVersion": "apps/v1", "kind": kind, "metadata": {"name": "web", "namespace": "default"}}
    return world.api.create(
        f"{kind.lower()}s", {**body, "spec": {"selector": {"matchLabels": LABELS}, "template": template, **spec}}, by="learner"
    )


def names(world: World) -> list[str]:
    return [each["metadata"]["name"] for each in world.api.list("pods", "default")]


def bind(world: World, name: str, node: str = "node-1") -> None:
    held = world.api.get("pods", name, "default")
    if not held["spec"].get("nodeName"):
        world.api.bind("default", name, node)
    rig.ready(world, name, "10.244.1.7")


def test_a_daemon_set_has_a_pod_pinned_to_every_node_that_it_tolerates() -> None:
    """A taint without toleration keeps it away; a new node gets one."""
    world = made()
    rig.node(world, "cp", taints=[{"key": "node-role.kubernetes.io/control-plane", "effect": "NoSchedule"}])
    workload(world, "DaemonSet")
    rig.run(world, 200)
    assert len(names(world)) == 2
    rig.node(world, "node-3")
    rig.run(world, 200)
    fields = [
        each["spec"]["affinity"]["nodeAffinity"]["requiredDuringSchedulingIgnoredDuringExecution"]["nodeSelectorTerms"][0]["matchFields"]
        for each in world.api.list("pods", "default")
    ]
    assert sorted(each[0]["values"][0] for each in fields) == ["node-1", "node-2", "node-3"]


def test_a_stateful_set_goes_one_by_one() -> None:
    """The next ordinal only when the one before is ready; down from the top."""
    world = made()
    workload(world, "StatefulSet", replicas=2)
    rig.run(world, 200)
    assert names(world) == ["web-0"]
    bind(world, "web-0")
    rig.run(world, 200)
    assert names(world) == ["web-0", "web-1"]
    bind(world, "web-1")
    held = world.api.get("statefulsets", "web", "default")
    world.api.update("statefulsets", {**held, "spec": {**held["spec"], "replicas": 0}}, by="learner")
    rig.run(world, 200)
    assert ["deletionTimestamp" in each["metadata"] for each in world.api.list("pods", "default")] == [False, True]


def test_a_stateful_sets_pod_comes_back_under_the_same_name() -> None:
    """Another object, the same name."""
    world = made()
    workload(world, "StatefulSet", replicas=1)
    rig.run(world, 200)
    before = world.api.get("pods", "web-0", "default")["metadata"]["uid"]
    world.api.delete("pods", "web-0", "default", by="learner", grace=0)
    rig.run(world, 200)
    assert world.api.get("pods", "web-0", "default")["metadata"]["uid"] != before


def test_no_twin_is_made_while_a_stateful_sets_pod_is_ending() -> None:
    """Rule X21: at most one, however long it takes (its node may be lost)."""
    world = made()
    workload(world, "StatefulSet", replicas=1)
    rig.run(world, 200)
    bind(world, "web-0")
    before = world.api.get("pods", "web-0", "default")["metadata"]["uid"]
    world.api.delete("pods", "web-0", "default", by="learner")
    rig.run(world, 600_000)
    assert [before] == [each["metadata"]["uid"] for each in world.api.list("pods", "default")]
    world.api.delete("pods", "web-0", "default", by="learner", grace=0)
    rig.run(world, 200)
    assert [False] == [each["metadata"]["uid"] == before for each in world.api.list("pods", "default")]


def test_a_budget_allows_what_is_healthy_beyond_what_is_wanted() -> None:
    """Two of two wanted one: one may go; the second eviction is refused."""
    world = made()
    spec = {"minAvailable": 1, "selector": {"matchLabels": LABELS}}
    world.api.create(
        "poddisruptionbudgets",
        {"apiVersion": "policy/v1", "kind": "PodDisruptionBudget", "metadata": {"name": "guard", "namespace": "default"}, "spec": spec},
        by="learner",
    )
    for name in ("a", "b"):
        rig.pod(world, name, labels=LABELS, nodeName="node-1")
        rig.ready(world, name, "10.244.1.7")
    rig.run(world, 200)
    assert world.api.get("poddisruptionbudgets", "guard", "default")["status"]["disruptionsAllowed"] == 1
    world.api.evict("default", "a", by="learner")
    with pytest.raises(StatusError, match="violate the pod's disruption budget"):
        world.api.evict("default", "b", by="learner")


def test_a_quota_refuses_what_does_not_fit_until_something_has_gone() -> None:
    """In the words of the real one."""
    world = made()
    world.api.create(
        "resourcequotas",
        {
            "apiVersion": "v1",
            "kind": "ResourceQuota",
            "metadata": {"name": "small", "namespace": "default"},
            "spec": {"hard": {"pods": "1"}},
        },
        by="learner",
    )
    rig.run(world, 200)
    rig.pod(world, "a")
    with pytest.raises(
        StatusError, match=r'pods "b" is forbidden: exceeded quota: small, requested: pods=1, used: pods=1, limited: pods=1'
    ):
        rig.pod(world, "b")
    world.api.delete("pods", "a", "default", by="learner", grace=0)
    rig.run(world, 200)
    rig.pod(world, "b")
    assert names(world) == ["b"]


def test_a_namespace_has_its_account_and_is_emptied_five_seconds_after_its_deletion() -> None:
    """Contents, then the namespace itself."""
    world = made()
    world.api.create("namespaces", {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "team"}}, by="learner")
    rig.run(world, 100)
    assert [each["metadata"]["name"] for each in world.api.list("serviceaccounts", "team")] == ["default"]
    assert [each["metadata"]["name"] for each in world.api.list("configmaps", "team")] == ["kube-root-ca.crt"]
    world.api.delete("namespaces", "team", by="learner")
    rig.run(world, 4_000)
    assert world.api.list("configmaps", "team") != []
    rig.run(world, 2_000)
    assert world.api.find("namespaces", "team") is None
    assert world.api.list("configmaps", "team") == []
