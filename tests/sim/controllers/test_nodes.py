"""Nodes that fall silent, taints, and the Pods on them."""

from __future__ import annotations

from podlab.sim.changes import Obj, ObjectChange
from podlab.sim.controllers.base import ControllersState
from podlab.sim.controllers.registry import ControllerManager
from podlab.sim.world import World
from tests.sim import rig


def made() -> tuple[World, ControllerManager]:
    world = rig.world()
    manager = ControllerManager(world, ControllersState())
    for name in ("node-1", "node-2"):
        rig.node(world, name)
    return world, manager


def taints(world: World, name: str) -> list[tuple[str, str]]:
    return [(each["key"], each["effect"]) for each in world.api.get("nodes", name)["spec"].get("taints") or ()]


def events(world: World, reason: str) -> list[Obj]:
    return [each for each in world.api.list("events") if each["reason"] == reason]


def test_a_silent_node_is_marked_after_fifty_seconds_and_its_pods_go_after_five_minutes() -> None:
    """Rule N10: Unknown, both taints and Ready=False at once; deletion 300 s later."""
    world, manager = made()
    rig.pod(world, "lonely", nodeName="node-1")
    rig.ready(world, "lonely", "10.244.1.2")
    rig.run(world, 1000)
    manager.node_lifecycle.silent("node-1", world.now)
    rig.run(world, 49_000)
    assert taints(world, "node-1") == []
    rig.run(world, 7_000)
    unreachable = "node.kubernetes.io/unreachable"
    assert sorted(taints(world, "node-1")) == [(unreachable, "NoExecute"), (unreachable, "NoSchedule")]
    pod = world.api.get("pods", "lonely", "default")
    assert [each["status"] for each in pod["status"]["conditions"] if each["type"] == "Ready"] == ["False"]
    rig.run(world, 290_000)
    assert "deletionTimestamp" not in world.api.get("pods", "lonely", "default")["metadata"]
    rig.run(world, 11_000)
    assert "deletionTimestamp" in world.api.get("pods", "lonely", "default")["metadata"]


def test_a_finished_pod_of_a_lost_node_is_deleted_outright() -> None:
    """SM-8: nothing is written of it meanwhile; after five minutes it is told and gone at once, its phase as it was."""
    world, manager = made()
    rig.pod(world, "over", nodeName="node-1")
    held = world.api.get("pods", "over", "default")
    status = {**held["status"], "phase": "Succeeded", "conditions": [{"type": "Ready", "status": "False", "reason": "PodCompleted"}]}
    held = world.api.update("pods", {**held, "status": status}, by="kubelet/node-1", subresource="status")
    rig.run(world, 1000)
    manager.node_lifecycle.silent("node-1", world.now)
    rig.run(world, 340_000)
    assert held == world.api.get("pods", "over", "default")
    rig.run(world, 30_000)
    assert world.api.find("pods", "over", "default") is None
    assert ["Marking for deletion Pod default/over"] == [each["message"] for each in events(world, "TaintManagerEviction")]
    last = [each.new["status"] for each in world.changes if isinstance(each, ObjectChange) and each.name == "over"][-1]
    assert ("Succeeded", "DeletionByTaintManager") == (last["phase"], last["conditions"][-1]["reason"])


def test_a_node_that_speaks_again_loses_its_taints() -> None:
    """The kubelet writes Ready True; the taints go with the next look."""
    world, manager = made()
    manager.node_lifecycle.silent("node-1", world.now)
    rig.run(world, 60_000)
    assert taints(world, "node-1") != []
    manager.node_lifecycle.speaks("node-1")
    node = world.api.get("nodes", "node-1")
    conditions = [{**each, "status": "True" if each["type"] == "Ready" else "False"} for each in node["status"]["conditions"]]
    world.api.update("nodes", {**node, "status": {**node["status"], "conditions": conditions}}, by="kubelet/node-1", subresource="status")
    rig.run(world, 6_000)
    assert taints(world, "node-1") == []


def test_no_execute_ends_at_once_later_or_never_as_tolerated() -> None:
    """Rule N11; Marking for deletion is told once."""
    world, _ = made()
    key = {"key": "out", "operator": "Exists", "effect": "NoExecute"}
    for name, tolerations in (("now", []), ("later", [{**key, "tolerationSeconds": 10}]), ("never", [key])):
        rig.pod(world, name, nodeName="node-1", tolerations=tolerations)
        rig.ready(world, name, "10.244.1.2")
    node = world.api.get("nodes", "node-1")
    world.api.update("nodes", {**node, "spec": {"taints": [{"key": "out", "effect": "NoExecute"}]}}, by="learner")
    rig.run(world, 5_000)
    marked = {each["metadata"]["name"]: "deletionTimestamp" in each["metadata"] for each in world.api.list("pods")}
    assert marked == {"later": False, "never": False, "now": True}
    rig.run(world, 6_000)
    assert "deletionTimestamp" in world.api.get("pods", "later", "default")["metadata"]
    assert sorted(each["message"] for each in events(world, "TaintManagerEviction")) == [
        "Marking for deletion Pod default/later",
        "Marking for deletion Pod default/now",
    ]


def test_pods_of_a_vanished_node_are_failed_and_removed() -> None:
    """Rule N12: after 40 s of quarantine, in a rhythm of 20 s."""
    world, _ = made()
    rig.pod(world, "left", nodeName="node-1")
    rig.ready(world, "left", "10.244.1.2")
    world.api.delete("nodes", "node-1", by="learner")
    rig.run(world, 39_000)
    assert world.api.find("pods", "left", "default") is not None
    rig.run(world, 42_000)
    assert world.api.find("pods", "left", "default") is None


def test_cordon_becomes_a_taint_and_goes_again() -> None:
    """Rule N4."""
    world, _ = made()
    node = world.api.get("nodes", "node-1")
    world.api.update("nodes", {**node, "spec": {"unschedulable": True}}, by="learner")
    rig.run(world, 100)
    assert taints(world, "node-1") == [("node.kubernetes.io/unschedulable", "NoSchedule")]
    node = world.api.get("nodes", "node-1")
    world.api.update("nodes", {**node, "spec": {"taints": node["spec"]["taints"]}}, by="learner")
    rig.run(world, 100)
    assert taints(world, "node-1") == []
