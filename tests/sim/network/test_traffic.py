"""The traffic generator: a steady rate, counters of who answered, and an end."""

from __future__ import annotations

import pytest

from podlab.sim.changes import Request
from podlab.sim.cluster import Cluster
from podlab.sim.commands import Fault
from podlab.sim.errors import StatusError
from podlab.sim.network.state import Flow
from tests.sim.images.test_own import run
from tests.sim.story import ZERO_MS, booted


@pytest.fixture
def lab() -> Cluster:
    """A client, two web servers and their Service."""
    made = Cluster.start(booted("trio"), 1, ZERO_MS)
    run(made, "client", "busybox", container={"command": ["sleep", "1d"]})
    for line in (
        "kubectl create deployment web --image=podlab/web --replicas=2",
        "kubectl expose deployment web --port=80 --target-port=8080",
    ):
        made.finish(made.script(line))
    made.advance(15_000)
    return made


def flow(lab: Cluster) -> Flow:
    """The one flow."""
    (only,) = lab.network.state.flows.values()
    return only


def start(lab: Cluster, **args: str) -> None:
    """Let the client ask."""
    lab.apply(Fault("traffic", args={"pod": "client", "to": "http://web/", "ms": "500", **args}))


def test_it_asks_at_its_rate_and_counts_who_answered(lab: Cluster) -> None:
    """Two a second over ten seconds; both Pods answer."""
    start(lab)
    lab.advance(24_999)
    counted = flow(lab)
    assert (20, 2, {}) == (sum(counted.answered.values()), len(counted.answered), counted.failed)


def test_each_request_is_told(lab: Cluster) -> None:
    """The page draws them."""
    lab.take_changes()
    start(lab)
    lab.advance(17_499)
    told = [each for each in lab.take_changes() if isinstance(each, Request) and each.source.startswith("pod/default/client/")]
    assert (5, {"default/web"}) == (len(told), {each.service for each in told})


def test_without_endpoints_it_is_refused_and_goes_on(lab: Cluster) -> None:
    """Nobody answers while the Deployment has no Pods; later one does."""
    start(lab)
    lab.finish(lab.script("kubectl scale deployment web --replicas=0"))
    lab.advance(60_000)
    answered = sum(flow(lab).answered.values())
    lab.finish(lab.script("kubectl scale deployment web --replicas=1"))
    lab.advance(80_000)
    assert (True, True) == ("refused" in flow(lab).failed, sum(flow(lab).answered.values()) > answered)


def test_it_stops_and_the_cluster_falls_silent(lab: Cluster) -> None:
    """No timer is left."""
    start(lab)
    lab.advance(20_000)
    lab.apply(Fault("traffic-stop", args={"pod": "client"}))
    assert ({}, None) == (lab.network.state.flows, lab.world.kernel.due("network.traffic", "client http://web/"))


def test_a_client_that_does_not_run_asks_nothing(lab: Cluster) -> None:
    """It goes on when a Pod of that name runs again."""
    start(lab)
    lab.finish(lab.script("kubectl delete pod client --force --grace-period=0"))
    before = sum(flow(lab).answered.values())
    lab.advance(lab.now + 10_000)
    during = sum(flow(lab).answered.values())
    run(lab, "client", "busybox", container={"command": ["sleep", "1d"]})
    lab.advance(lab.now + 10_000)
    assert (before, True) == (during, sum(flow(lab).answered.values()) > during)


@pytest.mark.parametrize(
    ("args", "words"),
    [
        ({"to": "https://web/"}, "traffic to 'https://web/'"),
        ({"ms": "10"}, "at most one every 100 ms"),
        ({"pod": "nobody"}, "there is no Pod, node or workstation of that name"),
    ],
)
def test_what_cannot_flow_is_refused_in_words(lab: Cluster, args: dict[str, str], words: str) -> None:
    """Each refusal names what is wrong."""
    with pytest.raises(StatusError, match=words):
        start(lab, **args)


def test_names_are_not_found_while_the_name_server_is_down(lab: Cluster) -> None:
    """And are again when it is up."""
    start(lab)
    lab.advance(lab.now + 5_000)
    lab.apply(Fault("dns-down"))
    lab.advance(lab.now + 30_000)
    failed = flow(lab).failed["dns"]
    lab.apply(Fault("dns-up"))
    answered = sum(flow(lab).answered.values())
    lab.advance(lab.now + 10_000)
    assert (True, True, True) == (failed > 0, flow(lab).failed["dns"] <= failed + 1, sum(flow(lab).answered.values()) > answered)
