"""The QoS class."""

from __future__ import annotations

from typing import Any

import pytest

from podlab.sim.api.qos import qos_class

BOTH = {"cpu": "1", "memory": "1Gi"}


@pytest.mark.parametrize(
    ("resources", "expected"),
    [
        ([{"limits": BOTH}], "Guaranteed"),
        ([{"limits": BOTH, "requests": {"cpu": "500m"}}], "Burstable"),
        ([{"requests": {"cpu": "1"}}], "Burstable"),
        ([{"limits": BOTH}, {}], "Burstable"),
        ([{}], "BestEffort"),
        ([{"requests": {"cpu": "0"}}], "BestEffort"),
        ([{"limits": {"example.com/gpu": "1"}}], "BestEffort"),
    ],
)
def test_the_class_follows_from_requests_and_limits(resources: list[dict[str, Any]], expected: str) -> None:
    """Of cpu and memory alone."""
    assert expected == qos_class({"containers": [{"resources": each} for each in resources]})


def test_resources_of_the_whole_pod_decide_where_there_are_any() -> None:
    """Pod-level resources."""
    assert "Guaranteed" == qos_class({"resources": {"limits": BOTH}, "containers": [{}]})
