"""Ending containers: grace, order, hooks."""

from __future__ import annotations

from typing import Any

import pytest

from podlab.sim.containerd.types import Container, Sandbox
from podlab.sim.kubelet.pod_actions import Runtime, compute
from tests.sim.kubelet.rig import Rig

STOPS = ["run", "-", "--stop", "1", "0"]


def deleted(spec: dict[str, Any], grace: int | None = None) -> Rig:
    """A Pod that is deleted at 5 s, half a minute later."""
    rig = Rig()
    rig.pod(spec)
    rig.run(5)
    rig.api.delete("pods", "p", "default", by="learner", grace=grace)
    rig.run(45)
    return rig


def ends(rig: Rig) -> dict[str, int]:
    """Container → the second of its end, from the deletion on."""
    statuses = [
        each
        for change in rig.changes()
        for key in ("containerStatuses", "initContainerStatuses")
        for each in change.new["status"].get(key) or ()
    ]
    return {
        each["name"]: rig.world.instant(each["state"]["terminated"]["finishedAt"]) // 1000 - 5
        for each in statuses
        if "terminated" in each["state"]
    }


def test_sidecars_stop_after_the_others_and_the_last_one_first() -> None:
    """TD-4: in reverse order, one after another, within the common grace."""
    sides = [{"name": name, "command": STOPS, "restartPolicy": "Always"} for name in ("one", "two")]
    rig = deleted({"initContainers": sides, "containers": [{"name": "app", "command": ["run", "-", "--stop", "2", "0"]}]})
    assert {"app": 2, "two": 3, "one": 4} == ends(rig)


@pytest.mark.parametrize(("grace", "seconds"), [(None, 8), (3, 3), (1, 2)])
def test_the_grace_is_the_requests_or_the_specs_and_at_least_two_seconds(grace: int | None, seconds: int) -> None:
    """TD-1, TD-2, TD-6."""
    rig = deleted({"containers": [{"name": "app", "command": ["run", "-", "--deaf"]}], "terminationGracePeriodSeconds": 8}, grace)
    assert {"app": seconds} == ends(rig)


def test_a_pre_stop_hook_spends_the_grace() -> None:
    """TD-2: TERM after the hook, KILL when all of the grace is over."""
    rig = deleted(
        {
            "containers": [{"name": "app", "command": ["run", "-", "--deaf"], "lifecycle": {"preStop": {"sleep": {"seconds": 4}}}}],
            "terminationGracePeriodSeconds": 10,
        }
    )
    assert {"app": 10} == ends(rig)


def test_a_pre_stop_hook_that_fails_or_takes_too_long_is_told_and_the_stop_goes_on() -> None:
    """TD-3."""
    for command, seconds in ((["false"], 0), (["sleep", "60"], 6)):
        rig = deleted(
            {
                "containers": [
                    {"name": "app", "command": ["run", "-", "--stop", "0", "0"], "lifecycle": {"preStop": {"exec": {"command": command}}}}
                ],
                "terminationGracePeriodSeconds": 6,
            }
        )
        assert {"app": seconds} == ends(rig)
        assert "PreStopHook failed" in [message for _, _, message, _ in rig.events()]


def test_a_post_start_hook_that_fails_kills_its_container() -> None:
    """RB-16: PostStartHookError with the hook's words."""
    rig = Rig()
    rig.pod(
        {
            "containers": [
                {"name": "app", "command": STOPS, "lifecycle": {"postStart": {"exec": {"command": ["sh", "-c", "echo no; exit 1"]}}}}
            ]
        }
    )
    rig.run(4)
    waiting = [
        each["state"]["waiting"]
        for change in rig.changes()
        for each in change.new["status"].get("containerStatuses") or ()
        if "waiting" in each["state"]
    ]
    told = next(each["message"] for each in waiting if each["reason"] == "PostStartHookError")
    uid = (rig.get() or {})["metadata"]["uid"]
    assert (
        told
        == f'Exec lifecycle hook ([sh -c echo no; exit 1]) for Container "app" in Pod "p_default({uid})" failed - error: command \'sh -c echo no; exit 1\' exited with 1: , message: "no\\n"'
    )


