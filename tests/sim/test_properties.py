"""What holds in every world, whatever the learner does: small random worlds of kubectl lines, changes of files and faults."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from podlab.sim.changes import Change, ObjectChange
from podlab.sim.cluster import Cluster
from tests.sim.worlds import ACTS, Act, opened, play

BOUNDED = settings(deadline=None, derandomize=True, database=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
SLICE_LAG_MS = 2_000
GOOD = {"nginx", "nginx:1.27"}


def objects(told: list[Change], resource: str) -> list[ObjectChange]:
    return [each for each in told if isinstance(each, ObjectChange) and each.resource == resource]


def phases_and_restarts(told: list[Change]) -> None:
    """No phase leaves a last one; restart counts never shrink; Ready means that all containers are."""
    last: dict[str, dict[str, Any]] = {}
    for each in objects(told, "pods"):
        status, before = each.new["status"], last.get(each.uid, {})
        if before.get("phase") in ("Succeeded", "Failed"):
            assert before["phase"] == status["phase"], each
        for key in ("containerStatuses", "initContainerStatuses"):
            counts = {one["name"]: one["restartCount"] for one in before.get(key) or ()}
            assert all(one["restartCount"] >= counts.get(one["name"], 0) for one in status.get(key) or ()), each
        conditions = {one["type"]: one["status"] for one in status.get("conditions") or ()}
        if conditions.get("Ready") == "True":
            assert all(one["ready"] for one in status["containerStatuses"]), each
            assert conditions["ContainersReady"] == "True", each
        last[each.uid] = status


def slices_name_the_living(told: list[Change]) -> None:
    """A slice that is written names no Pod that has been gone for long; one that rests names none at all that is gone."""
    gone: dict[str, int] = {}
    named: dict[str, set[str]] = {}
    for each in told:
        if not isinstance(each, ObjectChange):
            continue
        if each.resource == "pods" and each.type == "DELETED":
            gone[each.uid] = each.t
        if each.resource == "endpointslices":
            named[each.uid] = (
                set()
                if each.type == "DELETED"
                else {end["targetRef"]["uid"] for end in each.new.get("endpoints") or () if "targetRef" in end}
            )
            assert [] == [uid for uid in sorted(named[each.uid]) if each.t - gone.get(uid, each.t) > SLICE_LAG_MS], each
    assert set() == set().union(*named.values()) & set(gone)


def addresses_belong_to_pods(cluster: Cluster) -> None:
    """In the end each address of a slice is that of the Pod it names."""
    addresses = {each["metadata"]["uid"]: each["status"].get("podIP") for each in cluster.api.list("pods")}
    for each in cluster.api.list("endpointslices"):
        for end in each.get("endpoints") or ():
            if "targetRef" in end:
                assert end["addresses"] == [addresses[end["targetRef"]["uid"]]]


def sets_have_their_number(cluster: Cluster) -> None:
    """Each ReplicaSet owns as many Pods as wanted, that neither go nor are over; a Deployment of an image that works is all there."""
    pods = [
        each
        for each in cluster.api.list("pods")
        if "deletionTimestamp" not in each["metadata"] and each["status"].get("phase") not in ("Succeeded", "Failed")
    ]
    for each in cluster.api.list("replicasets"):
        mine = [pod for pod in pods if each["metadata"]["uid"] in {owner["uid"] for owner in pod["metadata"].get("ownerReferences") or ()}]
        assert each["spec"]["replicas"] == len(mine) == each["status"]["replicas"], each
    for each in cluster.api.list("deployments", "default"):
        wanted, status = each["spec"]["replicas"], each["status"]
        if each["spec"]["template"]["spec"]["containers"][0]["image"] in GOOD:
            counts = [status.get(key, 0) for key in ("replicas", "updatedReplicas", "readyReplicas", "availableReplicas")]
            assert 4 * [wanted] == counts, each
        else:
            assert wanted <= status.get("replicas", 0) + 1, each


@settings(BOUNDED, max_examples=50)
@given(ACTS)
def test_the_laws_hold_in_every_world(acts: list[Act]) -> None:
    """While it changes and once it has settled."""
    cluster, told = play(opened(), acts)
    phases_and_restarts(told)
    slices_name_the_living(told)
    addresses_belong_to_pods(cluster)
    sets_have_their_number(cluster)


def seen(told: list[Change]) -> list[tuple[Any, ...]]:
    """What can be seen of the objects: who became what, and when."""
    return [(each.t, each.type, each.resource, each.namespace, each.name, each.new) for each in told if isinstance(each, ObjectChange)]


@settings(BOUNDED, max_examples=25)
@given(ACTS)
def test_a_quiet_world_shows_what_an_eager_one_shows(acts: list[Act]) -> None:
    """Probes that are not run because nothing changed would have changed nothing."""
    assert seen(play(opened(), acts)[1]) == seen(play(opened(eager=True), acts)[1])


@settings(BOUNDED, max_examples=25)
@given(ACTS, st.sets(st.integers(0, 1500), min_size=1, max_size=12))
def test_saving_and_loading_at_any_instant_changes_nothing(acts: list[Act], stops: set[int]) -> None:
    """The cluster is its saved bytes, between any two steps of the engine."""
    straight, told = play(opened(), acts, stops)
    saved, again = play(opened(), acts, stops, lambda cluster: Cluster.load(cluster.dump()))
    assert told == again
    assert straight.dump() == saved.dump()
