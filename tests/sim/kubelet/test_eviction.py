"""Eviction: who goes, what is said, what the node shows."""

from __future__ import annotations

from podlab.sim.changes import Obj
from podlab.sim.cluster import Cluster
from podlab.sim.commands import Fault
from podlab.sim.kubelet.eviction_policy import Candidate, rank
from tests.sim.images.test_own import pod, run
from tests.sim.kubelet.rig import Rig
from tests.sim.story import ZERO_MS, booted


def candidate(name: str, usage: int, request: str = "0", priority: int = 0) -> Candidate:
    spec: Obj = {"priority": priority, "containers": [{"name": "c", "resources": {"requests": {"memory": request}}}]}
    return Candidate(name, {"metadata": {"name": name}, "spec": spec}, {"c": usage})


def naive_first(candidates: list[Candidate]) -> str:
    """E7 once more, by comparing each with each."""
    best = candidates[0]
    for each in candidates[1:]:
        over, best_over = each.used() - each.requested("memory"), best.used() - best.requested("memory")
        if (over > 0) != (best_over > 0):
            best = each if over > 0 else best
        elif each.pod["spec"]["priority"] != best.pod["spec"]["priority"]:
            best = each if each.pod["spec"]["priority"] < best.pod["spec"]["priority"] else best
        elif over > best_over:
            best = each
    return best.name


