"""Services that are sticky, and Services that keep their traffic on the node."""

from __future__ import annotations

import pytest

from podlab.sim.cluster import Cluster
from tests.sim.images.test_own import run
from tests.sim.story import ZERO_MS, booted


@pytest.fixture
def lab() -> Cluster:
    """Two web servers, one on each node, and a client on node-1."""
    made = Cluster.start(booted("trio"), 1, ZERO_MS)
    for node in ("node-1", "node-2"):
        run(made, f"web-{node}", "podlab/web", labels={"app": "web"}, nodeName=node)
    run(made, "client", "busybox", container={"command": ["sleep", "1d"]}, nodeName="node-1")
    made.advance(10_000)
    return made


def service(lab: Cluster, **spec: object) -> str:
    """A Service for both; its address."""
    ports = [{"port": 80, "targetPort": 8080, "nodePort": 30080} if spec.get("type") == "NodePort" else {"port": 80, "targetPort": 8080}]
    body = {"metadata": {"name": "web", "namespace": "default"}, "spec": {"selector": {"app": "web"}, "ports": ports, **spec}}
    made = lab.api.create("services", body, by="learner")
    lab.advance(lab.now + 2_000)
    return str(made["spec"]["clusterIP"])


def asked(lab: Cluster, source: str, address: str, port: int = 80, times: int = 20) -> set[str]:
    """Who answers (or the error)."""
    answers = [lab.network.http(source, address, port, "/hostname", {}, 1000) for _ in range(times)]
    return {each.error or each.body.strip() for each in answers}


def test_without_affinity_everybody_answers(lab: Cluster) -> None:
    """Each connection draws anew."""
    assert {"web-node-1", "web-node-2"} == asked(lab, "pod/default/client/app", service(lab))


def test_with_client_affinity_one_answers_until_it_is_forgotten(lab: Cluster) -> None:
    """`timeoutSeconds` after the last connection."""
    address = service(lab, sessionAffinity="ClientIP", sessionAffinityConfig={"clientIP": {"timeoutSeconds": 30}})
    seen = []
    for _ in range(12):
        seen.append(asked(lab, "pod/default/client/app", address, times=5))
        lab.advance(lab.now + 31_000)
    assert (1, {1}) == (len(seen[0]), {len(each) for each in seen})
    assert {"web-node-1", "web-node-2"} == set().union(*seen)


def test_a_sticky_client_goes_elsewhere_when_its_endpoint_is_gone(lab: Cluster) -> None:
    """Stickiness holds for endpoints that are there."""
    address = service(lab, sessionAffinity="ClientIP")
    (first,) = asked(lab, "pod/default/client/app", address)
    lab.finish(lab.script(f"kubectl delete pod {first} --now"))
    lab.advance(lab.now + 5_000)
    assert {"web-node-1", "web-node-2"} - {first} == asked(lab, "pod/default/client/app", address)


def test_internal_traffic_may_have_to_stay_on_the_node(lab: Cluster) -> None:
    """Without an endpoint on it, packets are dropped."""
    address = service(lab, internalTrafficPolicy="Local")
    before = asked(lab, "pod/default/client/app", address)
    lab.finish(lab.script("kubectl delete pod web-node-1 --now"))
    lab.advance(lab.now + 5_000)
    assert ({"web-node-1"}, {"timeout"}) == (before, asked(lab, "pod/default/client/app", address))


def test_external_traffic_may_have_to_stay_on_the_node_it_came_to(lab: Cluster) -> None:
    """Each node port leads to its node's own Pod; the control plane has none."""
    service(lab, type="NodePort", externalTrafficPolicy="Local")
    found = {node: asked(lab, "workstation", lab.network.addresses.of_node(node), 30080) for node in ("node-1", "node-2", "control-plane")}
    assert {"node-1": {"web-node-1"}, "node-2": {"web-node-2"}, "control-plane": {"timeout"}} == found
