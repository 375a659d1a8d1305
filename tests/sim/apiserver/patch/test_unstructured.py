"""The words of a strategic merge patch for a value that does not fit (upstream: runtime/converter.go)."""

from typing import Any

import pytest

from podlab.sim.api.schema import types
from podlab.sim.apiserver.patch.unstructured import misfit


@pytest.mark.parametrize(
    ("type_", "value", "words"),
    [
        ("core/v1.ConfigMap", {"data": {"a": "x"}}, ""),
        ("core/v1.ConfigMap", {"data": {"a": 5}}, "cannot convert int64 to string"),
        ("core/v1.ConfigMap", {"data": {"a": 5.5}}, "unrecognized type: string"),
        ("core/v1.ConfigMap", {"data": {"a": ["1", "2"]}}, "unrecognized type: string"),
        ("core/v1.ConfigMap", {"data": {"a": True}}, "unrecognized type: string"),
        ("core/v1.ConfigMap", {"data": "x"}, "cannot restore map from string"),
        ("core/v1.ConfigMap", {"immutable": "yes"}, "unrecognized type: bool"),
        ("core/v1.Secret", {"data": {"a": 5}}, "cannot restore slice from int64"),
        ("core/v1.Pod", {"spec": {"containers": "x"}}, "cannot restore slice from string"),
        ("core/v1.Pod", {"spec": {"containers": {"name": "x"}}}, "cannot restore slice from map"),
        ("core/v1.Pod", {"spec": {"containers": ["x"]}}, "cannot restore struct from: string"),
        ("core/v1.Pod", {"spec": None}, ""),
        ("apps/v1.Deployment", {"spec": {"replicas": "two"}}, "unrecognized type: int32"),
        ("apps/v1.Deployment", {"spec": {"replicas": 2.5}}, "cannot convert float64 to int32"),
        ("apps/v1.Deployment", {"spec": {"replicas": 2.0}}, ""),
        ("apps/v1.Deployment", {"spec": []}, "cannot restore struct from: slice"),
    ],
)
def test_a_value_that_does_not_fit(type_: str, value: dict[str, Any], words: str) -> None:
    """It names kinds of Go's, and no place."""
    assert words == misfit(types()[type_], value)
