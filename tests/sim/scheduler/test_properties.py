"""What must hold whatever the cluster: held against a second, naive judgement (`naive.py`) on clusters made of a seed."""

from __future__ import annotations

import pytest

from podlab.sim import rng
from podlab.sim.changes import Obj, ObjectChange
from podlab.sim.scheduler.scheduler import Scheduler
from podlab.sim.scheduler.state import SchedulerState
from podlab.sim.world import World
from tests.sim import rig
from tests.sim.scheduler import naive
from tests.sim.scheduler.naive import HOSTNAME, REQUIRED, ZONE, Judge

APPS = ("web", "db", "job")
KEYS = (HOSTNAME, ZONE)
LONGEST_MS = 12_000
"""The longest back-off, and a little."""


class Chance:
    """Numbers of a seed."""

    def __init__(self, seed: int) -> None:
        self.seed, self.drawn = seed, 0

    def below(self, among: int) -> int:
        self.drawn += 1
        return rng.draw(self.seed, "property", "test", self.drawn) % among

    def one_in(self, many: int) -> bool:
        return self.below(many) == 0


def node_of(world: World, chance: Chance, number: int) -> None:
    taints = [{"key": f"t{chance.below(2)}", "value": "x", "effect": ("NoSchedule", "NoExecute")[chance.below(2)]}]
    rig.node(
        world,
        f"n{number}",
        cpu=str(1 + chance.below(3)),
        taints=taints if chance.one_in(4) else None,
        labels={"disk": "ssd" if chance.one_in(2) else "hdd", ZONE: f"z{number % 3}"},
    )


def term(app: str, key: str) -> Obj:
    return {"labelSelector": {"matchLabels": {"app": app}}, "topologyKey": key}


def pod_of(world: World, chance: Chance, number: int, **more: object) -> None:
    app = APPS[chance.below(3)]
    spec: Obj = {"tolerations": [{"key": f"t{chance.below(2)}", "operator": "Exists"}]} if chance.one_in(3) else {}
    spec |= {"nodeSelector": {"disk": "ssd"}} if chance.one_in(4) else {}
    affinity: Obj = {"podAntiAffinity": {REQUIRED: [term(APPS[chance.below(3)], KEYS[chance.below(2)])]}} if chance.one_in(4) else {}
    affinity |= {"podAffinity": {REQUIRED: [term(APPS[chance.below(3)], ZONE)]}} if chance.one_in(6) else {}
    spec |= {"affinity": affinity} if affinity else {}
    spread = {"maxSkew": 1, "topologyKey": ZONE, "whenUnsatisfiable": "DoNotSchedule", "labelSelector": {"matchLabels": {"app": app}}}
    spec |= {"topologySpreadConstraints": [spread]} if chance.one_in(5) else {}
    container: Obj = {"name": "app", "image": "nginx", "resources": {"requests": {"cpu": f"{100 * (1 + chance.below(9))}m"}}}
    container |= {"ports": [{"containerPort": 80, "hostPort": 8080}]} if chance.one_in(6) else {}
    meta = {"name": f"p{number}", "namespace": "default", "labels": {"app": app}}
    body = {"apiVersion": "v1", "kind": "Pod", "metadata": meta, "spec": {"containers": [container], **spec, **more}}
    world.api.create("pods", body, by="learner")


def judge(world: World) -> Judge:
    return Judge(world.api.list("nodes"), world.api.list("pods"))


def waiting(world: World) -> list[Obj]:
    return [each for each in world.api.list("pods") if not naive.holder(each)]


def crowd(seed: int) -> tuple[World, Scheduler, Chance]:
    world, chance = rig.world(seed), Chance(seed)
    scheduler = Scheduler(world, SchedulerState())
    for number in range(4):
        node_of(world, chance, number)
    for number in range(14):
        pod_of(world, chance, number)
    return world, scheduler, chance


