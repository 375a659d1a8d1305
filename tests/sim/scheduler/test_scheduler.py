"""The scheduler in a world: queue, binding, waking, preemption, saving."""

from __future__ import annotations

import msgspec

from podlab.sim.apiserver.store import StoreState
from podlab.sim.changes import Obj
from podlab.sim.scheduler.scheduler import Scheduler
from podlab.sim.scheduler.state import SchedulerState
from podlab.sim.world import World, WorldState
from tests.sim import rig


def made(seed: int = 1) -> tuple[World, Scheduler]:
    world = rig.world(seed)
    scheduler = Scheduler(world, SchedulerState())
    rig.node(world, "cp", taints=[{"key": "node-role.kubernetes.io/control-plane", "effect": "NoSchedule"}])
    rig.node(world, "node-1")
    rig.node(world, "node-2")
    return world, scheduler


def where(world: World, name: str) -> str:
    return str(world.api.get("pods", name, "default")["spec"].get("nodeName", ""))


def condition(world: World, name: str) -> Obj:
    listed = world.api.get("pods", name, "default")["status"]["conditions"]
    return next(each for each in listed if each["type"] == "PodScheduled")


def test_it_binds_a_pod_to_one_of_the_best_nodes_and_says_so() -> None:
    """Two equal nodes: one of them, an Event Scheduled, PodScheduled True."""
    world, _ = made()
    rig.pod(world, "web")
    rig.run(world, 100)
    assert where(world, "web") in ("node-1", "node-2")
    assert condition(world, "web")["status"] == "True"
    messages = [each["message"] for each in world.api.list("events")]
    assert messages == [f"Successfully assigned default/web to {where(world, 'web')}"]


def test_the_seed_alone_decides_between_equal_nodes() -> None:
    """The same seed always gives the same node; over many seeds both are chosen."""
    chosen = []
    for seed in (1, 1, 2, 3, 4, 5, 6):
        world, _ = made(seed)
        rig.pod(world, "web")
        rig.run(world, 100)
        chosen.append(where(world, "web"))
    assert chosen[0] == chosen[1]
    assert set(chosen) == {"node-1", "node-2"}


def test_a_pod_that_fits_nowhere_waits_until_a_node_that_helps_comes() -> None:
    """FailedScheduling with all reasons; a new big node wakes it, a label does not."""
    world, scheduler = made()
    rig.pod(world, "big", cpu="8")
    rig.run(world, 100)
    assert condition(world, "big")["message"] == (
        "0/3 nodes are available: 1 node(s) had untolerated taint(s), 2 Insufficient cpu. no new claims to deallocate, "
        "preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling."
    )
    tried = scheduler.attempts("default", "big")
    node = world.api.get("nodes", "node-1")
    world.api.update("nodes", {**node, "metadata": {**node["metadata"], "labels": {"disk": "ssd"}}}, by="learner")
    rig.run(world, 100)
    assert scheduler.attempts("default", "big") == tried
    rig.node(world, "large", cpu="16")
    rig.run(world, 100)
    assert where(world, "big") == "large"


def test_the_table_names_every_plugin_that_refuses() -> None:
    """The real scheduler stops at the first; the explanation does not."""
    world, scheduler = made()
    rig.pod(world, "big", cpu="8")
    rig.run(world, 100)
    refusals = [(each.node, each.plugin) for each in scheduler.table("default", "big")]
    assert refusals == [
        ("cp", "TaintToleration"),
        ("cp", "NodeResourcesFit"),
        ("node-1", "NodeResourcesFit"),
        ("node-2", "NodeResourcesFit"),
    ]


def test_the_chosen_node_has_the_greatest_sum_of_the_scores_shown() -> None:
    """The explanation's numbers add up to the decision."""
    world, scheduler = made()
    rig.pod(world, "first", cpu="1")
    rig.run(world, 100)
    rig.pod(world, "second", cpu="1")
    rig.run(world, 100)
    kept = scheduler.attempts("default", "second")[-1]
    sums = [sum(weighted[number] for _, weighted in kept.scores.values()) for number in range(len(kept.nodes))]
    assert sums == kept.totals
    assert kept.totals[kept.nodes.index(kept.node)] == max(kept.totals)
    assert where(world, "second") != where(world, "first")


def test_a_gated_pod_is_tried_when_its_last_gate_goes() -> None:
    """No attempt before."""
    world, scheduler = made()
    held = rig.pod(world, "gated", schedulingGates=[{"name": "later"}])
    rig.run(world, 100)
    assert scheduler.attempts("default", "gated") == []
    spec = {key: value for key, value in held["spec"].items() if key != "schedulingGates"}
    world.api.update("pods", {**world.api.get("pods", "gated", "default"), "spec": spec}, by="learner")
    rig.run(world, 100)
    assert where(world, "gated") != ""


def test_a_more_important_pod_takes_the_place_of_no_more_than_it_needs() -> None:
    """One victim of two; nominated at once; bound when the victim has gone."""
    world, _ = made()
    for name, value in (("low", 1), ("high", 100)):
        world.api.create(
            "priorityclasses",
            {"apiVersion": "scheduling.k8s.io/v1", "kind": "PriorityClass", "metadata": {"name": name}, "value": value},
            by="test",
        )
    for name in ("a", "b", "c", "d"):
        rig.pod(world, name, cpu="1", priorityClassName="low")
    rig.run(world, 500)
    rig.pod(world, "vip", cpu="1", priorityClassName="high")
    rig.run(world, 100)
    marked = [each["metadata"]["name"] for each in world.api.list("pods") if "deletionTimestamp" in each["metadata"]]
    assert len(marked) == 1
    assert world.api.get("pods", "vip", "default")["status"]["nominatedNodeName"] == where(world, marked[0])
    node = where(world, marked[0])
    world.api.delete("pods", marked[0], "default", by="kubelet/test", grace=0)
    rig.run(world, 100)
    assert where(world, "vip") == node


def test_a_saved_scheduler_carries_on() -> None:
    """Saved with one Pod waiting and one being bound: both end as they would have."""
    world, scheduler = made()
    rig.pod(world, "big", cpu="8")
    rig.run(world, 100)
    rig.pod(world, "web")
    world.kernel.run_until(world.now + 15)
    saved = msgspec.msgpack.encode((world.state, world.api.state, scheduler.state))
    again = msgspec.msgpack.Decoder(tuple[WorldState, StoreState, SchedulerState]).decode(saved)
    other = World(again[0], world.timings)
    other.api = type(world.api)(other, again[1])
    Scheduler(other, again[2])
    for each in (world, other):
        rig.run(each, 100)
        rig.node(each, "large", cpu="16")
        rig.run(each, 100)
    assert [each["spec"].get("nodeName") for each in other.api.list("pods")] == [
        each["spec"].get("nodeName") for each in world.api.list("pods")
    ]
    assert where(other, "big") == "large"
