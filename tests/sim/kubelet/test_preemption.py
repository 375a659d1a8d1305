"""A critical Pod on a full node: who goes for it, and what is said."""

from __future__ import annotations

from typing import Any

from podlab.sim.changes import Obj
from podlab.sim.kubelet.preemption import DISRUPTION, MESSAGE, victims
from tests.sim.images.test_own import pod, run
from tests.sim.kubelet.test_config import shell, started
from tests.sim.kubelet.test_shutdown import QUICK, condition_of

CRITICAL: dict[str, Any] = {"priorityClassName": "system-node-critical", "nodeName": "node-1"}


def asks(cpu: str, memory: str = "1Mi", *, limits: bool = False) -> dict[str, Any]:
    amounts = {"cpu": cpu, "memory": memory}
    return {"resources": {"requests": amounts} | ({"limits": amounts} if limits else {})}


def made(name: str, cpu: str, memory: str = "1Mi", *, limits: bool = False) -> Obj:
    return {"metadata": {"name": name, "uid": name}, "spec": {"containers": [{"name": "app", **asks(cpu, memory, limits=limits)}]}}


def names(pods: list[Obj]) -> list[str]:
    return [each["metadata"]["name"] for each in pods]


def test_the_nearest_goes_of_equals_the_smaller() -> None:
    """By what it leaves lacking."""
    pods = [made("much", "1", "64Mi"), made("enough", "500m", "32Mi"), made("less", "500m", "16Mi"), made("little", "100m")]
    assert ["less"] == names(victims(pods, {"cpu": 400}))
    assert ["much"] == names(victims(pods, {"cpu": 900}))
    assert ["much", "little"] == names(victims(pods, {"cpu": 1100}))


def test_better_classes_go_only_where_lesser_ones_do_not_do() -> None:
    """Guaranteed Pods last."""
    pods = [made("best", "1", limits=True), made("burst", "1")]
    assert ["burst"] == names(victims(pods, {"cpu": 600}))
    assert ["burst", "best"] == names(victims(pods, {"cpu": 1600}))


def test_nobody_goes_where_it_would_not_help() -> None:
    """Not even one."""
    assert [] == victims([made("burst", "1")], {"cpu": 1001})


def test_a_critical_pod_is_admitted_once_a_lesser_one_has_ended() -> None:
    """Whose status says so."""
    lab = started()
    run(lab, "small", "podlab/web", container=asks("300m"))
    shell(lab, "large", QUICK, container=asks("1500m"))
    lab.advance(lab.now + 10_000)
    run(lab, "core", "podlab/web", container=asks("1"), **CRITICAL)
    lab.advance(lab.now + 500)
    assert "Pending" == pod(lab, "core")["status"]["phase"]
    lab.advance(lab.now + 45_000)
    status = pod(lab, "large")["status"]
    assert ("Failed", "Preempting", MESSAGE) == (status["phase"], status["reason"], status["message"])
    assert DISRUPTION == condition_of(pod(lab, "large"), "DisruptionTarget")["message"]
    assert ["Running", "Running"] == [pod(lab, name)["status"]["phase"] for name in ("core", "small")]
    told = [each for each in lab.api.list("events") if each["reason"] == "Preempting"]
    assert [("Warning", MESSAGE, "large")] == [(each["type"], each["message"], each["involvedObject"]["name"]) for each in told]


def test_an_ordinary_pod_is_refused_as_before() -> None:
    """OutOfcpu, and nobody goes."""
    lab = started()
    run(lab, "large", "podlab/web", container=asks("1500m"))
    lab.advance(lab.now + 10_000)
    run(lab, "other", "podlab/web", container=asks("1"), nodeName="node-1")
    lab.advance(lab.now + 10_000)
    assert ("OutOfcpu", "Running") == (pod(lab, "other")["status"]["reason"], pod(lab, "large")["status"]["phase"])


def test_a_critical_pod_that_could_never_fit_is_refused() -> None:
    """Though everybody went."""
    lab = started()
    run(lab, "large", "podlab/web", container=asks("1500m"))
    lab.advance(lab.now + 10_000)
    run(lab, "core", "podlab/web", container=asks("64"), **CRITICAL)
    lab.advance(lab.now + 10_000)
    assert ("OutOfcpu", "Running") == (pod(lab, "core")["status"]["reason"], pod(lab, "large")["status"]["phase"])
