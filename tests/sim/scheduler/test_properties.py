"""What must hold whatever the cluster: held against a second, naive judgement."""

from __future__ import annotations

import pytest

from podlab.sim import rng
from podlab.sim.changes import Obj, ObjectChange
from podlab.sim.scheduler.requests import amounts
from podlab.sim.scheduler.scheduler import Scheduler
from podlab.sim.scheduler.state import SchedulerState
from podlab.sim.world import World
from tests.sim import rig

TAINT = {"key": "dedicated", "value": "db", "effect": "NoSchedule"}
TOLERATION = {"key": "dedicated", "operator": "Exists"}


def pick(seed: int, purpose: str, number: int, among: int) -> int:
    return rng.draw(seed, purpose, "test", number) % among


def fits(pod: Obj, node: Obj, others: list[Obj]) -> bool:
    """As a reader of the manual would judge: room, taints, selector, no other Pod of its group where it does not want one."""
    taints = node["spec"].get("taints") or []
    if taints and not any(each.get("key") == "dedicated" for each in pod["spec"].get("tolerations") or ()):
        return False
    if any(node["metadata"]["labels"].get(key) != value for key, value in (pod["spec"].get("nodeSelector") or {}).items()):
        return False
    used = sum(amounts(each["spec"]["containers"][0]["resources"]["requests"])["cpu"] for each in [*others, pod])
    lonely = "affinity" in pod["spec"] and any(each["metadata"]["labels"] == {"app": "alone"} for each in others)
    return used <= amounts(node["status"]["allocatable"])["cpu"] and not lonely


def crowd(world: World, seed: int) -> None:
    term = {"labelSelector": {"matchLabels": {"app": "alone"}}, "topologyKey": "kubernetes.io/hostname"}
    apart = {"podAntiAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": [term]}}
    for number in range(4):
        taints = [TAINT] if pick(seed, "taint", number, 3) == 0 else None
        rig.node(
            world,
            f"n{number}",
            cpu=str(1 + pick(seed, "cpu", number, 3)),
            taints=taints,
            labels={"disk": "ssd" if pick(seed, "disk", number, 2) else "hdd"},
        )
    for number in range(12):
        spec: Obj = {"tolerations": [TOLERATION]} if pick(seed, "tolerates", number, 2) else {}
        spec |= {"nodeSelector": {"disk": "ssd"}} if pick(seed, "selects", number, 3) == 0 else {}
        alone = pick(seed, "alone", number, 4) == 0
        spec |= {"affinity": apart} if alone else {}
        rig.pod(
            world, f"p{number}", cpu=f"{100 * (1 + pick(seed, 'asks', number, 8))}m", labels={"app": "alone" if alone else "any"}, **spec
        )


@pytest.mark.parametrize("seed", range(12))
def test_no_pod_is_bound_where_it_does_not_fit_and_none_waits_where_it_would(seed: int) -> None:
    """At the instant of each binding, and for each Pod that is left over."""
    world = rig.world(seed)
    Scheduler(world, SchedulerState())
    wrong: list[str] = []

    def watch(change: ObjectChange) -> None:
        node = change.new["spec"].get("nodeName")
        if node and change.old is not None and not change.old["spec"].get("nodeName"):
            others = [
                each for each in world.api.list("pods") if each["spec"].get("nodeName") == node and each["metadata"]["name"] != change.name
            ]
            if not fits(change.new, world.api.get("nodes", node), others):
                wrong.append(change.name)

    world.subscribe("pods", watch)
    crowd(world, seed)
    rig.run(world, 5_000)
    assert wrong == []
    pods = world.api.list("pods")
    waiting = [each for each in pods if not each["spec"].get("nodeName")]
    missed = [
        each["metadata"]["name"]
        for each in waiting
        for node in world.api.list("nodes")
        if fits(each, node, [one for one in pods if one["spec"].get("nodeName") == node["metadata"]["name"]])
    ]
    assert missed == []
