"""A Pod from its binding to its end, as the API server sees it."""

from __future__ import annotations

from tests.sim.kubelet.rig import Rig


def condition(rig: Rig, type_: str) -> str:
    return next(str(each["status"]) for each in rig.status()["conditions"] if each["type"] == type_)


def test_a_pod_comes_up_in_the_recorded_order_of_events_and_is_ready() -> None:
    """EV-4, CO-5: Pulled, Created, Started; the last status write says Running and Ready at once, with the address."""
    rig = Rig()
    rig.pod({"containers": [{"name": "app"}]})
    rig.run(5)
    assert [reason for _, reason, _, _ in rig.events()] == ["Pulled", "Created", "Started"]
    assert rig.status()["phase"] == "Running"
    assert rig.status()["podIP"] == "10.244.1.1"
    assert [condition(rig, each) for each in ("PodReadyToStartContainers", "Initialized", "Ready", "ContainersReady", "PodScheduled")] == [
        "True"
    ] * 5
    assert len([each for each in rig.changes() if each.type == "MODIFIED"]) == 3


def test_a_quiet_pod_leaves_nothing_on_the_heap() -> None:
    """A healthy idle cluster has an empty heap."""
    rig = Rig()
    rig.pod({"containers": [{"name": "app"}]})
    rig.run(5)
    assert rig.timers() == []


def test_a_deleted_pod_ends_in_one_write_and_is_gone() -> None:
    """TD-7, TD-8, PH-12: the containers' end, the phase and the conditions come together, then the object goes."""
    rig = Rig()
    rig.pod({"containers": [{"name": "app", "command": ["run", "-", "--stop", "3", "0"]}]})
    rig.run(5)
    rig.api.delete("pods", "p", "default", by="learner")
    rig.run(7)
    assert rig.status()["phase"] == "Running"
    rig.run(20)
    assert rig.get() is None
    ended = [each.new["status"] for each in rig.changes() if each.new["status"]["phase"] == "Succeeded"]
    assert ended[0]["containerStatuses"][0]["state"]["terminated"]["exitCode"] == 0
    assert rig.kubelet.core.state.workers == {}
    assert rig.timers() == []


def test_a_deaf_process_is_killed_when_its_grace_is_over() -> None:
    """TD-2, TD-5: SIGKILL after the grace period, exit code 137, phase Failed."""
    rig = Rig()
    rig.pod({"containers": [{"name": "app", "command": ["run", "-", "--deaf"]}], "terminationGracePeriodSeconds": 10})
    rig.run(5)
    rig.api.delete("pods", "p", "default", by="learner")
    rig.run(14.9)
    assert rig.status()["phase"] == "Running"
    rig.run(15.5)
    assert rig.status()["phase"] == "Failed"
    assert rig.status()["containerStatuses"][0]["state"]["terminated"]["exitCode"] == 137


def test_a_crash_loop_starts_at_the_recorded_delays_and_stays_running() -> None:
    """RB-20, SM-3, PH-8: starts at 0, then 0, 10, 20 s after each end; STATUS reads Error until the back-off ends."""
    rig = Rig({"kubelet.sandbox": 0, "kubelet.create": 0, "kubelet.start": 0, "kubelet.admit": 0, "kubelet.status": 0, "linux.exec": 0})
    rig.pod({"containers": [{"name": "app", "command": ["run", "1", "1"]}]})
    rig.run(60)
    assert [t for t, reason, _, _ in rig.events() if reason == "Started"] == [0, 1, 12, 33]
    assert {"Running"} == {each.new["status"]["phase"] for each in rig.changes()[4:]}
    assert "terminated" in rig.status()["containerStatuses"][0]["state"]
