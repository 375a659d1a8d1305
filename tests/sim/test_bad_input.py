"""What learners do to a node out of curiosity: bounded, told, and the node stays usable."""

from __future__ import annotations

import pytest

from podlab.sim.changes import Obj
from podlab.sim.cluster import Cluster
from podlab.sim.linux.pids import PID_MAX
from tests.sim.images.test_own import pod, run, sh, state
from tests.sim.story import ZERO_MS, booted

MINUTE_MS = 60_000
FLIP = "if [ -f /f ]; then rm /f; else touch /f; exit 1; fi"


@pytest.fixture
def lab() -> Cluster:
    """A cluster of one worker."""
    return Cluster.start(booted("solo"), 1, ZERO_MS)


def usable(lab: Cluster) -> bool:
    """Whether another Pod still comes up within half a minute."""
    run(lab, "after", "podlab/web")
    lab.advance(lab.now + 30_000)
    return bool(pod(lab, "after")["status"]["phase"] == "Running")


def shell(line: str) -> Obj:
    """A container that runs this line."""
    return {"command": ["sh", "-c", line]}


def events(lab: Cluster, reason: str) -> list[Obj]:
    """All Events of that reason."""
    return [each for each in lab.api.list("events", "default") if each["reason"] == reason]


def test_a_crash_loop_slows_down_and_is_told_in_few_events(lab: Cluster) -> None:
    """10, 20, 40, 80, 160 and then 300 seconds between starts: six restarts in ten minutes."""
    run(lab, "loop", "busybox", container=shell("exit 3"))
    lab.advance(lab.now + 10 * MINUTE_MS)
    seen = state(lab, "loop")
    assert ("CrashLoopBackOff", 6) == (seen["state"]["waiting"]["reason"], seen["restartCount"])
    assert 1 == len(events(lab, "BackOff"))


def test_a_fork_bomb_is_bounded_by_the_nodes_process_numbers(lab: Cluster) -> None:
    """The machine never has more processes than kernel.pid_max, and takes another Pod."""
    run(lab, "bomb", "busybox", container=shell("f(){ f|f& };f;sleep 1d"))
    most = 0
    for _ in range(90):
        lab.advance(lab.now + 1_000)
        most = max(most, lab.linux.pids.of_node("node-1"))
    assert PID_MAX / 2 < most <= PID_MAX
    assert usable(lab)


def test_yes_leaves_its_last_lines_and_a_usable_node(lab: Cluster) -> None:
    """Endless output costs bounded room, and its end can be read."""
    run(lab, "yes", "busybox", container=shell("yes"))
    lab.advance(lab.now + 3 * MINUTE_MS)
    assert "y\ny\n" == sh(lab, "kubectl logs yes --tail=2")
    assert len(lab.dump()) < 4 * 2**20
    assert usable(lab)


def test_a_gigabyte_of_log_is_kept_in_little_room(lab: Cluster) -> None:
    """The container runs on, the checkpoint does not grow by what was written."""
    run(lab, "logs", "busybox", container=shell("head -c 1000000000 /dev/zero; sleep 1d"))
    lab.advance(lab.now + MINUTE_MS)
    assert "running" in state(lab, "logs")["state"]
    assert len(lab.dump()) < 4 * 2**20
    assert usable(lab)


def test_a_probe_that_flaps_each_second_is_counted_in_one_event(lab: Cluster) -> None:
    """Its Events are aggregated and limited as client-go limits them: 25 at once, then one in five minutes."""
    probe = {"periodSeconds": 1, "failureThreshold": 1, "exec": {"command": ["sh", "-c", FLIP]}}
    run(lab, "flap", "podlab/web", container={"readinessProbe": probe})
    lab.advance(lab.now + 3 * MINUTE_MS)
    assert [25] == [each["count"] for each in events(lab, "Unhealthy")]
    assert 0 == state(lab, "flap")["restartCount"]


def test_a_hundred_containers_of_a_pod_all_run(lab: Cluster) -> None:
    """The API server sets no limit on their number."""
    others = [{"name": f"c{number}", "image": "busybox", **shell("sleep 1d")} for number in range(100)]
    meta = {"name": "hundred", "namespace": "default"}
    lab.api.create("pods", {"apiVersion": "v1", "kind": "Pod", "metadata": meta, "spec": {"containers": others}}, by="learner")
    lab.advance(lab.now + 5 * MINUTE_MS)
    statuses = pod(lab, "hundred")["status"]["containerStatuses"]
    assert 100 == sum("running" in each["state"] for each in statuses)