def test_the_first_of_the_ranking_is_the_one_a_naive_look_finds() -> None:
    """E7, twice."""
    everyone = [
        candidate(f"{usage}-{request}-{priority}", usage, request, priority)
        for usage in (0, 50, 300)
        for request in ("0", "100", "200")
        for priority in (-1, 0, 7)
    ]
    for first in range(len(everyone)):
        some = everyone[first:] + everyone[: first // 2]
        assert naive_first(some) == rank(some, "memory")[0].name


def test_a_node_short_of_memory_evicts_tells_why_and_says_so_for_five_minutes() -> None:
    """E3, E10: reason Evicted, DisruptionTarget, MemoryPressure until 5 minutes after."""
    rig = Rig()
    rig.containerd.stock("node-1", ["polinux/stress"])
    stress = ["stress", "--vm", "1", "--vm-bytes", "1990M", "--vm-hang", "0"]
    rig.pod({"containers": [{"name": "app", "image": "polinux/stress", "command": stress}]})
    rig.run(40)
    status = rig.status()
    assert ("Failed", "Evicted") == (status["phase"], status["reason"])
    assert status["message"].startswith("The node was low on resource: memory. Threshold quantity: 100Mi, available: ")
    assert "TerminationByKubelet" == next(each["reason"] for each in status["conditions"] if each["type"] == "DisruptionTarget")
    assert "EvictionThresholdMet" in [reason for _, reason, _, _ in rig.events()]
    assert "True" == pressure(rig)
    rig.run(290)
    assert "True" == pressure(rig)
    rig.run(340)
    assert "False" == pressure(rig)
    assert [] == rig.timers()


def test_a_resize_that_waits_leaves_the_old_requests_in_the_ranking() -> None:
    """SM-10: who asks for more in vain is still the one who uses more than was given; who has been given more is not."""
    for wanted, over in (("1Gi", "request is 900Mi"), ("1800Mi", "request is 64Mi")):
        rig = Rig()
        rig.containerd.stock("node-1", ["polinux/stress"])
        for name, size, request in (("p", "950M", "64Mi"), ("other", "1010M", "900Mi")):
            container = {
                "name": "app",
                "image": "polinux/stress",
                "command": ["stress", "--vm", "1", "--vm-bytes", size, "--vm-hang", "0"],
                "resources": {"requests": {"memory": request}},
            }
            rig.pod({"containers": [container]}, name)
        rig.run(1)
        held = rig.api.get("pods", "p", "default")
        resized = {**held["spec"]["containers"][0], "resources": {"requests": {"memory": wanted}}}
        rig.api.update("pods", {**held, "spec": {**held["spec"], "containers": [resized]}}, by="learner", subresource="resize")
        rig.run(40)
        told = next(message for _, reason, message, _ in rig.events() if reason == "Evicted")
        assert over == told[told.index("request is") :].split(",")[0]


def pressure(rig: Rig) -> str:
    conditions = rig.api.get("nodes", "node-1")["status"]["conditions"]
    return next(str(each["status"]) for each in conditions if each["type"] == "MemoryPressure")


def test_an_empty_dir_over_its_limit_ends_its_pod_without_disruption() -> None:
    """E12, PH-10: a good end is Succeeded, a bad one Failed and Evicted."""
    rig = Rig()
    script = "sleep 2; i=0; while [ $i -lt 300 ]; do echo 0123456789; i=$((i+1)); done > /v/f; while true; do sleep 1; done"
    rig.pod(
        {
            "containers": [{"name": "app", "command": ["sh", "-c", script], "volumeMounts": [{"name": "v", "mountPath": "/v"}]}],
            "volumes": [{"name": "v", "emptyDir": {"sizeLimit": "1Ki"}}],
        }
    )
    rig.run(60)
    status = rig.status()
    assert ("Failed", "Evicted", 'Usage of EmptyDir volume "v" exceeds the limit "1Ki". ') == (
        status["phase"],
        status["reason"],
        status["message"],
    )
    assert "DisruptionTarget" not in [each["type"] for each in status["conditions"]]


def test_a_pod_that_asks_for_too_much_is_refused() -> None:
    """PH-15: OutOfcpu, with the numbers; no container statuses."""
    rig = Rig()
    rig.pod({"containers": [{"name": "app", "resources": {"requests": {"cpu": "3"}}}]})
    rig.run(3)
    status = rig.status()
    assert ("Failed", "OutOfcpu") == (status["phase"], status["reason"])
    assert "Pod was rejected: Node didn't have enough resource: cpu, requested: 3000, used: 0, capacity: 2000" == status["message"]
    assert not status.get("containerStatuses")


def filled(lab: Cluster, left: int) -> None:
    """Let a process of node-1 fill the disk but for so many bytes."""
    capacity = int(lab.api.get("nodes", "node-1")["status"]["capacity"]["ephemeral-storage"])
    held = sum(lab.containerd.images("node-1").values())
    lab.apply(Fault("disk-pressure", "node-1", {"size": str(capacity - held - left)}))
    lab.advance(lab.now + 30_000)


def test_unused_images_go_before_any_pod() -> None:
    """E6: where that suffices nobody is evicted; what runs keeps its image, others are pulled again."""
    lab = Cluster.start(booted("solo"), 1, ZERO_MS)
    run(lab, "web", "podlab/web")
    lab.advance(10_000)
    filled(lab, int(lab.api.get("nodes", "node-1")["status"]["capacity"]["ephemeral-storage"]) * 15 // 100 - 1)
    run(lab, "mem", "podlab/mem", container={"imagePullPolicy": "IfNotPresent"}, tolerations=[{"operator": "Exists"}], nodeName="node-1")
    lab.advance(lab.now + 10_000)
    node = {each["type"]: each["status"] for each in lab.api.get("nodes", "node-1")["status"]["conditions"]}
    assert ("Running", "True") == (pod(lab, "web")["status"]["phase"], node["DiskPressure"])
    assert (True, False) == (
        lab.containerd.has_image("node-1", "docker.io/podlab/web:latest"),
        lab.containerd.has_image("node-1", "docker.io/library/nginx:1.27"),
    )


def test_where_images_do_not_suffice_a_pod_goes() -> None:
    """The one that wrote most over its request."""
    lab = Cluster.start(booted("solo"), 1, ZERO_MS)
    run(lab, "web", "podlab/web")
    run(lab, "writer", "busybox", container={"command": ["sh", "-c", "head -c 200000 /dev/zero > /x; sleep 1d"]})
    lab.advance(10_000)
    filled(lab, 1_000_000)
    phases = {name: pod(lab, name)["status"].get("reason", "") for name in ("web", "writer")}
    assert "Evicted" == phases["writer"]


def test_of_several_resources_that_are_short_the_first_is_told() -> None:
    """PH-15: cpu before memory, however the manifest names them."""
    rig = Rig()
    rig.pod({"containers": [{"name": "app", "resources": {"requests": {"memory": "9Gi", "cpu": "5"}}}]})
    rig.run(3)
    assert "OutOfcpu" == rig.status()["reason"]


def test_a_resource_that_no_node_has_is_not_the_kubelets_affair() -> None:
    """Resources of the whole cluster are unknown to nodes: who was bound by hand is taken."""
    rig = Rig()
    rig.pod({"containers": [{"name": "app", "resources": {"limits": {"example.com/licence": "1"}}}]})
    rig.run(5)
    assert "Running" == rig.status()["phase"]
