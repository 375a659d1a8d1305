"""A machine is shut down: who ends when, what stands in the statuses, what the node says and takes."""

from __future__ import annotations

import pytest

from podlab.sim.changes import Obj
from podlab.sim.cluster import Cluster
from podlab.sim.commands import Fault
from podlab.sim.errors import StatusError
from podlab.sim.kubelet.config import PATH
from podlab.sim.kubelet.shutdown import MESSAGE
from tests.sim.images.test_own import pod, run
from tests.sim.kubelet.test_config import HEAD, condition, configured, shell, started

STUBBORN = "trap '' TERM; while true; do sleep 1; done"


QUICK = "trap 'exit 3' TERM; while true; do sleep 1; done"


def shut_down(lab: Cluster, **args: str) -> None:
    lab.apply(Fault("shutdown", "node-1", args))


def two(lab: Cluster) -> None:
    """An ordinary Pod that ends when told, and a critical one."""
    shell(lab, "web", QUICK)
    shell(lab, "core", QUICK, priorityClassName="system-node-critical")
    lab.advance(lab.now + 10_000)


def condition_of(found: Obj, kind: str) -> Obj:
    return next(each for each in found["status"]["conditions"] if each["type"] == kind)


def test_ordinary_pods_go_first_then_critical_ones_then_the_machine() -> None:
    """And as soon as a group is over the next one's turn has come."""
    lab = started()
    two(lab)
    shut_down(lab)
    assert "False" == condition(lab, "Ready")
    ends = []
    for _ in range(100):
        lab.advance(lab.now + 200)
        for name in ("web", "core"):
            found = pod(lab, name)
            if found["status"]["phase"] == "Failed" and name not in ends:
                ends.append(name)
                assert ("Terminated", MESSAGE) == (found["status"]["reason"], found["status"]["message"])
    assert ["web", "core"] == ends
    lab.advance(lab.now + 60_000)
    assert "Unknown" == condition(lab, "Ready")


def test_what_the_status_says_of_it() -> None:
    """PH-10: Failed, Terminated, and a disruption by the kubelet; the node says that it is shutting down."""
    lab = started()
    shell(lab, "web", STUBBORN, terminationGracePeriodSeconds=5)
    lab.advance(lab.now + 5_000)
    shut_down(lab)
    ready = condition_of(lab.api.get("nodes", "node-1"), "Ready")
    assert ("KubeletNotReady", "node is shutting down") == (ready["reason"], ready["message"])
    lab.advance(lab.now + 7_000)
    disruption = condition_of(pod(lab, "web"), "DisruptionTarget")
    assert ("True", "TerminationByKubelet", MESSAGE) == (disruption["status"], disruption["reason"], disruption["message"])
    assert 137 == pod(lab, "web")["status"]["containerStatuses"][0]["state"]["terminated"]["exitCode"]
    events = [each["reason"] for each in lab.api.list("events") if each["involvedObject"]["kind"] == "Node"]
    assert "NodeShutdown" in events


def test_a_pods_own_grace_counts_where_it_is_shorter_and_the_groups_where_it_is_not() -> None:
    """Of 8 s two are kept for critical Pods."""
    lab = started()
    shell(lab, "patient", STUBBORN, terminationGracePeriodSeconds=60)
    lab.advance(lab.now + 5_000)
    before = lab.now
    shut_down(lab, grace="8s", critical="2s")
    while pod(lab, "patient")["status"]["phase"] == "Running" and lab.now < before + 20_000:
        lab.advance(lab.now + 500)
    assert before + 6_000 <= lab.now <= before + 8_000


def test_a_node_that_shuts_down_takes_nobody() -> None:
    """PH-15: NodeShutdown."""
    lab = started()
    shell(lab, "patient", STUBBORN, terminationGracePeriodSeconds=60)
    lab.advance(lab.now + 5_000)
    shut_down(lab)
    run(lab, "late", "podlab/web", nodeName="node-1")
    lab.advance(lab.now + 2_000)
    status = pod(lab, "late")["status"]
    assert ("Failed", "NodeShutdown", "Pod was rejected: Pod was rejected as the node is shutting down.") == (
        status["phase"],
        status["reason"],
        status["message"],
    )


def test_without_grace_the_power_is_off_at_once() -> None:
    """As a kubelet has it that kubeadm set up: nobody tells the Pods."""
    lab = started()
    two(lab)
    shut_down(lab, grace="0s", critical="0s")
    lab.advance(lab.now + 5_000)
    assert "Running" == pod(lab, "web")["status"]["phase"]
    assert "exited" == lab.kubelet.core.containerd.containers(pod(lab, "web")["metadata"]["uid"])[0].state


def test_the_kubelets_file_counts_before_the_menu() -> None:
    """shutdownGracePeriod."""
    lab = configured(started(), shutdownGracePeriod="4s", shutdownGracePeriodCriticalPods="1s")
    assert "shutdownGracePeriod: 4s" in (lab.linux.read_file("node/node-1", PATH) or HEAD)
    shell(lab, "patient", STUBBORN, terminationGracePeriodSeconds=60)
    lab.advance(lab.now + 5_000)
    before = lab.now
    shut_down(lab)
    while not lab.kubelet.core.node("node-1").down and lab.now < before + 20_000:
        lab.advance(lab.now + 500)
    assert before + 3_000 <= lab.now <= before + 5_000


def test_after_a_boot_the_node_is_as_before_and_the_pods_stay_failed() -> None:
    """Nobody but a controller runs them again."""
    lab = started()
    two(lab)
    shut_down(lab)
    lab.advance(lab.now + 60_000)
    lab.apply(Fault("poweron", "node-1"))
    lab.advance(lab.now + 30_000)
    assert ("True", "Failed") == (condition(lab, "Ready"), pod(lab, "web")["status"]["phase"])
    run(lab, "next", "podlab/web")
    lab.advance(lab.now + 10_000)
    assert "Running" == pod(lab, "next")["status"]["phase"]


def test_a_time_that_is_none_is_refused() -> None:
    """With the word that is wrong."""
    with pytest.raises(StatusError, match="invalid duration 'soon'"):
        shut_down(started(), grace="soon")


def test_switched_on_again_while_it_shuts_down_it_boots_once_it_is_off() -> None:
    """Nothing is taken back."""
    lab = started()
    two(lab)
    shut_down(lab)
    lab.apply(Fault("poweron", "node-1"))
    lab.advance(lab.now + 60_000)
    assert ("True", "Failed") == (condition(lab, "Ready"), pod(lab, "web")["status"]["phase"])
    assert "Rebooted" in [each["reason"] for each in lab.api.list("events")]
