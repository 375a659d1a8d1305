"""What may change of a Pod."""

from __future__ import annotations

from typing import Any

import pytest

from podlab.sim.errors import StatusError
from tests.sim.apiserver.rig import bare, pod

FORBIDDEN = "spec: Forbidden: pod updates may not change fields other than"


@pytest.mark.parametrize(
    ("before", "change", "message"),
    [
        ({}, {"activeDeadlineSeconds": 5}, ""),
        ({"activeDeadlineSeconds": 5}, {"activeDeadlineSeconds": 6}, "must be less than or equal to previous value"),
        ({}, {"containers": [{"name": "c", "image": "other"}]}, ""),
        ({}, {"hostname": "x"}, '- "Hostname": "",\n+ "Hostname": "x",\n'),
        ({}, {"nodeSelector": {"a": "b"}}, FORBIDDEN),
        ({"schedulingGates": [{"name": "g"}]}, {"nodeSelector": {"a": "b"}}, ""),
        (
            {"schedulingGates": [{"name": "g"}], "nodeSelector": {"a": "b"}},
            {"nodeSelector": {"a": "c"}},
            "only additions to spec.nodeSelector are allowed",
        ),
        (
            {"schedulingGates": [{"name": "g"}]},
            {"schedulingGates": [{"name": "h"}]},
            "only deletion is allowed, but found new scheduling gate 'h'",
        ),
    ],
)
def test_only_some_fields_may_change(before: dict[str, Any], change: dict[str, Any], message: str) -> None:
    """MU-1: the refusal ends in a diff of Go's inner names."""
    api = bare()
    api.create("pods", pod(**before), by="learner")
    patch = {"spec": change}
    if not message:
        api.patch("pods", "p", "default", patch, "strategic", by="learner")
        return
    with pytest.raises(StatusError) as raised:
        api.patch("pods", "p", "default", patch, "strategic", by="learner")
    assert message in raised.value.message


def test_ephemeral_containers_are_only_added() -> None:
    """MU-3: by their own door."""
    api = bare()
    api.create("pods", pod(nodeName="n"), by="learner")
    patch = {"spec": {"ephemeralContainers": [{"name": "e", "image": "x"}]}}
    made = api.patch("pods", "p", "default", patch, "strategic", by="learner", subresource="ephemeralcontainers")
    assert 2 == made["metadata"]["generation"]
    with pytest.raises(StatusError, match='existing ephemeral containers "e" may not be removed'):
        api.patch("pods", "p", "default", {"spec": {"ephemeralContainers": None}}, "merge", by="learner", subresource="ephemeralcontainers")


def test_a_resize_may_not_change_the_class_nor_ask_for_more_than_the_node() -> None:
    """MU-2: and only cpu and memory."""
    api = bare()
    api.create("nodes", {"metadata": {"name": "n"}, "status": {"allocatable": {"cpu": "2", "memory": "2Gi"}}}, by="kubelet/n")
    resources = {"requests": {"cpu": "100m", "memory": "64Mi"}}
    api.create("pods", pod(nodeName="n", containers=[{"name": "c", "image": "x", "resources": resources}]), by="learner")

    def resize(**wanted: Any) -> None:
        api.patch(
            "pods",
            "p",
            "default",
            {"spec": {"containers": [{"name": "c", "resources": wanted}]}},
            "strategic",
            by="learner",
            subresource="resize",
        )

    resize(requests={"cpu": "200m"})
    assert "200m" == api.get("pods", "p", "default")["spec"]["containers"][0]["resources"]["requests"]["cpu"]
    with pytest.raises(StatusError, match="allocatable resources: cpu, requested: 64000, allocatable: 2000"):
        resize(requests={"cpu": "64"})
    with pytest.raises(StatusError, match="only cpu and memory resources are mutable"):
        resize(requests={"ephemeral-storage": "1Gi"})
    with pytest.raises(StatusError, match="Pod QOS Class may not change as a result of resizing"):
        resize(limits={"cpu": "200m", "memory": "64Mi"})


def test_a_container_that_may_not_be_restarted_stays_terminated() -> None:
    """PH-14: a status that says otherwise is refused."""
    api = bare()
    made = api.create("pods", pod(restartPolicy="Never"), by="learner")
    ended = {"name": "c", "ready": False, "restartCount": 0, "image": "x", "imageID": "", "state": {"terminated": {"exitCode": 0}}}
    done = api.update("pods", {**made, "status": {**made["status"], "containerStatuses": [ended]}}, by="learner", subresource="status")
    with pytest.raises(StatusError, match="may not be transitioned to non-terminated state"):
        again = {**ended, "state": {"running": {}}}
        api.update("pods", {**done, "status": {**done["status"], "containerStatuses": [again]}}, by="learner", subresource="status")
