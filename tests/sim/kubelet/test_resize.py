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


def resize(rig: Rig, resources: Obj, name: str = "p") -> None:
    """Give the first container other resources."""
    held = rig.api.get("pods", name, "default")
    first, *others = held["spec"]["containers"]
    spec = {**held["spec"], "containers": [{**first, "resources": resources}, *others]}
    rig.api.update("pods", {**held, "spec": spec}, by="learner", subresource="resize")


def pending(rig: Rig, name: str) -> bool:
    """Whether its resize waits."""
    return "PodResizePending" in [each["type"] for each in rig.status(name)["conditions"]]


def test_what_waits_is_tried_again_when_another_pod_ends() -> None:
    """CO-17: the room that a Pod leaves is given to the resize that waits for it."""
    rig, _ = resized("1500Mi")
    assert pending(rig, "p")
    rig.api.delete("pods", "big", "default", by="learner")
    rig.run(45)
    assert not pending(rig, "p")
    assert {"memory": "1500Mi"} == rig.status()["containerStatuses"][0]["allocatedResources"]


def test_what_waits_is_tried_again_when_another_pod_shrinks() -> None:
    """CO-17, the other way of leaving room."""
    rig, _ = resized("1500Mi")
    resize(rig, {"requests": {"memory": "100Mi"}}, "big")
    rig.run(15)
    assert not pending(rig, "p")


def test_of_two_that_wait_the_more_important_goes_first() -> None:
    """A higher priority before a lower one, whichever was first to ask."""
    rig = Rig()
    rig.pod({"containers": [{"name": "app", "resources": {"requests": {"cpu": "1500m"}}}]}, "big")
    made = {"apiVersion": "scheduling.k8s.io/v1", "kind": "PriorityClass", "metadata": {"name": "important"}, "value": 1000}
    rig.api.create("priorityclasses", made, by="learner")
    for name, extra in (("low", {}), ("high", {"priorityClassName": "important"})):
        rig.pod({**extra, "containers": [{"name": "app", "resources": {"requests": {"cpu": "100m"}}}]}, name)
    rig.run(5)
    for name in ("low", "high"):
        resize(rig, {"requests": {"cpu": "1200m"}}, name)
        rig.run(8)
    rig.api.delete("pods", "big", "default", by="learner")
    rig.run(45)
    assert (True, False) == (pending(rig, "low"), pending(rig, "high"))


def test_an_event_names_all_containers() -> None:
    """Those without resources, and init containers, too."""
    rig = Rig()
    app = {"name": "app", "resources": {"requests": {"cpu": "100m"}}}
    rig.pod({"initContainers": [{"name": "prep"}], "containers": [app, {"name": "other"}]})
    rig.run(5)
    resize(rig, {"requests": {"cpu": "200m"}})
    rig.run(10)
    told = (
        '{"initContainers":[{"name":"prep","resources":{}}],"containers":[{"name":"app","resources":'
        '{"requests":{"cpu":"200m"}}},{"name":"other","resources":{}}],"generation":2}'
    )
    messages = [message for _, reason, message, _ in rig.events() if reason.startswith("Resize")]
    assert [f"Pod resize started: {told}", f"Pod resize completed: {told}"] == messages


def greedy(*others: Obj) -> Rig:
    """A container that uses 80Mi of its 200Mi, told to do with 60Mi."""
    rig = Rig()
    env = [{"name": "MEM_START", "value": "80Mi"}]
    app = {"name": "app", "image": "podlab/mem", "command": ["mem"], "env": env, "resources": {"limits": {"memory": "200Mi"}}}
    rig.containerd.stock("node-1", ["podlab/mem"])
    rig.pod({"containers": [app, *others]})
    rig.run(5)
    resize(rig, {"limits": {"memory": "60Mi"}, "requests": {"memory": "50Mi"}})
    rig.run(20)
    return rig


def in_progress(rig: Rig) -> Obj:
    """The condition of the resize that runs."""
    return next((each for each in rig.status()["conditions"] if each["type"] == "PodResizeInProgress"), {})


def test_a_limit_below_what_is_in_use_is_not_set() -> None:
    """CO-17: PodResizeInProgress, reason Error, with both limits' figures; the old one stays in force."""
    rig = greedy()
    condition, container = in_progress(rig), rig.status()["containerStatuses"][0]
    assert ("True", "Error") == (condition["status"], condition["reason"])
    used = rig.linux.memory.of_host(f"container/{container['containerID'].removeprefix('containerd://')}")
    assert (
        f"cannot decrease memory limits: [attempting to set pod memory limit (62914560) below current usage ({used}), "
        f'attempting to set container "app" memory limit (62914560) below current usage ({used})]'
    ) == condition["message"]
    assert ("200Mi", "50Mi") == (container["resources"]["limits"]["memory"], container["allocatedResources"]["memory"])
    assert ["ResizeStarted", "ResizeError"] == [reason for _, reason, _, _ in rig.events() if reason.startswith("Resize")]


def test_beside_a_container_without_a_limit_the_pod_has_none_to_check() -> None:
    """One error: no brackets."""
    assert in_progress(greedy({"name": "other"}))["message"].startswith(
        'cannot decrease memory limits: attempting to set container "app" memory limit (62914560) below current usage ('
    )


def test_a_refused_shrink_is_given_up_for_a_larger_one() -> None:
    """The next resize clears the error."""
    rig = greedy()
    resize(rig, {"limits": {"memory": "150Mi"}, "requests": {"memory": "50Mi"}})
    rig.run(40)
    assert {} == in_progress(rig)
    assert "150Mi" == rig.status()["containerStatuses"][0]["resources"]["limits"]["memory"]
