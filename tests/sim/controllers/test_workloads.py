"""ReplicaSets, Deployments and endpoints in a world without kubelets."""

from __future__ import annotations

from podlab.sim.changes import Obj
from podlab.sim.controllers.base import ControllersState
from podlab.sim.controllers.registry import ControllerManager
from podlab.sim.world import World
from tests.sim import rig


def made() -> World:
    world = rig.world()
    ControllerManager(world, ControllersState())
    return world


def deployment(world: World, replicas: int = 3, image: str = "nginx:1") -> Obj:
    labels = {"app": "web"}
    template = {"metadata": {"labels": labels}, "spec": {"nodeName": "node-1", "containers": [{"name": "app", "image": image}]}}
    spec = {"replicas": replicas, "selector": {"matchLabels": labels}, "template": template}
    return world.api.create(
        "deployments",
        {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web", "namespace": "default"}, "spec": spec},
        by="learner",
    )


def pods(world: World) -> list[Obj]:
    return [each for each in world.api.list("pods", "default") if "deletionTimestamp" not in each["metadata"]]


def all_ready(world: World) -> None:
    """What the kubelets would do: start what is new, end what is deleted."""
    for number, each in enumerate(world.api.list("pods", "default")):
        if "deletionTimestamp" in each["metadata"]:
            world.api.delete("pods", each["metadata"]["name"], "default", by="kubelet/test", grace=0)
        elif each["status"].get("phase") != "Running":
            rig.ready(world, each["metadata"]["name"], f"10.244.1.{number + 10}")


def messages(world: World, reason: str) -> list[str]:
    return [each["message"] for each in world.api.list("events", "default") if each["reason"] == reason]


def test_a_deployment_makes_a_replicaset_that_makes_pods() -> None:
    """Revision 1, three Pods, both conditions."""
    world = made()
    deployment(world)
    rig.run(world, 500)
    all_ready(world)
    rig.run(world, 500)
    held = world.api.get("deployments", "web", "default")
    assert held["metadata"]["annotations"]["deployment.kubernetes.io/revision"] == "1"
    assert {each["type"]: each["reason"] for each in held["status"]["conditions"]} == {
        "Available": "MinimumReplicasAvailable",
        "Progressing": "NewReplicaSetAvailable",
    }
    assert len(pods(world)) == held["status"]["availableReplicas"] == 3


def test_a_rollout_never_has_too_many_or_too_few_pods() -> None:
    """25 % of four: five at most, three at least."""
    world = made()
    deployment(world, 4)
    rig.run(world, 500)
    all_ready(world)
    rig.run(world, 500)
    held = world.api.get("deployments", "web", "default")
    template = held["spec"]["template"]
    changed = {**template, "spec": {**template["spec"], "containers": [{**template["spec"]["containers"][0], "image": "nginx:2"}]}}
    world.api.update("deployments", {**held, "spec": {**held["spec"], "template": changed}}, by="learner")
    for _ in range(20):
        rig.run(world, 100)
        ready = [each for each in pods(world) if each["status"].get("phase") == "Running"]
        assert len(pods(world)) <= 5
        assert len(ready) >= 3
        all_ready(world)
    assert {each["spec"]["containers"][0]["image"] for each in pods(world)} == {"nginx:2"}
    assert len(pods(world)) == 4


def test_a_pod_that_is_deleted_is_replaced_by_another_one() -> None:
    """A new object with a new name."""
    world = made()
    deployment(world, 1)
    rig.run(world, 500)
    old = pods(world)[0]["metadata"]["name"]
    world.api.delete("pods", old, "default", by="learner", grace=0)
    rig.run(world, 500)
    assert [each["metadata"]["name"] == old for each in pods(world)] == [False]


def test_deleting_a_deployment_takes_everything_with_it() -> None:
    """Background: the garbage collector follows the owner references."""
    world = made()
    deployment(world)
    rig.run(world, 500)
    world.api.delete("deployments", "web", "default", by="learner", propagation="Background")
    rig.run(world, 500)
    all_ready(world)
    rig.run(world, 500)
    assert world.api.list("replicasets", "default") == []
    assert world.api.list("pods", "default") == []


def test_orphaned_replicasets_stay_with_their_pods() -> None:
    """--cascade=orphan takes only the reference away."""
    world = made()
    deployment(world, 2)
    rig.run(world, 500)
    world.api.delete("deployments", "web", "default", by="learner", propagation="Orphan")
    rig.run(world, 500)
    assert world.api.list("deployments", "default") == []
    assert ["ownerReferences" in each["metadata"] for each in world.api.list("replicasets", "default")] == [False]
    assert len(pods(world)) == 2


def test_foreground_deletion_lets_the_owner_go_last() -> None:
    """The ReplicaSet is there as long as one of its Pods is."""
    world = made()
    deployment(world, 1)
    rig.run(world, 500)
    rig.ready(world, pods(world)[0]["metadata"]["name"], "10.244.1.9")
    world.api.delete("deployments", "web", "default", by="learner", propagation="Foreground")
    rig.run(world, 500)
    assert len(world.api.list("deployments", "default")) == 1
    for each in world.api.list("pods", "default"):
        world.api.delete("pods", each["metadata"]["name"], "default", by="kubelet/test", grace=0)
    rig.run(world, 500)
    assert world.api.list("deployments", "default") == []


def test_endpoints_follow_readiness_and_deletion() -> None:
    """Not ready, ready, terminating: in the slice with its conditions, in Endpoints where it belongs."""
    world = made()
    service = {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": "web", "namespace": "default"},
        "spec": {"selector": {"app": "web"}, "ports": [{"port": 80}]},
    }
    world.api.create("services", service, by="learner")
    rig.pod(world, "one", labels={"app": "web"}, nodeName="node-1")
    rig.ready(world, "one", "10.244.1.2")
    rig.run(world, 500)
    piece = world.api.list("endpointslices", "default")[0]
    assert piece["endpoints"][0]["conditions"] == {"ready": True, "serving": True, "terminating": False}
    assert [each["ip"] for each in world.api.get("endpoints", "web", "default")["subsets"][0]["addresses"]] == ["10.244.1.2"]
    world.api.delete("pods", "one", "default", by="learner")
    rig.run(world, 500)
    piece = world.api.list("endpointslices", "default")[0]
    assert piece["endpoints"][0]["conditions"] == {"ready": False, "serving": True, "terminating": True}
    assert "subsets" not in world.api.get("endpoints", "web", "default")