@pytest.mark.parametrize("seed", range(24))
def test_no_pod_is_bound_to_a_node_that_a_filter_refuses_at_that_instant(seed: int) -> None:
    """The second judgement sees the cluster as it is when the binding comes."""
    world, _, _ = crowd(seed)
    wrong: list[tuple[str, list[str]]] = []

    def watch(change: ObjectChange) -> None:
        node = naive.holder(change.new)
        if node and change.old is not None and not naive.holder(change.old):
            others = [each for each in world.api.list("pods") if naive.name(each) != change.name]
            refusals = Judge(world.api.list("nodes"), others).refusals(change.new, world.api.get("nodes", node))
            wrong.extend([(change.name, refusals)] if refusals else [])

    world.subscribe("pods", watch)
    rig.run(world, 5_000)
    assert wrong == []


@pytest.mark.parametrize("seed", range(24))
def test_the_chosen_node_has_the_greatest_sum_of_the_numbers_shown(seed: int) -> None:
    """Of every placement that is kept: the totals are the sums, and none is greater than that of the node taken."""
    world, scheduler, _ = crowd(seed)
    rig.run(world, 5_000)
    placed = [made for kept in scheduler.state.kept.values() for made in kept if made.node and made.totals]
    assert placed
    for made in placed:
        sums = [sum(weighted[number] for _, weighted in made.scores.values()) for number in range(len(made.nodes))]
        assert sums == made.totals
        assert made.totals[made.nodes.index(made.node)] == max(sums)


def change_something(world: World, chance: Chance, number: int) -> str:
    """One change that may free somebody; what it was."""
    nodes, pods = world.api.list("nodes"), [each for each in world.api.list("pods") if naive.holder(each)]
    node = nodes[chance.below(len(nodes))]
    kind = chance.below(8)
    if kind <= 1 and pods:
        gone = pods[chance.below(len(pods))]
        world.api.delete("pods", naive.name(gone), "default", by="kubelet/test", grace=0)
        return f"{naive.name(gone)} goes"
    if kind == 2 and pods:
        other = pods[chance.below(len(pods))]
        labelled = {**other, "metadata": {**other["metadata"], "labels": {"app": APPS[chance.below(3)]}}}
        world.api.update("pods", labelled, by="learner")
        return f"{naive.name(other)} is relabelled"
    if kind == 3:
        meta = {**node["metadata"], "labels": {**naive.labels(node), "disk": "ssd"}}
        world.api.update("nodes", {**node, "metadata": meta}, by="learner")
        return f"{naive.name(node)} is labelled"
    if kind == 4:
        world.api.update("nodes", {**node, "spec": {"taints": []}}, by="learner")
        return f"{naive.name(node)} loses its taints"
    if kind == 5:
        spec = {key: value for key, value in node["spec"].items() if key != "unschedulable"}
        world.api.update(
            "nodes", {**node, "spec": spec if "unschedulable" in node["spec"] else {**spec, "unschedulable": True}}, by="learner"
        )
        return f"{naive.name(node)} is (un)cordoned"
    if kind == 6:
        status = {**node["status"], "allocatable": {**node["status"]["allocatable"], "cpu": str(2 + chance.below(4))}}
        world.api.update("nodes", {**node, "status": status}, by="kubelet/test", subresource="status")
        return f"{naive.name(node)} has another size"
    if number % 2:
        node_of(world, chance, 4 + number)
        return "a node comes"
    pod_of(world, chance, 100 + number)
    return "a Pod comes"


def facts(world: World, scheduler: Scheduler) -> list[tuple[str, str, str]]:
    """(waiting Pod, node, plugin) of what refused it when it was last tried, and refuses it still."""
    judged = judge(world)
    return [
        (naive.name(pod), each.node, each.plugin)
        for pod in waiting(world)
        for each in scheduler.attempts("default", naive.name(pod))[-1].refusals
        if each.plugin in judged.refusals(pod, judged.nodes[each.node])
    ]


