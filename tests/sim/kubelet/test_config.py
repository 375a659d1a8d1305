"""A kubelet's configuration: what its file may say, and what it does from then on."""

from __future__ import annotations

from typing import Any

import pytest

from podlab.sim.changes import ObjectChange
from podlab.sim.cluster import Cluster
from podlab.sim.commands import Fault
from podlab.sim.errors import StatusError
from podlab.sim.images.machines import KUBELET
from podlab.sim.kubelet.config import PATH, Config, read, written
from podlab.sim.kubelet.eviction_policy import DEFAULTS, Threshold
from tests.sim.images.test_own import pod, run
from tests.sim.story import ZERO_MS, booted

HEAD = "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n"


def started() -> Cluster:
    return Cluster.start(booted("solo"), 1, ZERO_MS)


def configured(lab: Cluster, **settings: str) -> Cluster:
    lab.apply(Fault("kubelet-config", "node-1", settings))
    return lab


def shell(lab: Cluster, name: str, line: str, **spec: Any) -> None:
    container = {"command": ["sh", "-c", line]} | spec.pop("container", {})
    run(lab, name, "busybox", container=container, **spec)


def condition(lab: Cluster, kind: str) -> str:
    return next(str(each["status"]) for each in lab.api.get("nodes", "node-1")["status"]["conditions"] if each["type"] == kind)


def test_what_kubeadm_writes_changes_nothing() -> None:
    """Its zeros mean the defaults."""
    assert Config() == read(KUBELET)


def test_hard_thresholds_replace_the_defaults_unless_they_are_to_be_merged() -> None:
    """E1."""
    text = HEAD + "evictionHard: {pid.available: 10%}\n"
    pids = Threshold("pid.available", "10%")
    assert [pids] == read(text).thresholds
    assert [*DEFAULTS, pids] == read(text + "mergeDefaultEvictionSettings: true\n").thresholds


def test_flags_become_a_file() -> None:
    """`<` for thresholds, `=` for their graces."""
    text = written({"evictionSoft": "memory.available<1Gi", "evictionSoftGracePeriod": "memory.available=1m30s", "podPidsLimit": "64"})
    assert Threshold("memory.available", "1Gi", 90_000) == read(text).thresholds[-1]
    assert 64 == read(text).pids


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("kind: [", "failed to load kubelet config file"),
        ("", "it must be a kubelet.config.k8s.io/v1beta1"),
        (HEAD + "evictionHard: {disk: 1%}", "unknown eviction signal disk"),
        (HEAD + "evictionHard: {memory.available: '-1'}", "must be positive"),
        (HEAD + "evictionHard: [memory.available]", "must be a map"),
        (HEAD + "evictionSoft: {memory.available: 1Gi}", "grace period must be specified"),
        (HEAD + "podPidsLimit: 0", "podPidsLimit 0"),
        (HEAD + "podPidsLimit: many", "must be a number"),
        (HEAD + "shutdownGracePeriod: 10", "must be a duration"),
        (HEAD + "shutdownGracePeriodCriticalPods: 10s", "must be <= shutdownGracePeriod"),
    ],
)
def test_what_a_kubelet_would_not_start_with(text: str, words: str) -> None:
    """It says why."""
    with pytest.raises(ValueError, match=words.replace("(", r"\(")):
        read(text)


def test_a_wrong_file_keeps_the_kubelet_from_starting_until_it_is_right() -> None:
    """Its node falls silent, and is lost."""
    lab = started()
    lab.linux.write_file("node/node-1", PATH, HEAD + "podPidsLimit: 0\n")
    lab.apply(Fault("stop-kubelet", "node-1"))
    with pytest.raises(StatusError, match="ends as soon as it starts: invalid configuration: podPidsLimit 0"):
        lab.apply(Fault("start-kubelet", "node-1"))
    lab.advance(lab.now + 70_000)
    assert "Unknown" == condition(lab, "Ready")
    lab.apply(Fault("kubelet-defaults", "node-1"))
    lab.advance(lab.now + 20_000)
    assert "True" == condition(lab, "Ready")


def test_the_menu_refuses_what_the_kubelet_would_not_start_with() -> None:
    """And leaves the file as it is."""
    lab = started()
    with pytest.raises(StatusError, match="the kubelet would not start: unknown eviction signal disk"):
        configured(lab, evictionHard="disk<1%")
    with pytest.raises(StatusError, match="is not like memory"):
        configured(lab, evictionHard="disk")
    assert KUBELET == lab.linux.read_file("node/node-1", PATH)


def test_what_hard_thresholds_keep_is_not_allocatable() -> None:
    """SM-9; with the defaults again it is as before."""
    lab = configured(started(), evictionHard="memory.available<248Mi,nodefs.available<10%")
    lab.advance(lab.now + 10_000)
    held = lab.api.get("nodes", "node-1")["status"]["allocatable"]
    assert ("1800Mi", "219148070228") == (held["memory"], held["ephemeral-storage"])
    lab.apply(Fault("kubelet-defaults", "node-1"))
    lab.advance(lab.now + 10_000)
    held = lab.api.get("nodes", "node-1")["status"]["allocatable"]
    assert ("1948Mi", "243497856212") == (held["memory"], held["ephemeral-storage"])


