"""A DaemonSet's rolling update, with and without a surge."""

from __future__ import annotations

import pytest

from podlab.sim.changes import Obj
from podlab.sim.controllers.daemonset import update
from podlab.sim.controllers.daemonset.nodes import Rule, Step, on_node
from podlab.sim.controllers.daemonset.pods import pinned, with_tolerations
from podlab.sim.controllers.revisions import LABEL
from podlab.sim.world import World
from tests.sim import rig
from tests.sim.controllers.test_sets import LABELS, made, workload

RULE = Rule("new", 0, 0, True)


def pod(name: str, *, ready: bool = True, node: str = "n1", terminating: bool = False) -> Obj:
    """`new-…` is of the present template, `old-…` of the one before."""
    meta: Obj = {"name": name, "labels": {LABEL: name[:3]}} | ({"deletionTimestamp": "x"} if terminating else {})
    condition = {"type": "Ready", "status": "True" if ready else "False", "lastTransitionTime": "1970-01-01T00:00:00Z"}
    return {"metadata": meta, "spec": {"nodeName": node}, "status": {"phase": "Running", "conditions": [condition]}}


def names(step: Step) -> tuple[list[str], list[str]]:
    return step.create, [each["metadata"]["name"] for each in step.delete]


SURGES = {
    "an old one that is ready is a candidate": ({"a": [pod("old-a")], "b": [pod("old-b")]}, 1, (["a"], [])),
    "no more than the surge at a time": ({"a": [pod("old-a"), pod("new-a", ready=False)], "b": [pod("old-b")]}, 1, ([], [])),
    "the old one goes when the new one is there": ({"a": [pod("old-a"), pod("new-a")], "b": [pod("old-b")]}, 1, (["b"], ["old-a"])),
    "an old one that is not ready is replaced whatever the surge": (
        {"a": [pod("old-a", ready=False)], "b": [pod("old-b"), pod("new-b", ready=False)]},
        1,
        (["a"], []),
    ),
    "of two that are not ready the old one goes": ({"a": [pod("old-a", ready=False), pod("new-a", ready=False)]}, 1, ([], ["old-a"])),
    "several of a kind count as a surge": ({"a": [pod("old-1"), pod("old-2")], "b": [pod("old-b")]}, 1, ([], [])),
    "where none should run, it stays until enough are available elsewhere": (
        {"x": [pod("old-x")], "a": [pod("old-a", ready=False)]},
        1,
        (["a"], []),
    ),
    "and goes then": ({"x": [pod("old-x")], "a": [pod("new-a")], "b": [pod("new-b")]}, 1, ([], ["old-x"])),
    "one that is not available goes from there at once": ({"x": [pod("old-x", ready=False)], "a": [pod("new-a")]}, 1, ([], ["old-x"])),
}


@pytest.mark.parametrize("name", SURGES)
def test_a_surge_puts_new_pods_beside_old_ones(name: str) -> None:
    """Nodes a, b are wanted; x is not."""
    by_node, most, expected = SURGES[name]
    wanted = [each for each in by_node if each != "x"]
    assert names(update.with_surge(by_node, most, wanted, RULE)) == expected


WITHOUT = {
    "one old one goes at a time": ({"a": [pod("old-a")], "b": [pod("old-b")]}, 1, ["old-a"]),
    "none while one is missing": ({"a": [], "b": [pod("old-b")]}, 1, []),
    "none while a new one is not ready": ({"a": [pod("new-a", ready=False)], "b": [pod("old-b")]}, 1, []),
    "those that are not ready go at once, and count": (
        {"a": [pod("old-a", ready=False)], "b": [pod("old-b", ready=False)], "c": [pod("old-c")]},
        1,
        ["old-a", "old-b"],
    ),
    "one that is ending is missing": ({"a": [pod("old-a", terminating=True)], "b": [pod("old-b")]}, 1, []),
    "two at a time": ({"a": [pod("old-a")], "b": [pod("old-b")], "c": [pod("old-c")]}, 2, ["old-a", "old-b"]),
}


@pytest.mark.parametrize("name", WITHOUT)
def test_without_a_surge_old_pods_go_first(name: str) -> None:
    """At most so many are missing at a time."""
    by_node, most, expected = WITHOUT[name]
    assert names(update.without_surge(by_node, most, RULE)) == ([], expected)


KEPT = {
    "two stay while the new one is not there": ([pod("old-a"), pod("new-a", ready=False)], ([], [])),
    "the old one goes when it is not ready": ([pod("old-a", ready=False), pod("new-a", ready=False)], ([], ["old-a"])),
    "the old one goes when the new one is there": ([pod("old-a"), pod("new-a")], ([], ["old-a"])),
    "of each kind one": ([pod("old-1"), pod("old-2"), pod("new-1", ready=False), pod("new-2")], ([], ["new-2", "old-2"])),
    "one that is ending is no Pod any more": ([pod("old-a", terminating=True)], (["n1"], [])),
}


