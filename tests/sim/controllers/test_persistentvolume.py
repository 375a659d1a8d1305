"""Claims and volumes: who is bound to whom and when, what is told meanwhile, and what holds what back."""

from __future__ import annotations

from typing import Any

import pytest

from podlab.sim.changes import Obj
from podlab.sim.cluster import Cluster
from tests.sim.story import ZERO_MS, booted

CLAIM = """
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: data}
spec: {accessModes: [ReadWriteOnce], %sresources: {requests: {storage: %s}}}
"""
VOLUME = """
apiVersion: v1
kind: PersistentVolume
metadata: {name: %s}
spec:
  capacity: {storage: %s}
  accessModes: [ReadWriteOnce]
  storageClassName: manual
  hostPath: {path: /mnt/%s}
"""
POD = """
apiVersion: v1
kind: Pod
metadata: {name: web}
spec:
  containers: [{name: c, image: busybox, command: [sh, -c, "date > /data/x; sleep 1d"], volumeMounts: [{name: v, mountPath: /data}]}]
  volumes: [{name: v, persistentVolumeClaim: {claimName: data}}]
"""


@pytest.fixture
def lab() -> Cluster:
    """A fresh cluster with the class `standard`."""
    return Cluster.start(booted("trio"), 1, ZERO_MS)


def apply(lab: Cluster, *texts: str) -> None:
    """Apply manifests."""
    lab.write_file("m.yaml", "---".join(texts))
    result = lab.finish(lab.script("kubectl apply -f m.yaml"))
    assert 0 == result.code, result.both


def sh(lab: Cluster, line: str) -> str:
    """What a line prints."""
    return lab.finish(lab.script(line)).both


def claim(lab: Cluster) -> Obj:
    """The claim."""
    return lab.api.get("persistentvolumeclaims", "data", "default")


def told(lab: Cluster) -> list[tuple[str, str, Any]]:
    """Events of the claim: reason, message, count."""
    events = [each for each in lab.api.list("events", "default") if each["involvedObject"]["kind"] == "PersistentVolumeClaim"]
    return [(each["reason"], each["message"], each["count"]) for each in events]


def test_without_a_class_an_unbound_claim_is_told_of_every_15_seconds(lab: Cluster) -> None:
    """As [scheduling/pvc-unbound] shows."""
    apply(lab, CLAIM % ("storageClassName: '', ", "1Gi"))
    lab.advance(40_000)
    assert [("FailedBinding", "no persistent volumes available for this claim and no storage class is set", 3)] == told(lab)


def test_the_default_class_waits_for_the_first_consumer(lab: Cluster) -> None:
    """Nothing is made before a Pod is placed; then a directory of its node."""
    apply(lab, CLAIM % ("", "1Gi"))
    lab.advance(10_000)
    before = (claim(lab)["spec"]["storageClassName"], claim(lab)["status"], told(lab)[0][:2])
    apply(lab, POD)
    lab.advance(20_000)
    pod = lab.api.get("pods", "web", "default")
    (volume,) = lab.api.list("persistentvolumes")
    (term,) = volume["spec"]["nodeAffinity"]["required"]["nodeSelectorTerms"]
    assert ("standard", {"phase": "Pending"}, ("WaitForFirstConsumer", "waiting for first consumer to be created before binding")) == before
    assert ["Bound", "Bound", "Running"] == [each["status"]["phase"] for each in (claim(lab), volume, pod)]
    assert [pod["spec"]["nodeName"]] == term["matchExpressions"][0]["values"]


def test_what_a_pod_wrote_is_there_for_the_next_one_on_the_same_node(lab: Cluster) -> None:
    """The volume outlives the Pod and pulls the next one to its node."""
    apply(lab, CLAIM % ("", "1Gi"), POD)
    lab.advance(20_000)
    first, node = sh(lab, "kubectl exec web -- cat /data/x"), lab.api.get("pods", "web", "default")["spec"]["nodeName"]
    sh(lab, "kubectl delete pod web --now")
    sh(lab, "kubectl run look --image=busybox --overrides='" + LOOK + "' --restart=Never -- cat /data/x")
    lab.advance(lab.now + 20_000)
    assert (first, node) == (sh(lab, "kubectl logs look"), lab.api.get("pods", "look", "default")["spec"]["nodeName"])


LOOK = (
    '{"spec": {"volumes": [{"name": "v", "persistentVolumeClaim": {"claimName": "data"}}], "containers": [{"name": "look", '
    '"image": "busybox", "command": ["cat", "/data/x"], "volumeMounts": [{"name": "v", "mountPath": "/data"}]}]}}'
)


def test_the_smallest_volume_that_is_large_enough_is_taken(lab: Cluster) -> None:
    """Of one class; the others stay Available."""
    apply(lab, VOLUME % ("small", "1Gi", "small"), VOLUME % ("large", "9Gi", "large"), VOLUME % ("right", "5Gi", "right"))
    lab.advance(5_000)
    apply(lab, CLAIM % ("storageClassName: manual, ", "3Gi"))
    lab.advance(10_000)
    phases = {each["metadata"]["name"]: each["status"]["phase"] for each in lab.api.list("persistentvolumes")}
    assert ("right", {"small": "Available", "large": "Available", "right": "Bound"}) == (claim(lab)["spec"]["volumeName"], phases)
    assert {"storage": "5Gi"} == claim(lab)["status"]["capacity"]


