"""The verbs: what is stored, what is refused, what is told."""

from __future__ import annotations

import pytest

from podlab.sim.apiserver import deletion
from podlab.sim.changes import ObjectChange
from podlab.sim.errors import StatusError
from tests.sim.apiserver.rig import bare, config_map, deployment, pod

LEARNER = "learner"


def test_a_new_pod_is_pending_with_its_class_and_its_token() -> None:
    """PH-18, MU-5: phase and QoS class at creation; defaults and admission as the real ones."""
    api = bare()
    made = api.create("pods", pod(), by=LEARNER)
    assert {"phase": "Pending", "qosClass": "BestEffort"} == made["status"]
    assert ("Always", "ClusterFirst", 30, "default-scheduler") == tuple(
        made["spec"][name] for name in ("restartPolicy", "dnsPolicy", "terminationGracePeriodSeconds", "schedulerName")
    )
    assert 1 == made["metadata"]["generation"]
    assert made["spec"]["volumes"][0]["name"].startswith("kube-api-access-")
    assert ["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"] == [each["key"] for each in made["spec"]["tolerations"]]


def test_the_given_object_is_not_changed() -> None:
    """Objects given in belong to the caller."""
    given = pod()
    before = pod()
    bare().create("pods", given, by=LEARNER)
    assert before == given


def test_a_gated_pod_says_so_at_once() -> None:
    """PodScheduled=False with reason SchedulingGated, by the API server."""
    made = bare().create("pods", pod(schedulingGates=[{"name": "wait"}]), by=LEARNER)
    assert ["SchedulingGated"] == [each["reason"] for each in made["status"]["conditions"]]


@pytest.mark.parametrize(
    ("namespace", "reason", "message"),
    [("nope", "NotFound", 'namespaces "nope" not found'), ("gone", "Forbidden", "because it is being terminated")],
)
def test_nothing_is_made_in_a_namespace_that_is_missing_or_going(namespace: str, reason: str, message: str) -> None:
    """NamespaceLifecycle."""
    api = bare()
    api.create("namespaces", {"metadata": {"name": "gone"}}, by=LEARNER)
    api.delete("namespaces", "gone", by=LEARNER)
    with pytest.raises(StatusError, match=message) as raised:
        api.create("pods", pod(namespace=namespace), by=LEARNER)
    assert reason == raised.value.reason


def test_a_write_that_changes_nothing_keeps_the_resource_version() -> None:
    """Nothing reaches the watchers, either."""
    api = bare()
    made = api.create("configmaps", config_map(a="1"), by=LEARNER)
    told = len(api.world.changes)
    assert made is api.update("configmaps", config_map(a="1"), by=LEARNER)
    assert told == len(api.world.changes)


def test_a_stale_update_is_a_conflict() -> None:
    """Optimistic concurrency, in the real words."""
    api = bare()
    made = api.create("configmaps", config_map(a="1"), by=LEARNER)
    api.update("configmaps", config_map(a="2"), by=LEARNER)
    with pytest.raises(
        StatusError, match="the object has been modified; please apply your changes to the latest version and try again"
    ) as raised:
        api.update("configmaps", {**config_map(a="3"), "metadata": made["metadata"]}, by=LEARNER)
    assert (409, "Conflict") == (raised.value.code, raised.value.reason)


def test_the_generation_counts_changes_of_the_spec_only() -> None:
    """A Deployment's labels do not count, its replicas do."""
    api = bare()
    made = api.create("deployments", deployment(), by=LEARNER)
    labelled = api.update("deployments", {**made, "metadata": {**made["metadata"], "labels": {"a": "b"}}}, by=LEARNER)
    scaled = api.update("deployments", {**labelled, "spec": {**labelled["spec"], "replicas": 3}}, by=LEARNER)
    assert (1, 1, 2) == tuple(each["metadata"]["generation"] for each in (made, labelled, scaled))


def test_a_pod_is_bound_once() -> None:
    """MU-4: binding sets nodeName and PodScheduled; the second time is a conflict."""
    api = bare()
    api.create("pods", pod(), by=LEARNER)
    api.bind("default", "p", "n1")
    bound = api.get("pods", "p", "default")
    assert ("n1", "True") == (bound["spec"]["nodeName"], bound["status"]["conditions"][0]["status"])
    with pytest.raises(StatusError, match='pod p is already assigned to node "n1"'):
        api.bind("default", "p", "n2")


def test_a_pod_without_node_goes_at_once() -> None:
    """TD-6: grace 0, a last change, gone."""
    api = bare()
    api.create("pods", pod(), by=LEARNER)
    last = api.delete("pods", "p", "default", by=LEARNER)
    assert 0 == last["metadata"]["deletionGracePeriodSeconds"]
    assert deletion.gone(api, "pods", last)


