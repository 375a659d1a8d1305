"""Starting containers: order, images, back-offs, restarts."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sim.kubelet.rig import Rig

INSTANT = {
    "kubelet.sandbox": 0,
    "kubelet.create": 0,
    "kubelet.start": 0,
    "kubelet.admit": 0,
    "kubelet.status": 0,
    "kubelet.sync": 0,
    "linux.exec": 0,
}


def reasons(rig: Rig, name: str = "app") -> list[str]:
    """The waiting reasons that a container has shown, in order."""
    seen = [
        (each["state"].get("waiting") or {}).get("reason", "")
        for change in rig.changes()
        for each in change.new["status"].get("containerStatuses") or ()
        if each["name"] == name
    ]
    return [each for each in dict.fromkeys(seen) if each]


def started(rig: Rig) -> list[str]:
    """Whose Started Events came, in order."""
    return [each.new["involvedObject"]["fieldPath"] for each in rig.changes("events") if each.new["reason"] == "Started"]


def test_containers_start_one_after_another_in_the_order_of_the_spec() -> None:
    """RB-1: the image, create and start of one come before the next begins."""
    rig = Rig()
    rig.pod({"containers": [{"name": "b"}, {"name": "a"}]})
    rig.run(5)
    assert ["spec.containers{b}", "spec.containers{a}"] == started(rig)
    assert ["a", "b"] == [each["name"] for each in rig.status()["containerStatuses"]], "CS-8: statuses are sorted by name"


def test_init_containers_run_one_at_a_time_and_a_sidecar_stays() -> None:
    """RB-10, RB-11, RB-12: the next one starts after exit 0, or once the sidecar has started."""
    rig = Rig()
    rig.pod(
        {
            "initContainers": [
                {"name": "first", "command": ["run", "2", "0"]},
                {"name": "side", "command": ["run", "-"], "restartPolicy": "Always"},
            ],
            "containers": [{"name": "app"}],
        }
    )
    rig.run(1.5)
    assert "Pending" == rig.status()["phase"], "PH-4"
    assert ["spec.initContainers{first}"] == started(rig)
    rig.run(6)
    assert ["spec.initContainers{first}", "spec.initContainers{side}", "spec.containers{app}"] == started(rig)
    assert "Running" == rig.status()["phase"]


@pytest.mark.parametrize(
    ("policy", "code", "phase"),
    [
        ("Never", 1, "Failed"),
        ("Never", 0, "Succeeded"),
        ("OnFailure", 0, "Succeeded"),
        ("OnFailure", 1, "Running"),
        ("Always", 0, "Running"),
    ],
)
def test_the_policy_decides_what_an_end_means(policy: str, code: int, phase: str) -> None:
    """PH-5, PH-6, RB-4: a crash loop is Running."""
    rig = Rig()
    rig.pod({"containers": [{"name": "app", "command": ["run", "1", str(code)]}], "restartPolicy": policy})
    rig.run(15)
    assert phase == rig.status()["phase"]


def test_a_failed_init_container_ends_the_pod_only_under_never() -> None:
    """RB-10, PH-1."""
    phases = []
    for policy in ("Never", "OnFailure"):
        rig = Rig()
        rig.pod(
            {"initContainers": [{"name": "i", "command": ["run", "0.2", "1"]}], "containers": [{"name": "app"}], "restartPolicy": policy}
        )
        rig.run(20)
        phases.append(rig.status()["phase"])
    assert ["Failed", "Pending"] == phases


def test_an_image_that_nobody_has_is_tried_at_growing_distances() -> None:
    """RB-21, CS-13, CS-15: ErrImagePull and ImagePullBackOff in turn, the first after the failure, one sync later."""
    rig = Rig(INSTANT | {"containerd.refusal": 0})
    rig.pod({"containers": [{"name": "app", "image": "nginx:no-such-tag"}]})
    rig.run(160)
    assert [0, 10, 30, 70, 150] == [t for t, reason, _, _ in rig.events() if reason == "Pulling"]
    assert ["ContainerCreating", "ErrImagePull", "ImagePullBackOff"] == reasons(rig)
    assert "Pending" == rig.status()["phase"], "PH-8"


@pytest.mark.parametrize(
    ("image", "policy", "reason"), [("BusyBox:1", "IfNotPresent", "InvalidImageName"), ("busybox:1.37", "Never", "ErrImageNeverPull")]
)
def test_images_that_cannot_even_be_tried(image: str, policy: str, reason: str) -> None:
    """CS-15, RB-17, RB-18."""
    rig = Rig()
    rig.pod({"containers": [{"name": "app", "image": image, "imagePullPolicy": policy}]})
    rig.run(5)
    assert reason in reasons(rig)
    assert f"Error: {reason}" in [message for _, _, message, _ in rig.events()]


def test_a_changed_image_restarts_only_its_container_and_at_once() -> None:
    """RB-5, RB-6, RB-14: under any policy, with a new back-off key."""
    rig = Rig()
    pod = rig.pod({"containers": [{"name": "app"}, {"name": "other"}], "restartPolicy": "Never"})
    rig.run(5)
    held = rig.get()
    assert held is not None
    app = next(each for each in held["spec"]["containers"] if each["name"] == "app")
    rig.api.update(
        "pods",
        {
            **held,
            "spec": {
                **held["spec"],
                "containers": [{**app, "image": "nginx:latest"}, *(each for each in held["spec"]["containers"] if each is not app)],
            },
        },
        by="learner",
    )
    rig.run(10)
    assert [1, 0] == [each["restartCount"] for each in rig.status()["containerStatuses"]]
    assert "Container app definition changed, will be restarted" in [message for _, _, message, _ in rig.events()]
    assert pod["metadata"]["uid"] == held["metadata"]["uid"]


def test_the_second_liveness_kill_is_still_followed_by_a_start_at_once() -> None:
    """RB-22: the kill's own end does not count, the start before it does."""
    rig = Rig(INSTANT, eager=True)
    rig.network.answer = lambda now: type("No", (), {"error": "refused", "after_ms": 0, "status": 0, "headers": {}, "body": ""})()
    rig.pod({"containers": [{"name": "app", "livenessProbe": {"tcpSocket": {"port": 80}, "periodSeconds": 5, "failureThreshold": 1}}]})
    rig.run(31)
    starts = [t for t, reason, _, _ in rig.events() if reason == "Started"]
    assert [0, 5, 10] == starts[:3]


