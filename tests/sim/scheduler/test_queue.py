"""The scheduling queue in a world: who enters it, what wakes whom, and Pods that are promised a node."""

from __future__ import annotations

from podlab.sim.changes import Obj, QueueSeen
from podlab.sim.scheduler.node_info import interleaved
from podlab.sim.scheduler.scheduler import Scheduler
from podlab.sim.scheduler.state import SchedulerState
from podlab.sim.world import World
from tests.sim import rig

FULL = "1900m"


def made(*nodes: str) -> tuple[World, Scheduler]:
    world = rig.world(1)
    scheduler = Scheduler(world, SchedulerState())
    for name in nodes:
        rig.node(world, name)
    return world, scheduler


def where(world: World, name: str) -> str:
    return str(world.api.get("pods", name, "default")["spec"].get("nodeName", ""))


def messages(world: World) -> list[str]:
    return [each.get("message") or each.get("note", "") for each in world.api.list("events")]


def priority(world: World, name: str, value: int) -> None:
    api = "scheduling.k8s.io/v1"
    world.api.create("priorityclasses", {"apiVersion": api, "kind": "PriorityClass", "metadata": {"name": name}, "value": value}, by="test")


def test_a_pod_of_another_scheduler_is_nobodys_business() -> None:
    """Rule Q1: no event, no condition, no attempt."""
    world, scheduler = made("node-1")
    rig.pod(world, "theirs", schedulerName="other")
    rig.run(world, 400_000)
    pod = world.api.get("pods", "theirs", "default")
    assert ("Pending", None, [], []) == (
        pod["status"]["phase"],
        pod["status"].get("conditions"),
        messages(world),
        scheduler.attempts("default", "theirs"),
    )


def test_without_any_node_a_pod_is_told_so_and_tried_again_by_back_off() -> None:
    """Rule C4: nobody refused it, so no event need come."""
    world, scheduler = made()
    rig.pod(world, "early")
    rig.run(world, 9_900)
    condition = world.api.get("pods", "early", "default")["status"]["conditions"][0]
    assert ("Unschedulable", "no nodes available to schedule pods") == (condition["reason"], condition["message"])
    assert [2, 3] == [each.number for each in scheduler.attempts("default", "early")]


def test_nobody_waits_longer_than_five_minutes_for_an_event() -> None:
    """Rule Q5: the flush comes every 30 s and takes those that have waited for five minutes."""
    world, scheduler = made("node-1")
    rig.pod(world, "big", cpu="8")
    rig.run(world, 299_000)
    assert [1] == [each.number for each in scheduler.attempts("default", "big")]
    rig.run(world, 32_000)
    assert [(1, "created"), (2, "UnschedulableTimeout")] == [(each.number, each.woken) for each in scheduler.attempts("default", "big")]


def test_an_idle_scheduler_does_not_wait_for_a_back_off() -> None:
    """Rule Q9: what helps comes within the back-off; as nobody else is to be tried, the Pod is."""
    world, _ = made("node-1")
    rig.pod(world, "big", cpu="8")
    rig.run(world, 100)
    rig.node(world, "large", cpu="16")
    rig.run(world, 100)
    assert "large" == where(world, "big")


def test_a_pod_that_is_being_deleted_is_not_tried() -> None:
    """Rule Q11: a Warning instead of an attempt."""
    world, scheduler = made("node-1")
    pod = rig.pod(world, "held")
    world.api.update("pods", {**pod, "metadata": {**pod["metadata"], "finalizers": ["example.com/hold"]}}, by="learner")
    world.api.delete("pods", "held", "default", by="learner")
    rig.run(world, 1_000)
    assert (["skip schedule deleting pod: default/held"], [], "") == (
        messages(world),
        scheduler.attempts("default", "held"),
        where(world, "held"),
    )