def test_a_pod_on_a_node_stays_for_its_grace_period() -> None:
    """TD-6: a later delete can only shorten; the kubelet's, with 0, ends it."""
    api = bare()
    api.create("pods", pod(nodeName="n1"), by=LEARNER)
    graces = [
        api.delete("pods", "p", "default", by=LEARNER, grace=grace)["metadata"]["deletionGracePeriodSeconds"]
        for grace in (None, 40, 7, None)
    ]
    assert [30, 30, 7, 7] == graces
    assert 2 == api.get("pods", "p", "default")["metadata"]["generation"]
    api.delete("pods", "p", "default", by="kubelet/n1", grace=0)
    assert api.find("pods", "p", "default") is None
    types = [each.type for each in api.world.changes if isinstance(each, ObjectChange)]
    assert ["ADDED", "MODIFIED", "MODIFIED", "MODIFIED", "DELETED"] == types


def test_a_finalizer_holds_an_object_until_it_is_taken_off() -> None:
    """deletionTimestamp first, DELETED when the last finalizer goes."""
    api = bare()
    made = api.create(
        "configmaps", {**config_map(), "metadata": {"name": "c", "namespace": "default", "finalizers": ["lab.example/x"]}}, by=LEARNER
    )
    held = api.delete("configmaps", "c", "default", by=LEARNER)
    assert "deletionTimestamp" in held["metadata"]
    meta = {key: value for key, value in held["metadata"].items() if key != "finalizers"}
    api.update("configmaps", {**held, "metadata": meta}, by=LEARNER)
    assert deletion.gone(api, "configmaps", made)


def test_propagation_is_written_into_the_finalizers() -> None:
    """Foreground and Orphan leave the object for the garbage collector."""
    api = bare()
    for name, wish in (("a", "Foreground"), ("b", "Orphan")):
        api.create("deployments", deployment(name), by=LEARNER)
        api.delete("deployments", name, "default", by=LEARNER, propagation=wish)
    found = [each["metadata"]["finalizers"] for each in api.list("deployments")]
    assert [["foregroundDeletion"], ["orphan"]] == found


def test_a_dry_run_stores_nothing() -> None:
    """It answers as if it had."""
    api = bare()
    assert "uid" in api.create("pods", pod(), by=LEARNER, dry_run=True)["metadata"]
    assert [] == api.list("pods")


def test_unknown_fields_are_an_error_only_where_that_is_asked_for() -> None:
    """Strict, as kubectl asks, or a warning."""
    api = bare()
    said: list[str] = []
    api.create("pods", pod("a", nope=1), by=LEARNER, warnings=said)
    assert ['unknown field "spec.nope"'] == said
    with pytest.raises(StatusError, match=r'strict decoding error: unknown field "spec.nope"'):
        api.create("pods", pod("b", nope=1), by=LEARNER, strict=True)


def test_all_errors_of_an_object_are_told_at_once() -> None:
    """Aggregated, each with its cause."""
    with pytest.raises(StatusError) as raised:
        bare().create("pods", pod(containers=[{"name": "C", "image": ""}]), by=LEARNER)
    assert ["spec.containers[0].name", "spec.containers[0].image"] == [each["field"] for each in (raised.value.details or {})["causes"]]
    assert raised.value.message.startswith('Pod "p" is invalid: [spec.containers[0].name: Invalid value: "C": a lowercase RFC 1123 label')


def test_a_service_is_lent_an_address_and_a_port() -> None:
    """Out of 10.96.0.0/12 and 30000-32767; the same seed lends the same."""
    spec = {"type": "NodePort", "selector": {"a": "b"}, "ports": [{"port": 80}]}
    service = {"metadata": {"name": "s", "namespace": "default"}, "spec": spec}
    one, two = (bare().create("services", service, by=LEARNER)["spec"] for _ in range(2))
    assert one == two
    assert one["clusterIP"].startswith("10.")
    assert 30000 <= one["ports"][0]["nodePort"] <= 32767


def test_an_event_lives_for_an_hour() -> None:
    """EV-9: counted from its last change."""
    api = bare()
    about = {"kind": "Pod", "name": "p", "namespace": "default"}
    api.create("events", {"metadata": {"name": "e", "namespace": "default"}, "involvedObject": about}, by="kubelet/n1")
    api.world.kernel.run_until(3_599_999)
    assert 1 == len(api.list("events"))
    api.world.kernel.run_until(3_600_000)
    assert [] == api.list("events")
