"""Services that are refused, and what may change of them."""

from __future__ import annotations

from typing import Any

import pytest

from podlab.sim.changes import Obj
from podlab.sim.errors import StatusError
from tests.sim.apiserver.rig import bare


def service(**spec: Any) -> Obj:
    """A Service of one port, and what `spec` adds or replaces."""
    return {"metadata": {"name": "s", "namespace": "default"}, "spec": {"selector": {"a": "b"}, "ports": [{"port": 80}], **spec}}


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ({"ports": [{"port": 80}, {"port": 81}]}, "spec.ports[0].name: Required value"),
        (
            {"ports": [{"name": "a", "port": 80}, {"name": "b", "port": 80}]},
            'spec.ports[1]: Duplicate value: {"Name":"","Protocol":"TCP","AppProtocol":null,"Port":80',
        ),
        ({"ports": [{"port": 80, "nodePort": 30000}]}, "spec.ports[0].nodePort: Forbidden: may not be used when `type` is 'ClusterIP'"),
        (
            {"sessionAffinity": "ClientIP", "sessionAffinityConfig": {"clientIP": {"timeoutSeconds": 90000}}},
            "must be greater than 0 and less than 86400",
        ),
        ({"externalIPs": ["127.0.0.1"]}, "may not be in the loopback range (127.0.0.0/8, ::1/128)"),
        ({"clusterIP": "10.0.0.1"}, "The range of valid IPs is 10.96.0.0/12"),
        ({"internalTrafficPolicy": "Nope"}, 'Unsupported value: "Nope": supported values: "Cluster", "Local"'),
        ({"loadBalancerClass": "a/b"}, "spec.loadBalancerClass: Forbidden: may only be used when `type` is 'LoadBalancer'"),
    ],
)
def test_a_wrong_service_is_refused_in_the_servers_words(spec: dict[str, Any], message: str) -> None:
    """One rule each."""
    with pytest.raises(StatusError) as raised:
        bare().create("services", service(**spec), by="learner")
    assert message in raised.value.message


def test_a_headless_service_has_no_address() -> None:
    """And needs no ports."""
    made = bare().create("services", service(clusterIP="None", ports=[]), by="learner")
    assert ("None", ["None"], False) == (made["spec"]["clusterIP"], made["spec"]["clusterIPs"], "ports" in made["spec"])


def test_the_address_stays_and_the_node_port_goes_with_the_type() -> None:
    """NodePort and back: the address is kept, the port given up."""
    api = bare()
    made = api.create("services", service(), by="learner")
    opened = api.patch("services", "s", "default", {"spec": {"type": "NodePort"}}, "merge", by="learner")
    closed = api.patch("services", "s", "default", {"spec": {"type": "ClusterIP"}}, "merge", by="learner")
    assert (True, False) == tuple("nodePort" in each["spec"]["ports"][0] for each in (opened, closed))
    assert 1 == len({each["spec"]["clusterIP"] for each in (made, opened, closed)})
    with pytest.raises(StatusError, match="may not change once set"):
        api.patch("services", "s", "default", {"spec": {"clusterIP": "10.96.1.1", "clusterIPs": ["10.96.1.1"]}}, "merge", by="learner")


def test_an_address_that_is_taken_is_refused() -> None:
    """Two Services never share one."""
    api = bare()
    api.create("services", service(clusterIP="10.96.7.7"), by="learner")
    other = {**service(clusterIP="10.96.7.7"), "metadata": {"name": "t", "namespace": "default"}}
    with pytest.raises(StatusError, match="provided IP is already allocated"):
        api.create("services", other, by="learner")