def attempts(world: World, scheduler: Scheduler, name: str) -> int:
    """How often it was tried; a Pod that is placed by now was."""
    held = scheduler.state.queue.pods.get(f"default/{name}")
    return held.attempts if held is not None else 1_000


@pytest.mark.parametrize("seed", range(40))
def test_every_queued_pod_is_tried_again_when_a_fact_that_refused_it_changes(seed: int) -> None:
    """After each of twelve changes: whoever was refused by something that refuses no longer has been tried anew, and nobody
    waits who would fit. One gap is upstream's own: a label that lets a node count for a spread wakes nobody (its hint looks
    at topology keys only)."""
    world, scheduler, chance = crowd(seed)
    rig.run(world, LONGEST_MS)
    for number in range(12):
        before = facts(world, scheduler)
        tried = {naive.name(each): attempts(world, scheduler, naive.name(each)) for each in waiting(world)}
        what = change_something(world, chance, number)
        judged = judge(world)
        freed = [
            name
            for name, node, plugin in before
            if (plugin != "PodTopologySpread" or "labelled" not in what)
            and plugin not in judged.refusals(world.api.get("pods", name, "default"), judged.nodes[node])
        ]
        rig.run(world, LONGEST_MS)
        assert [name for name in freed if attempts(world, scheduler, name) == tried[name]] == [], what
        judged = judge(world)
        missed = [
            (naive.name(pod), name) for pod in waiting(world) for name, node in judged.nodes.items() if not judged.refusals(pod, node)
        ]
        assert missed == [], what


def classes(world: World) -> None:
    for number, name in enumerate(("low", "middle", "high", "highest")):
        body = {"apiVersion": "scheduling.k8s.io/v1", "kind": "PriorityClass", "metadata": {"name": name}, "value": 10 * number}
        world.api.create("priorityclasses", body, by="test")


def test_preemption_never_evicts_a_pod_whose_leaving_changes_nothing() -> None:
    """Put back any one of the victims, on any of the nodes that would do, and the Pod that they make room for does not fit."""
    assert sum(made_room(seed) for seed in range(40)) > 100


def made_room(seed: int) -> int:
    """How many candidates were looked at."""
    world, chance = rig.world(seed), Chance(seed)
    scheduler = Scheduler(world, SchedulerState())
    classes(world)
    for number in range(4):
        node_of(world, chance, number)
    for number in range(16):
        pod_of(world, chance, number, priorityClassName=("low", "middle", "high")[chance.below(3)])
    rig.run(world, LONGEST_MS)
    seen = 0
    for number in range(50, 56):
        pods = [promised(each) for each in world.api.list("pods")]
        pod_of(world, chance, number, priorityClassName="highest")
        rig.run(world, 100)
        for each in scheduler.attempts("default", f"p{number}")[0].candidates:
            seen += 1
            needless(world, pods, f"p{number}", each.node, [key.removeprefix("default/") for key in each.victims])
        for gone in [one for one in world.api.list("pods") if "deletionTimestamp" in one["metadata"]]:
            world.api.delete("pods", naive.name(gone), "default", by="kubelet/test", grace=0)
        rig.run(world, LONGEST_MS)
    return seen


def promised(pod: Obj) -> Obj:
    """A Pod that is nominated counts on its node for its equals."""
    equal = pod["spec"]["priorityClassName"] == "highest"
    node = naive.holder(pod) or (pod["status"].get("nominatedNodeName", "") if equal else "")
    return {**pod, "spec": {**pod["spec"], "nodeName": node}}


def needless(world: World, pods: list[Obj], name: str, node: str, victims: list[str]) -> None:
    """Fail when a victim could have stayed."""
    pod, nodes, held = world.api.get("pods", name, "default"), world.api.list("nodes"), world.api.get("nodes", node)
    without = Judge(nodes, [each for each in pods if naive.name(each) not in victims])
    assert without.refusals(pod, held) == []
    for victim in victims:
        rest = [each for each in victims if each != victim]
        assert Judge(nodes, [each for each in pods if naive.name(each) not in rest]).refusals(pod, held), victim
