"""Specs that nobody should write: refused in the API server's words, or judged once and left to wait."""

from __future__ import annotations

import pytest

from podlab.sim.changes import Obj
from podlab.sim.errors import StatusError
from podlab.sim.scheduler.scheduler import Scheduler
from podlab.sim.scheduler.state import SchedulerState
from podlab.sim.world import World
from tests.sim import rig

REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution"
PREFERRED = "preferredDuringSchedulingIgnoredDuringExecution"
PEER = {"topologyKey": "kubernetes.io/hostname", "labelSelector": {"matchLabels": {"app": "web"}}}


def needs(*terms: Obj) -> Obj:
    """Required node affinity of these terms."""
    return {"affinity": {"nodeAffinity": {REQUIRED: {"nodeSelectorTerms": list(terms)}}}}


def expression(operator: str, *values: str) -> Obj:
    return {"matchExpressions": [{"key": "disk", "operator": operator, **({"values": list(values)} if values else {})}]}


def weighs(weight: int) -> Obj:
    """Preferred Pod affinity."""
    return {"affinity": {"podAffinity": {PREFERRED: [{"weight": weight, "podAffinityTerm": PEER}]}}}


REFUSED: dict[str, tuple[Obj, str]] = {
    "In without values": (needs(expression("In")), "Required value: must be specified when `operator` is 'In' or 'NotIn'"),
    "Exists with a value": (
        needs(expression("Exists", "ssd")),
        "Forbidden: may not be specified when `operator` is 'Exists' or 'DoesNotExist'",
    ),
    "Gt with two values": (needs(expression("Gt", "1", "2")), "must be specified single value when `operator` is 'Lt' or 'Gt'"),
    "an operator that is none": (needs(expression("Near", "ssd")), 'Invalid value: "Near": not a valid selector operator'),
    "a value that no label can have": (needs(expression("In", "9" * 400)), "must be no more than 63 bytes"),
    "no terms": (needs(), "must have at least one node selector term"),
    "weight 0": (weighs(0), "Invalid value: 0: must be in the range 1-100"),
    "weight 101": (weighs(101), "Invalid value: 101: must be in the range 1-100"),
    "no topology key": (
        {"affinity": {"podAffinity": {REQUIRED: [{**PEER, "topologyKey": ""}]}}},
        "topologyKey: Required value: can not be empty",
    ),
    "skew 0": (
        {"topologySpreadConstraints": [{**PEER, "maxSkew": 0, "whenUnsatisfiable": "DoNotSchedule"}]},
        "Invalid value: 0: must be greater than zero",
    ),
    "the same gate twice": ({"schedulingGates": [{"name": "g"}, {"name": "g"}]}, 'Duplicate value: "g"'),
    "an operator that no toleration has": ({"tolerations": [{"key": "k", "operator": "Near"}]}, 'Unsupported value: "Near"'),
    "seconds for NoSchedule": (
        {"tolerations": [{"key": "k", "operator": "Exists", "effect": "NoSchedule", "tolerationSeconds": 5}]},
        "effect must be 'NoExecute' when `tolerationSeconds` is set",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_the_api_server_refuses_never_reaches_the_queue(name: str) -> None:
    """422, in its words."""
    spec, words = REFUSED[name]
    world = rig.world()
    scheduler = Scheduler(world, SchedulerState())
    with pytest.raises(StatusError, match="is invalid") as caught:
        rig.pod(world, "bad", labels={"app": "web"}, **spec)
    assert words in caught.value.message
    assert caught.value.code == 422
    assert scheduler.state.queue.pods == {}


def tried(spec: Obj, cpu: str = "100m") -> tuple[World, Scheduler]:
    """A Pod `odd` on two nodes, for a minute."""
    world = rig.world()
    scheduler = Scheduler(world, SchedulerState())
    for node in ("n1", "n2"):
        rig.node(world, node, labels={"disk": "v999"})
    rig.pod(world, "odd", cpu=cpu, labels={"app": "odd"}, **spec)
    rig.run(world, 60_000)
    return world, scheduler


ACCEPTED: dict[str, tuple[Obj, str]] = {
    "a thousand values": (needs(expression("In", *(f"v{number}" for number in range(1000)))), ""),
    "a thousand terms": (needs(*(expression("In", f"x{number}") for number in range(1000)), expression("Exists")), ""),
    "five thousand tolerations": ({"tolerations": [{"key": f"k{number}", "operator": "Exists"} for number in range(5000)]}, ""),
    "a number that is none": (needs(expression("Gt", "big")), "2 node(s) didn't match Pod's node affinity/selector"),
    "itself as its own neighbour": (
        {"affinity": {"podAffinity": {REQUIRED: [{**PEER, "labelSelector": {"matchLabels": {"app": "odd"}}}]}}},
        "",
    ),
    "a neighbour that never comes": ({"affinity": {"podAffinity": {REQUIRED: [PEER]}}}, "2 node(s) didn't match pod affinity rules"),
}


@pytest.mark.parametrize("name", ACCEPTED)
def test_what_is_odd_but_right_is_judged_once(name: str) -> None:
    """Placed, or refused in one attempt that nothing repeats."""
    spec, words = ACCEPTED[name]
    world, scheduler = tried(spec)
    kept = scheduler.attempts("default", "odd")
    assert [each.number for each in kept] == [1]
    assert kept[0].message.startswith(f"0/2 nodes are available: {words}." if words else "")
    assert bool(world.api.get("pods", "odd", "default")["spec"].get("nodeName")) == (not words)


@pytest.mark.parametrize("cpu", ["9223372036854775807", "9223372036854775808", "9223372036854775807m", "1e30", "8Ei"])
def test_a_quantity_as_large_as_can_be_fits_nowhere(cpu: str) -> None:
    """At 2^63 and beyond: Insufficient, as any other that is too large."""
    _, scheduler = tried({}, cpu)
    assert [each.message.partition(". ")[0] for each in scheduler.attempts("default", "odd")] == [
        "0/2 nodes are available: 2 Insufficient cpu"
    ]


def test_ten_thousand_gates_hold_a_pod_and_are_named_to_nobody() -> None:
    """No attempt; the condition does not list them."""
    world, scheduler = tried({"schedulingGates": [{"name": f"g{number}"} for number in range(10_000)]})
    held = world.api.get("pods", "odd", "default")["status"]["conditions"][0]
    assert held["message"] == "Scheduling is blocked due to non-empty scheduling gates"
    assert (scheduler.attempts("default", "odd"), scheduler.state.queue.pods["default/odd"].place) == ([], "gated")


def test_two_pods_that_wait_for_each_other_wait_quietly() -> None:
    """Each wants to be near the other: neither comes, and neither is tried again and again."""
    world = rig.world()
    scheduler = Scheduler(world, SchedulerState())
    rig.node(world, "n1")
    for name, other in (("a", "b"), ("b", "a")):
        term = {**PEER, "labelSelector": {"matchLabels": {"app": other}}}
        rig.pod(world, name, labels={"app": name}, affinity={"podAffinity": {REQUIRED: [term]}})
    rig.run(world, 240_000)
    assert [scheduler.state.queue.pods[f"default/{name}"].attempts for name in ("a", "b")] == [1, 1]