@pytest.mark.parametrize("name", KEPT)
def test_with_a_surge_a_node_may_have_two(name: str) -> None:
    """One of the old template and one of the new."""
    pods, expected = KEPT[name]
    step = Step()
    on_node(step, "n1", pods, True, True, RULE)
    assert names(step) == expected


def test_numbers_of_an_update_are_rounded_up() -> None:
    """Neither of them set means one."""

    def owner(**rolling: object) -> Obj:
        return {"spec": {"updateStrategy": {"type": "RollingUpdate", "rollingUpdate": rolling}}}

    assert update.surge_of(owner(maxSurge="34%", maxUnavailable=0), 3) == 2
    assert update.unavailable_of(owner(maxSurge=1, maxUnavailable=0), 3) == 0
    assert update.unavailable_of(owner(maxSurge=0, maxUnavailable="1%"), 3) == 1
    assert update.unavailable_of(owner(maxSurge=0, maxUnavailable=0), 3) == 1
    assert update.surge_of({"spec": {"updateStrategy": {"type": "OnDelete"}}}, 3) == 0


def test_the_terms_of_the_template_are_replaced_by_the_nodes_name() -> None:
    """The controller has judged them; preferences stay."""
    held = {"required": 1}
    key = "requiredDuringSchedulingIgnoredDuringExecution"
    term = {"matchExpressions": [{"key": "disk", "operator": "Exists"}]}
    given = {"nodeAffinity": {key: {"nodeSelectorTerms": [term]}, "preferredDuringSchedulingIgnoredDuringExecution": [held]}}
    made_ = pinned(given, "n1")["nodeAffinity"]
    assert made_[key] == {"nodeSelectorTerms": [{"matchFields": [{"key": "metadata.name", "operator": "In", "values": ["n1"]}]}]}
    assert made_["preferredDuringSchedulingIgnoredDuringExecution"] == [held]


def test_a_toleration_for_a_time_is_taken_for_ever() -> None:
    """The same key, operator and effect stands once."""
    own = {"key": "node.kubernetes.io/not-ready", "operator": "Exists", "effect": "NoExecute"}
    assert with_tolerations([{**own, "tolerationSeconds": 5}], [own]) == [own]


def living(world: World) -> dict[str, list[str]]:
    """Node → images of the Pods that are not ending."""
    found: dict[str, list[str]] = {}
    for each in world.api.list("pods", "default"):
        if "deletionTimestamp" not in each["metadata"]:
            found.setdefault(update_target(each), []).append(each["spec"]["containers"][0]["image"])
    return found


def update_target(each: Obj) -> str:
    return str(
        each["spec"].get("nodeName")
        or each["spec"]["affinity"]["nodeAffinity"]["requiredDuringSchedulingIgnoredDuringExecution"]["nodeSelectorTerms"][0][
            "matchFields"
        ][0]["values"][0]
    )


def run_all(world: World) -> None:
    """Bind and start what waits."""
    for each in world.api.list("pods", "default"):
        if not each["spec"].get("nodeName"):
            world.api.bind("default", each["metadata"]["name"], update_target(each))
            rig.ready(world, each["metadata"]["name"], "10.244.1.7")
    rig.run(world, 200)


def test_a_daemon_set_with_a_surge_is_never_without_a_pod() -> None:
    """Two nodes, one surge: new beside old on one node, then on the other."""
    world = made()
    strategy = {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0}}
    workload(world, "DaemonSet", updateStrategy=strategy)
    rig.run(world, 200)
    run_all(world)
    held = world.api.get("daemonsets", "web", "default")
    template = {"metadata": {"labels": LABELS}, "spec": {"containers": [{"name": "c", "image": "nginx:2"}]}}
    world.api.update("daemonsets", {**held, "spec": {**held["spec"], "template": template}}, by="learner")
    rig.run(world, 200)
    assert living(world) == {"node-1": ["nginx", "nginx:2"], "node-2": ["nginx"]}
    run_all(world)
    assert living(world) == {"node-1": ["nginx:2"], "node-2": ["nginx", "nginx:2"]}
    run_all(world)
    assert living(world) == {"node-1": ["nginx:2"], "node-2": ["nginx:2"]}


def test_a_pod_pinned_to_a_node_that_is_gone_goes_too() -> None:
    """It could never be placed."""
    world = made()
    workload(world, "DaemonSet")
    rig.run(world, 200)
    world.api.delete("nodes", "node-2", by="learner")
    rig.run(world, 200)
    assert living(world) == {"node-1": ["nginx"]}