def test_a_claim_in_use_is_deleted_when_its_pod_has_gone(lab: Cluster) -> None:
    """The finalizer holds it; afterwards its volume goes, by the policy of the class."""
    apply(lab, CLAIM % ("", "1Gi"), POD)
    lab.advance(20_000)
    sh(lab, "kubectl delete pvc data --wait=false")
    lab.advance(lab.now + 60_000)
    held = claim(lab)["metadata"]["finalizers"]
    sh(lab, "kubectl delete pod web --now")
    lab.advance(lab.now + 20_000)
    assert (["kubernetes.io/pvc-protection"], [], []) == (held, lab.api.list("persistentvolumeclaims"), lab.api.list("persistentvolumes"))


def test_a_retained_volume_is_released_and_taken_by_nobody(lab: Cluster) -> None:
    """Its data may be somebody's."""
    apply(lab, VOLUME % ("disk", "1Gi", "disk"), CLAIM % ("storageClassName: manual, ", "1Gi"))
    lab.advance(20_000)
    sh(lab, "kubectl delete pvc data")
    apply(lab, CLAIM % ("storageClassName: manual, ", "1Gi"))
    lab.advance(lab.now + 60_000)
    assert ("Released", "Pending") == (lab.api.get("persistentvolumes", "disk")["status"]["phase"], claim(lab)["status"]["phase"])


def test_a_bound_claim_whose_volume_was_removed_is_lost(lab: Cluster) -> None:
    """Data and all."""
    apply(lab, VOLUME % ("disk", "1Gi", "disk"), CLAIM % ("storageClassName: manual, ", "1Gi"))
    lab.advance(20_000)
    sh(lab, "kubectl delete pv disk --wait=false")
    sh(lab, """kubectl patch pv disk -p '{"metadata": {"finalizers": null}}'""")
    lab.advance(lab.now + 5_000)
    assert ("Lost", "ClaimLost") == (claim(lab)["status"]["phase"], told(lab)[-1][0])


@pytest.mark.parametrize(
    ("class_", "text"),
    [
        ("nothere", 'storageclass.storage.k8s.io "nothere" not found'),
        ("manual", "no volume plugin matched name: kubernetes.io/no-provisioner"),
    ],
)
def test_why_nothing_is_provisioned_is_told(lab: Cluster, class_: str, text: str) -> None:
    """In upstream's words."""
    manual = "\napiVersion: storage.k8s.io/v1\nkind: StorageClass\nmetadata: {name: manual}\nprovisioner: kubernetes.io/no-provisioner\n"
    apply(lab, manual, CLAIM % (f"storageClassName: {class_}, ", "1Gi"))
    lab.advance(5_000)
    assert ("ProvisioningFailed", text) == told(lab)[0][:2]


def test_a_stateful_set_keeps_each_ordinals_claim(lab: Cluster) -> None:
    """`<template>-<set>-<ordinal>`, still there after scaling down, used again after scaling up."""
    apply(lab, STATEFUL)
    lab.advance(40_000)
    uids = {each["metadata"]["name"]: each["metadata"]["uid"] for each in lab.api.list("persistentvolumeclaims")}
    sh(lab, "kubectl scale sts db --replicas=1")
    lab.advance(lab.now + 60_000)
    sh(lab, "kubectl scale sts db --replicas=2")
    lab.advance(lab.now + 40_000)
    after = {each["metadata"]["name"]: each["metadata"]["uid"] for each in lab.api.list("persistentvolumeclaims")}
    assert (["data-db-0", "data-db-1"], uids) == (sorted(uids), after)
    assert "create Claim data-db-0 Pod db-0 in StatefulSet db success" in sh(lab, "kubectl get events")


STATEFUL = """
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db}
spec:
  replicas: 2
  selector: {matchLabels: {app: db}}
  serviceName: db
  template:
    metadata: {labels: {app: db}}
    spec:
      terminationGracePeriodSeconds: 1
      containers: [{name: c, image: busybox, command: [sleep, 1d], volumeMounts: [{name: data, mountPath: /data}]}]
  volumeClaimTemplates:
  - metadata: {name: data}
    spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
"""


def test_a_generic_ephemeral_volume_goes_with_its_pod(lab: Cluster) -> None:
    """Its claim is named after both and owned by the Pod."""
    spec = "{ephemeral: {volumeClaimTemplate: {spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}}, name: v}"
    apply(lab, POD.replace("{name: v, persistentVolumeClaim: {claimName: data}}", spec))
    lab.advance(20_000)
    during = [(each["metadata"]["name"], each["status"]["phase"]) for each in lab.api.list("persistentvolumeclaims")]
    running = lab.api.get("pods", "web", "default")["status"]["phase"]
    sh(lab, "kubectl delete pod web --now")
    lab.advance(lab.now + 30_000)
    assert ([("web-v", "Bound")], "Running", []) == (during, running, lab.api.list("persistentvolumeclaims"))