def test_a_hook_of_a_port_that_the_container_lacks_fails_with_its_name() -> None:
    """The API server lets it through; the status tells the name that is no number."""
    rig = Rig()
    rig.pod({"containers": [{"name": "app", "command": STOPS, "lifecycle": {"postStart": {"httpGet": {"port": "web"}}}}]})
    rig.run(4)
    waiting = [
        each["state"]["waiting"]
        for change in rig.changes()
        for each in change.new["status"].get("containerStatuses") or ()
        if "waiting" in each["state"]
    ]
    told = next(each["message"] for each in waiting if each["reason"] == "PostStartHookError")
    assert told.endswith('failed - error: strconv.Atoi: parsing "web": invalid syntax')
    assert "FailedPostStartHook" in [message for _, reason, message, _ in rig.events() if reason == "Killing"]


def test_while_it_terminates_a_pods_status_stands_still() -> None:
    """PH-11, PH-12: three that end after 1, 3 and 6 s are shown ended together."""
    rig = deleted({"containers": [{"name": str(n), "command": ["run", "-", "--stop", str(n), "0"]} for n in (1, 3, 6)]})
    counts = [
        sum("terminated" in each["state"] for each in change.new["status"].get("containerStatuses") or ()) for change in rig.changes()
    ]
    assert {0, 3} == set(counts)


def test_a_forced_deletion_removes_the_object_at_once_and_the_containers_later() -> None:
    """TD-10."""
    rig = Rig()
    rig.pod({"containers": [{"name": "app", "command": STOPS}]})
    rig.run(5)
    rig.api.delete("pods", "p", "default", by="learner", grace=0)
    assert rig.get() is None
    rig.run(40)
    assert "Killing" in [reason for _, reason, _, _ in rig.events()]
    assert {} == rig.kubelet.core.state.workers


def test_a_deadline_ends_the_pod_and_the_object_stays() -> None:
    """PH-16, TD-9: Failed and DeadlineExceeded, also after a good end."""
    rig = Rig()
    rig.pod({"containers": [{"name": "app", "command": STOPS}], "activeDeadlineSeconds": 10})
    rig.run(30)
    assert ("Failed", "DeadlineExceeded") == (rig.status()["phase"], rig.status()["reason"])
    assert 4 == max(count for _, reason, _, count in rig.events() if reason == "DeadlineExceeded")


def test_an_init_container_that_ends_with_its_pod_leaves_the_application_waiting() -> None:
    """PH-13."""
    rig = Rig()
    rig.pod({"initContainers": [{"name": "i", "command": STOPS}], "containers": [{"name": "app"}]})
    rig.run(5)
    rig.api.delete("pods", "p", "default", by="learner")
    rig.run(20)
    last = rig.changes()[-1].new["status"]
    assert "waiting" in last["containerStatuses"][0]["state"]
    assert "Failed" == last["phase"]


@pytest.mark.parametrize(("key", "who"), [("containers", "Container"), ("initContainers", "Init container")])
def test_what_may_still_run_is_killed_before_it_starts_anew(key: str, who: str) -> None:
    """RB-4: a container of which the runtime knows nothing certain; the Event tells which kind it is."""
    spec = {"containers": [{"name": "app", "image": "x"}]} | ({key: [{"name": "i", "image": "x"}]} if key == "initContainers" else {})
    name = spec[key][0]["name"]
    runtime = Runtime([Sandbox("s", address="10.0.0.1")], [Container(name, state="unknown")])
    kills = compute({"metadata": {}, "spec": spec}, runtime, {}).kills
    assert [(name, f'{who} is in "unknown" state, try killing it before restart')] == [(each.name, each.message) for each in kills]