def test_a_pod_goes_first_to_the_node_that_it_is_promised() -> None:
    """Rules Q13, C5: only that node is looked at, though the other would win."""
    world = rig.world(1)
    scheduler = Scheduler(world, SchedulerState())
    rig.node(world, "free")
    rig.node(world, "promised", taints=[{"key": "busy", "effect": "PreferNoSchedule"}])
    pod = rig.pod(world, "web", schedulingGates=[{"name": "later"}])
    pod = world.api.update("pods", {**pod, "status": {**pod["status"], "nominatedNodeName": "promised"}}, by="test", subresource="status")
    spec: Obj = {key: value for key, value in pod["spec"].items() if key != "schedulingGates"}
    world.api.update("pods", {**pod, "spec": spec}, by="learner")
    rig.run(world, 100)
    assert ("promised", ["promised"]) == (where(world, "web"), scheduler.attempts("default", "web")[-1].nodes)


def test_room_that_is_promised_is_not_given_to_a_lower_pod() -> None:
    """Rule C6: the nominated Pod counts on its node for everybody who is not more important."""
    world, _ = made("node-1")
    priority(world, "high", 100)
    priority(world, "higher", 200)
    gone = rig.pod(world, "victim", cpu=FULL)
    rig.run(world, 100)
    rig.pod(world, "vip", cpu=FULL, priorityClassName="high")
    rig.run(world, 100)
    rig.pod(world, "sneak", cpu="500m")
    world.api.delete("pods", gone["metadata"]["name"], "default", by="kubelet/node-1", grace=0)
    rig.pod(world, "king", cpu="1600m", priorityClassName="higher")
    rig.run(world, 200)
    assert ("node-1", "") == (where(world, "king"), where(world, "sneak"))


def test_a_pod_takes_room_until_it_is_gone_or_has_ended() -> None:
    """Rule C14: terminating ones count, finished ones do not."""
    world, _ = made("node-1")
    rig.pod(world, "old", cpu=FULL)
    rig.run(world, 100)
    world.api.delete("pods", "old", "default", by="learner")
    rig.pod(world, "new", cpu=FULL)
    rig.run(world, 2_000)
    assert "" == where(world, "new")
    old = world.api.get("pods", "old", "default")
    world.api.update("pods", {**old, "status": {**old["status"], "phase": "Succeeded"}}, by="kubelet/node-1", subresource="status")
    rig.run(world, 2_000)
    assert "node-1" == where(world, "new")


def test_nodes_are_looked_at_zone_by_zone_in_turn() -> None:
    """Rule C8: one node of each zone, zones and nodes in their order of arrival."""
    zones = {"a1": "a", "a2": "a", "a3": "a", "b1": "b", "c1": "c", "c2": "c"}
    assert ["a1", "b1", "c1", "a2", "c2", "a3"] == interleaved(list(zones), zones)


def test_a_promise_that_ends_makes_room_for_those_that_respected_it() -> None:
    """A nominated Pod that is deleted counts as one that leaves its node: who had to respect it is tried again."""
    world, scheduler = made("node-1")
    priority(world, "high", 100)
    rig.pod(world, "victim", cpu=FULL)
    rig.run(world, 100)
    rig.pod(world, "vip", cpu=FULL, priorityClassName="high")
    rig.run(world, 100)
    rig.pod(world, "next", cpu="1")
    rig.run(world, 100)
    before = scheduler.attempts("default", "next")[-1].number
    world.api.delete("pods", "vip", "default", by="learner", grace=0)
    rig.run(world, 2_000)
    assert scheduler.attempts("default", "next")[-1].number == before + 1


def test_where_a_pod_waits_is_told_when_it_changes() -> None:
    """Refused, gated, woken; of a new Pod that is placed at once nothing. What is true now is in every picture."""
    world, scheduler = made("node-1")
    rig.pod(world, "fits")
    rig.pod(world, "big", cpu="8")
    rig.pod(world, "held", schedulingGates=[{"name": "g"}])
    rig.run(world, 100)
    rig.node(world, "large", cpu="16")
    rig.run(world, 100)
    names = {world.api.get("pods", each, "default")["metadata"]["uid"]: each for each in ("fits", "big", "held")}
    told = [(names[each.uid], each.place) for each in world.changes if isinstance(each, QueueSeen)]
    assert told == [("held", "gated"), ("big", "unschedulable"), ("big", "backoff")]
    assert [(names[each.uid], each.place) for each in scheduler.seen()] == [("held", "gated")]