def test_a_soft_threshold_waits_for_its_grace_but_shows_at_once() -> None:
    """E3, E4, E9: the condition comes first; whoever goes has the grace that the configuration allows."""
    lab = configured(
        started(),
        evictionSoft="memory.available<1Gi",
        evictionSoftGracePeriod="memory.available=1m",
        evictionMaxPodGracePeriod="7",
    )
    run(lab, "eater", "podlab/mem", {"MEM_START": "1200Mi"})
    lab.advance(lab.now + 45_000)
    assert ("Running", "True") == (pod(lab, "eater")["status"]["phase"], condition(lab, "MemoryPressure"))
    lab.advance(lab.now + 45_000)
    status = pod(lab, "eater")["status"]
    assert ("Failed", "Evicted") == (status["phase"], status["reason"])
    assert status["message"].startswith("The node was low on resource: memory. Threshold quantity: 1Gi, available: ")
    told = [each.cause.args for each in lab.take_changes() if isinstance(each, ObjectChange) and each.cause and each.cause.rule == "E7"]
    assert [(60, 7)] == [(each["soft_s"], each["granted_s"]) for each in told if each.get("soft_s")]


def test_a_soft_threshold_that_is_no_longer_met_starts_anew() -> None:
    """E4: without a break."""
    lab = configured(started(), evictionSoft="memory.available<1Gi", evictionSoftGracePeriod="memory.available=1m")
    run(lab, "web", "podlab/web")
    for _ in range(3):
        lab.apply(Fault("memory-pressure", "node-1", {"left": "500Mi", "seconds": "35"}))
        lab.advance(lab.now + 60_000)
    assert ("Running", "True") == (pod(lab, "web")["status"]["phase"], condition(lab, "MemoryPressure"))


def test_conditions_outlast_their_cause_as_long_as_is_configured() -> None:
    """E3."""
    lab = configured(started(), evictionHard="memory.available<1Gi", evictionPressureTransitionPeriod="30s")
    lab.apply(Fault("memory-pressure", "node-1", {"left": "500Mi", "seconds": "15"}))
    lab.advance(lab.now + 40_000)
    assert "True" == condition(lab, "MemoryPressure")
    lab.advance(lab.now + 30_000)
    assert "False" == condition(lab, "MemoryPressure")


BOMB = "b(){ b|b& }; b; sleep 1d"


def test_a_fork_bomb_takes_the_machine_but_no_condition_where_no_threshold_is() -> None:
    """Upstream has none for process numbers by default; nobody can fork meanwhile."""
    lab = started()
    shell(lab, "bomb", BOMB)
    shell(lab, "other", "sleep 8; true | cat; sleep 1d", restartPolicy="Never")
    lab.advance(lab.now + 12_000)
    assert ("Running", "False") == (pod(lab, "bomb")["status"]["phase"], condition(lab, "PIDPressure"))
    log = "".join(text for _, text in lab.linux.log(pod(lab, "other")["metadata"]["uid"], "app", 0))
    assert "sh: can't fork: Resource temporarily unavailable\n" == log


def test_a_fork_bomb_is_evicted_where_a_threshold_is() -> None:
    """E5, E7 for pids: PIDPressure, its taint, who has most processes goes, requests play no part."""
    lab = configured(started(), evictionHard="pid.available<10%")
    shell(lab, "calm", "sleep 1d")
    shell(lab, "bomb", BOMB)
    lab.advance(lab.now + 40_000)
    status = pod(lab, "bomb")["status"]
    assert ("Failed", "Evicted") == (status["phase"], status["reason"])
    assert status["message"].startswith("The node was low on resource: pids. Threshold quantity: 102, available: ")
    assert "larger consumption" not in status["message"]
    assert ("Running", "True") == (pod(lab, "calm")["status"]["phase"], condition(lab, "PIDPressure"))
    assert ["node.kubernetes.io/pid-pressure"] == [each["key"] for each in lab.api.get("nodes", "node-1")["spec"]["taints"]]


def test_a_pods_own_limit_stops_its_bomb_and_nobody_else() -> None:
    """podPidsLimit: a limit of each Pod's cgroup."""
    lab = configured(started(), podPidsLimit="12")
    shell(lab, "bomb", BOMB)
    shell(lab, "other", "sleep 8; true | cat; echo well; sleep 1d", restartPolicy="Never")
    most = 0
    while lab.now < 12_000:
        lab.advance(lab.now + 50)
        most = max(most, *(lab.linux.pids.of_host(name) for name in lab.state.linux.hosts if name.startswith("container/")))
    assert most in range(10, 13)
    assert "well\n" == "".join(text for _, text in lab.linux.log(pod(lab, "other")["metadata"]["uid"], "app", 0))


def test_a_process_of_the_machine_that_multiplies_presses_until_it_is_relieved() -> None:
    """The fault `pid-pressure`; Pods go one a look, though they are not to blame."""
    lab = configured(started(), evictionHard="pid.available<10%", evictionPressureTransitionPeriod="20s")
    shell(lab, "calm", "sleep 1d")
    lab.advance(lab.now + 5_000)
    lab.apply(Fault("pid-pressure", "node-1"))
    lab.advance(lab.now + 30_000)
    assert ("Evicted", "True") == (pod(lab, "calm")["status"]["reason"], condition(lab, "PIDPressure"))
    lab.apply(Fault("relieve", "node-1"))
    lab.advance(lab.now + 60_000)
    assert "False" == condition(lab, "PIDPressure")