def test_all_containers_start_again_when_a_rule_says_so() -> None:
    """RB-23, CS-17, CO-12: restartCount grows, the last state tells, init containers run again."""
    rules: list[dict[str, Any]] = [{"action": "RestartAllContainers", "exitCodes": {"operator": "In", "values": [88]}}]
    rig = Rig()
    rig.pod(
        {
            "initContainers": [{"name": "i", "command": ["run", "1", "0"]}],
            "containers": [
                {"name": "by", "command": ["run", "-", "--stop", "1", "0"]},
                {"name": "app", "command": ["run", "6", "88"], "restartPolicy": "Never", "restartPolicyRules": rules},
            ],
        }
    )
    rig.run(14)
    status = rig.status()
    assert [1, 1] == [each["restartCount"] for each in status["containerStatuses"]]
    assert "RestartingAllContainers" == status["containerStatuses"][1]["lastState"]["terminated"]["reason"]
    assert ["killing"] == list(dict.fromkeys(message for _, reason, message, _ in rig.events() if reason == "Killing"))
    assert {"True", "False"} == {
        each["status"]
        for change in rig.changes()
        for each in change.new["status"].get("conditions") or ()
        if each["type"] == "AllContainersRestarting"
    }


def test_ephemeral_containers_start_once_and_never_again() -> None:
    """RB-8."""
    rig = Rig()
    rig.pod({"containers": [{"name": "app"}]})
    rig.run(5)
    held = rig.get()
    assert held is not None
    debug = {"name": "debug", "image": "busybox:1.36", "command": ["run", "2", "3"], "terminationMessagePolicy": "File"}
    rig.api.update(
        "pods", {**held, "spec": {**held["spec"], "ephemeralContainers": [debug]}}, by="learner", subresource="ephemeralcontainers"
    )
    rig.run(30)
    ended = rig.status()["ephemeralContainerStatuses"][0]
    assert 3 == ended["state"]["terminated"]["exitCode"]
    assert 0 == ended["restartCount"]


def test_a_missing_pull_secret_is_told_and_the_pull_tried_all_the_same() -> None:
    """One Event a sync, with the names; the image may well be public."""
    rig = Rig()
    rig.pod({"imagePullSecrets": [{"name": "one"}, {"name": "two"}], "containers": [{"name": "app", "image": "nginx:latest"}]})
    rig.run(5)
    told = "Unable to retrieve some image pull secrets (one, two); attempting to pull the image may not succeed."
    assert ("FailedToRetrieveImagePullSecret", told) in [(reason, message) for _, reason, message, _ in rig.events()]
    assert "Running" == rig.status()["phase"]
