"""Jobs and CronJobs in a world without kubelets."""

from __future__ import annotations

from podlab.sim.changes import Obj
from podlab.sim.controllers.base import ControllersState
from podlab.sim.controllers.job import indexes
from podlab.sim.controllers.registry import ControllerManager
from podlab.sim.world import World
from tests.sim import rig


def made() -> World:
    world = rig.world()
    ControllerManager(world, ControllersState())
    rig.node(world, "node-1")
    return world


def job(world: World, **spec: object) -> Obj:
    template = {"spec": {"restartPolicy": "Never", "nodeName": "node-1", "containers": [{"name": "c", "image": "busybox"}]}}
    meta = {"name": "once", "namespace": "default"}
    return world.api.create(
        "jobs", {"apiVersion": "batch/v1", "kind": "Job", "metadata": meta, "spec": {"template": template, **spec}}, by="learner"
    )


def end(world: World, pod: Obj, code: int) -> None:
    held = world.api.get("pods", pod["metadata"]["name"], "default")
    ended = [{"name": "c", "state": {"terminated": {"exitCode": code, "finishedAt": world.stamp()}}}]
    status = {**held["status"], "phase": "Failed" if code else "Succeeded", "containerStatuses": ended}
    world.api.update("pods", {**held, "status": status}, by="kubelet/node-1", subresource="status")


def conditions(world: World) -> dict[str, str]:
    return {each["type"]: each["reason"] for each in world.api.get("jobs", "once", "default")["status"].get("conditions", ())}


def test_a_job_is_complete_when_its_pod_has_succeeded() -> None:
    """Counted once, finalizer gone, both conditions."""
    world = made()
    job(world)
    rig.run(world, 100)
    pod = world.api.list("pods", "default")[0]
    assert pod["metadata"]["finalizers"] == ["batch.kubernetes.io/job-tracking"]
    end(world, pod, 0)
    rig.run(world, 2_000)
    assert conditions(world) == {"SuccessCriteriaMet": "CompletionsReached", "Complete": "CompletionsReached"}
    assert world.api.get("jobs", "once", "default")["status"]["succeeded"] == 1
    assert "finalizers" not in world.api.list("pods", "default")[0]["metadata"]


def test_the_next_pod_waits_ever_longer_after_failures() -> None:
    """10 s after the first failure, 20 s after the second; then the limit is reached."""
    world = made()
    job(world, backoffLimit=2)
    rig.run(world, 100)
    seen = []
    for _ in range(3):
        pods = [each for each in world.api.list("pods", "default") if each["status"].get("phase") != "Failed"]
        end(world, pods[0], 1)
        begun, many = world.now, len(world.api.list("pods", "default"))
        while len(world.api.list("pods", "default")) == many and world.now - begun < 60_000:
            rig.run(world, 500)
        seen.append((world.now - begun) // 5_000 * 5)
    assert seen == [10, 20, 60]
    assert conditions(world) == {"FailureTarget": "BackoffLimitExceeded", "Failed": "BackoffLimitExceeded"}


def test_an_indexed_job_has_one_success_an_index() -> None:
    """Lowest free indexes first; written as ranges."""
    world = made()
    job(world, completionMode="Indexed", completions=3, parallelism=2)
    rig.run(world, 100)
    pods = sorted(world.api.list("pods", "default"), key=lambda each: indexes.of_pod(each) or 0)
    assert [indexes.of_pod(each) for each in pods] == [0, 1]
    end(world, pods[0], 0)
    rig.run(world, 2_000)
    assert world.api.get("jobs", "once", "default")["status"]["completedIndexes"] == "0"
    assert sorted(
        indexes.of_pod(each) or 0 for each in world.api.list("pods", "default") if each["status"].get("phase") != "Succeeded"
    ) == [1, 2]


def test_indexes_are_written_as_short_as_can_be() -> None:
    """Pairs as pairs, longer runs as ranges; and read again."""
    assert indexes.render([0, 1, 3, 5, 6, 7]) == "0,1,3,5-7"
    assert indexes.parse("0,1,3,5-7", 7) == [0, 1, 3, 5, 6]


def test_a_cron_job_starts_a_job_each_minute_and_keeps_three() -> None:
    """SuccessfulCreate at the full minute; a fourth success takes the first away."""
    world = made()
    template = {
        "spec": {"template": {"spec": {"restartPolicy": "Never", "nodeName": "node-1", "containers": [{"name": "c", "image": "busybox"}]}}}
    }
    meta = {"name": "tick", "namespace": "default"}
    world.api.create(
        "cronjobs",
        {"apiVersion": "batch/v1", "kind": "CronJob", "metadata": meta, "spec": {"schedule": "* * * * *", "jobTemplate": template}},
        by="learner",
    )
    for _ in range(4):
        rig.run(world, 61_000)
        for pod in world.api.list("pods", "default"):
            if pod["status"].get("phase") != "Succeeded":
                end(world, pod, 0)
    rig.run(world, 5_000)
    jobs = world.api.list("jobs", "default")
    assert len(jobs) == 3
    assert [each["message"] for each in world.api.list("events") if each["reason"] == "SuccessfulDelete"] != []


def test_a_job_of_another_controller_is_left_alone() -> None:
    """managedBy names who looks after it."""
    world = made()
    job(world, managedBy="example.com/queue")
    rig.run(world, 5_000)
    assert world.api.list("pods", "default") == []
