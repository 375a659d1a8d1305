"""Kinds without a behaviour of their own: refused in the server's words, and stored with their defaults."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from podlab.sim.api.resources import RESOURCES
from podlab.sim.errors import StatusError
from tests.sim.apiserver.rig import bare

CASES = yaml.safe_load(Path(__file__).with_name("refusals.yaml").read_text("utf-8"))


def placed(resource: str, obj: dict[str, Any]) -> dict[str, Any]:
    """The object with a name, and a namespace where its kind has one."""
    meta = {"name": "x", "namespace": "default"} if RESOURCES[resource].namespaced else {"name": "x"}
    return {"metadata": meta, **obj}


@pytest.mark.parametrize(("resource", "obj", "message"), CASES, ids=[f"{number}-{each[0]}" for number, each in enumerate(CASES)])
def test_what_is_wrong_is_told_in_the_servers_words(resource: str, obj: dict[str, Any], message: str) -> None:
    """One rule each."""
    with pytest.raises(StatusError) as raised:
        bare().create(resource, placed(resource, obj), by="learner")
    assert raised.value.code == 422
    assert message in raised.value.message


@pytest.mark.parametrize(
    ("resource", "obj", "field", "value"),
    [
        ("networkpolicies", {"spec": {"egress": [{"ports": [{"port": 53}]}]}}, "policyTypes", ["Ingress", "Egress"]),
        ("horizontalpodautoscalers", {"spec": {"scaleTargetRef": {"kind": "D", "name": "d"}, "maxReplicas": 2}}, "minReplicas", 1),
        (
            "replicationcontrollers",
            {"spec": {"template": {"metadata": {"labels": {"a": "b"}}, "spec": {"containers": [{"name": "c", "image": "i"}]}}}},
            "selector",
            {"a": "b"},
        ),
    ],
)
def test_what_is_not_said_is_filled_in(resource: str, obj: dict[str, Any], field: str, value: Any) -> None:
    """The defaults of the spec."""
    assert bare().create(resource, placed(resource, obj), by="learner")["spec"][field] == value


def test_a_binding_stays_bound_to_its_role() -> None:
    """Only its subjects may change."""
    api = bare()
    made = api.create("rolebindings", placed("rolebindings", {"roleRef": {"kind": "Role", "name": "r"}}), by="learner")
    with pytest.raises(StatusError, match="cannot change roleRef"):
        api.update("rolebindings", {**made, "roleRef": {**made["roleRef"], "name": "s"}}, by="learner")


def test_a_pod_takes_over_what_its_runtime_class_costs() -> None:
    """Overhead and node selector of the class; a class that is not there refuses the Pod."""
    api = bare()
    class_ = {"handler": "runc", "overhead": {"podFixed": {"cpu": "100m"}}, "scheduling": {"nodeSelector": {"disk": "ssd"}}}
    api.create("runtimeclasses", {"metadata": {"name": "heavy"}, **class_}, by="learner")
    pod = {"spec": {"containers": [{"name": "c", "image": "i"}], "runtimeClassName": "heavy"}}
    made = api.create("pods", placed("pods", pod), by="learner")
    assert ({"cpu": "100m"}, {"disk": "ssd"}) == (made["spec"]["overhead"], made["spec"]["nodeSelector"])
    with pytest.raises(StatusError, match='RuntimeClass "none" not found'):
        api.create(
            "pods", {"metadata": {"name": "y", "namespace": "default"}, "spec": {**pod["spec"], "runtimeClassName": "none"}}, by="learner"
        )
