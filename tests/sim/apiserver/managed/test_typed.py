"""What a configuration of server-side apply is told that does not fit its type."""

from typing import Any

import pytest

from podlab.sim.api.schema import types
from podlab.sim.apiserver.managed.typed import misfits


def pod(**container: Any) -> dict[str, Any]:
    return {"spec": {"containers": [{"name": "a", **container}]}}


@pytest.mark.parametrize(
    ("type_", "value", "told"),
    [
        ("core/v1.Pod", pod(image="b"), ""),
        ("core/v1.Pod", pod(image=None), ""),
        ("core/v1.Pod", {"nope": 1}, ".nope: field not declared in schema"),
        ("core/v1.Pod", pod(nope=1), '.spec.containers[name="a"].nope: field not declared in schema'),
        ("core/v1.Pod", pod(command=[1]), '.spec.containers[name="a"].command[0]: expected string, got &value.valueUnstructured{Value:1}'),
        ("core/v1.Pod", pod(tty="yes"), '.spec.containers[name="a"].tty: expected boolean, got &value.valueUnstructured{Value:"yes"}'),
        (
            "core/v1.Pod",
            pod(ports=[{"containerPort": 80}, {"containerPort": 80, "protocol": "TCP"}]),
            '.spec.containers[name="a"].ports: duplicate entries for key [containerPort=80,protocol="TCP"]',
        ),
        (
            "core/v1.Pod",
            {"spec": {"containers": [{"image": "b"}]}},
            '.spec.containers: element 0: associative list with keys has an element that omits key field "name" (and doesn\'t have default value)',
        ),
        ("core/v1.Pod", {"spec": {"containers": {"name": "a"}}}, ".spec.containers: expected list, got &{map[name:a]}"),
        ("core/v1.Pod", {"metadata": {"finalizers": ["x/y", "x/y"]}}, '.metadata.finalizers: duplicate entries for key [="x/y"]'),
        ("core/v1.ConfigMap", {"data": ["a"]}, ".data: expected map, got &{[a]}"),
        ("apps/v1.Deployment", {"spec": {"replicas": "two"}}, ".spec.replicas: expected numeric (int or float), got string"),
        (
            "core/v1.ConfigMap",
            {"nope": 1, "immutable": 1},
            "errors:\n  .nope: field not declared in schema\n  .immutable: expected boolean, got &value.valueUnstructured{Value:1}",
        ),
    ],
)
def test_what_does_not_fit(type_: str, value: dict[str, Any], told: str) -> None:
    """Each at its place, items by their keys."""
    assert told == misfits(types()[type_], value)
