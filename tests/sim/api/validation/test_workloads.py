"""Deployments, ReplicaSets, budgets and the other kinds that are refused."""

from __future__ import annotations

from typing import Any

import pytest

from podlab.sim.errors import StatusError
from tests.sim.apiserver.rig import bare, deployment


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ({"selector": {}}, "spec.selector: Invalid value: {}: empty selector is invalid for deployment"),
        ({"selector": {"matchLabels": {"app": "y"}}}, "`selector` does not match template `labels`"),
        ({"strategy": {"type": "Recreate", "rollingUpdate": {}}}, "may not be specified when strategy `type` is 'Recreate'"),
        ({"strategy": {"rollingUpdate": {"maxSurge": 0, "maxUnavailable": "0%"}}}, "may not be 0 when `maxSurge` is 0"),
        ({"progressDeadlineSeconds": 3, "minReadySeconds": 3}, "must be greater than minReadySeconds"),
    ],
)
def test_a_wrong_deployment_is_refused_in_the_servers_words(spec: dict[str, Any], message: str) -> None:
    """One rule each."""
    with pytest.raises(StatusError) as raised:
        bare().create("deployments", deployment(**spec), by="learner")
    assert message in raised.value.message


@pytest.mark.parametrize(
    ("resource", "obj", "message"),
    [
        ("configmaps", {"data": {"a b": "x"}}, "a valid config key must consist of alphanumeric characters"),
        ("secrets", {"type": "kubernetes.io/tls"}, "data[tls.crt]: Required value"),
        ("nodes", {"spec": {"taints": [{"key": "a"}]}}, "metadata.taints[0].effect: Required value"),
        ("endpointslices", {"addressType": "IPv4", "endpoints": [{"addresses": ["fd00::1"]}]}, "must be an IPv4 address"),
        ("poddisruptionbudgets", {"spec": {"minAvailable": "101%"}}, "must not be greater than 100%"),
        ("priorityclasses", {"value": 2_000_000_000}, "maximum allowed value of a user defined priority is 1000000000"),
    ],
)
def test_other_kinds_are_refused_in_the_servers_words(resource: str, obj: dict[str, Any], message: str) -> None:
    """One rule each."""
    meta = {"name": "x"} if resource in ("nodes", "priorityclasses") else {"name": "x", "namespace": "default"}
    with pytest.raises(StatusError) as raised:
        bare().create(resource, {"metadata": meta, **obj}, by="learner")
    assert message in raised.value.message
