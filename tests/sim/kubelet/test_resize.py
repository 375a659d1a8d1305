"""In-place resize."""

from __future__ import annotations

from podlab.sim.changes import Obj
from tests.sim.kubelet.rig import Rig


def resized(memory: str, **more: object) -> tuple[Rig, Obj]:
    """A Pod of 64Mi whose memory is changed at 5 s."""
    rig = Rig()
    rig.pod({"containers": [{"name": "app", "resources": {"requests": {"memory": "64Mi"}}, **more}]})
    rig.pod({"containers": [{"name": "app", "resources": {"requests": {"memory": "1Gi"}}}]}, "big")
    rig.run(5)
    held = rig.api.get("pods", "p", "default")
    container = {**held["spec"]["containers"][0], "resources": {"requests": {"memory": memory}}}
    rig.api.update("pods", {**held, "spec": {**held["spec"], "containers": [container]}}, by="learner", subresource="resize")
    rig.run(10)
    return rig, rig.status()


def test_what_fits_is_admitted_and_in_force_at_once() -> None:
    """CS-18, MU-2: allocated and actual both change, with two Events and no restart."""
    rig, status = resized("96Mi")
    container = status["containerStatuses"][0]
    assert {"memory": "96Mi"} == container["allocatedResources"] == container["resources"]["requests"]
    assert 0 == container["restartCount"]
    assert ["ResizeStarted", "ResizeCompleted"] == [reason for _, reason, _, _ in rig.events() if reason.startswith("Resize")]
    assert "PodResizeInProgress" not in [each["type"] for each in status["conditions"]]


def test_a_policy_may_ask_for_a_restart() -> None:
    """RB-5 (d): the message has no tail."""
    rig, status = resized("96Mi", resizePolicy=[{"resourceName": "memory", "restartPolicy": "RestartContainer"}])
    assert 1 == status["containerStatuses"][0]["restartCount"]
    assert "Container app resize requires restart" in [message for _, _, message, _ in rig.events()]


def test_what_does_not_fit_beside_the_others_is_deferred() -> None:
    """CO-17: PodResizePending, reason Deferred, with the numbers; the old resources stay in force."""
    rig, status = resized("1500Mi")
    pending = next(each for each in status["conditions"] if each["type"] == "PodResizePending")
    assert ("True", "Deferred") == (pending["status"], pending["reason"])
    assert pending["message"].startswith("Node didn't have enough resource: memory, requested: ")
    assert {"memory": "64Mi"} == status["containerStatuses"][0]["resources"]["requests"]
    assert 1 == len([1 for _, reason, _, _ in rig.events() if reason == "ResizeDeferred"])
