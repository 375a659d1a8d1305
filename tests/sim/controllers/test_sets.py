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


def test_a_replication_controller_keeps_as_many_pods_as_it_is_told() -> None:
    """Its selector is plain labels; its Pods say who controls them."""
    world = made()
    template = {"metadata": {"labels": LABELS}, "spec": {"containers": [{"name": "c", "image": "nginx"}]}}
    body: Obj = {"metadata": {"name": "old", "namespace": "default"}, "spec": {"replicas": 2, "template": template}}
    world.api.create("replicationcontrollers", body, by="learner")
    rig.run(world, 200)
    owners = [each["metadata"]["ownerReferences"][0] for each in world.api.list("pods", "default")]
    assert [("v1", "ReplicationController", "old")] * 2 == [(each["apiVersion"], each["kind"], each["name"]) for each in owners]
    assert world.api.get("replicationcontrollers", "old", "default")["status"] == {
        "replicas": 2,
        "fullyLabeledReplicas": 2,
        "observedGeneration": 1,
    }


def claims(world: World, **policy: str) -> None:
    template = {"metadata": {"name": "data"}, "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}}
    workload(
        world,
        "StatefulSet",
        replicas=2,
        podManagementPolicy="Parallel",
        volumeClaimTemplates=[template],
        persistentVolumeClaimRetentionPolicy=policy,
    )
    rig.run(world, 300)
    for name in names(world):
        bind(world, name)


def owners_of(world: World) -> dict[str, list[str]]:
    """Claim → kinds of its owners."""
    listed = world.api.list("persistentvolumeclaims", "default")
    return {each["metadata"]["name"]: [one["kind"] for one in each["metadata"].get("ownerReferences") or ()] for each in listed}


def shrink(world: World, replicas: int, **policy: str) -> None:
    held = world.api.get("statefulsets", "web", "default")
    spec = {**held["spec"], "replicas": replicas} | ({"persistentVolumeClaimRetentionPolicy": policy} if policy else {})
    world.api.update("statefulsets", {**held, "spec": spec}, by="learner")
    rig.run(world, 200)


@pytest.mark.parametrize(
    ("policy", "kept", "shrunk"),
    [
        ({"whenScaled": "Retain", "whenDeleted": "Retain"}, [], []),
        ({"whenScaled": "Retain", "whenDeleted": "Delete"}, ["StatefulSet"], ["StatefulSet"]),
        ({"whenScaled": "Delete", "whenDeleted": "Retain"}, [], ["Pod"]),
        ({"whenScaled": "Delete", "whenDeleted": "Delete"}, ["StatefulSet"], ["Pod"]),
    ],
)
def test_claims_belong_to_whom_the_policy_says(policy: dict[str, str], kept: list[str], shrunk: list[str]) -> None:
    """The set, where it takes them along; its Pod, once the set has shrunk."""
    world = made()
    claims(world, **policy)
    assert owners_of(world) == {"data-web-0": kept, "data-web-1": kept}
    shrink(world, 1)
    assert owners_of(world)["data-web-1"] == shrunk


def test_a_policy_that_changes_holds_for_claims_that_are_there() -> None:
    """They are handed over at the next look."""
    world = made()
    claims(world, whenScaled="Retain", whenDeleted="Retain")
    shrink(world, 2, whenScaled="Retain", whenDeleted="Delete")
    assert owners_of(world) == {"data-web-0": ["StatefulSet"], "data-web-1": ["StatefulSet"]}


def test_a_shrinking_set_waits_until_the_pod_was_ready_for_long_enough() -> None:
    """minReadySeconds counts on the way down, too."""
    world = made()
    workload(world, "StatefulSet", replicas=2, minReadySeconds=30)
    rig.run(world, 200)
    bind(world, "web-0")
    rig.run(world, 31_000)
    bind(world, "web-1")
    shrink(world, 1)
    assert ["deletionTimestamp" in each["metadata"] for each in world.api.list("pods", "default")] == [False, False]
    rig.run(world, 31_000)
    assert ["deletionTimestamp" in each["metadata"] for each in world.api.list("pods", "default")] == [False, True]


def test_ordinals_may_begin_anywhere() -> None:
    """The partition counts from there, too."""
    world = made()
    strategy = {"type": "RollingUpdate", "rollingUpdate": {"partition": 1}}
    workload(world, "StatefulSet", replicas=2, podManagementPolicy="Parallel", ordinals={"start": 5}, updateStrategy=strategy)
    rig.run(world, 200)
    assert names(world) == ["web-5", "web-6"]
    for name in names(world):
        bind(world, name)
    held = world.api.get("statefulsets", "web", "default")
    template = {"metadata": {"labels": LABELS}, "spec": {"containers": [{"name": "c", "image": "nginx:2"}]}}
    world.api.update("statefulsets", {**held, "spec": {**held["spec"], "template": template}}, by="learner")
    rig.run(world, 200)
    assert ["deletionTimestamp" in each["metadata"] for each in world.api.list("pods", "default")] == [False, True]
