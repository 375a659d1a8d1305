"""The line that would make room for a Pod, or let it in."""

from __future__ import annotations

from typing import Any

import pytest

from podlab.sim import scene
from podlab.sim.changes import Obj
from podlab.sim.cluster import Cluster
from podlab.sim.presets import own
from podlab.sim.questions import Explain, Explanation, answer
from podlab.sim.scheduler import remedies
from podlab.sim.scheduler.framework import Handle
from podlab.sim.scheduler.node_info import NodeInfo, PodInfo, Snapshot
from podlab.sim.scheduler.remedies import Remedy


def pod(name: str, cpu: str, namespace: str = "default", priority: int = 0, **meta: Any) -> PodInfo:
    spec: Obj = {"priority": priority, "containers": [{"name": "app", "image": "nginx", "resources": {"requests": {"cpu": cpu}}}]}
    return PodInfo({"metadata": {"name": name, "namespace": namespace, "uid": name, **meta}, "spec": spec})


def node(*pods: PodInfo, pods_allowed: str = "110") -> NodeInfo:
    made = NodeInfo({"metadata": {"name": "n"}, "spec": {}, "status": {"allocatable": {"cpu": "2", "pods": pods_allowed}}})
    for each in pods:
        made.add(each)
    return made


def of(plugin: str, reason: str, waiting: PodInfo, on: NodeInfo) -> Remedy:
    """The remedy in a cluster of that node only."""
    return remedies.of(plugin, reason, waiting, on, Handle(Snapshot([on]), lambda _resource, _namespace: []))


def test_the_least_important_pod_whose_going_is_enough_is_named() -> None:
    """Not one of the system's, not one too small; of equals the smallest."""
    held = [pod("proxy", "500m", "kube-system"), pod("small", "100m"), pod("big", "700m", "shop"), pod("fair", "600m", "shop", priority=5)]
    found = of("NodeResourcesFit", "Insufficient cpu", pod("new", "500m"), node(*held))
    assert ("resource", "kubectl delete pod big -n shop") == (found.code, found.command)
    assert {"resource": "cpu", "unit": "m", "asked": 500, "held": 1900, "all": 2000, "free": 100} == found.args


def test_where_no_single_pod_is_enough_none_is_named() -> None:
    """Two would have to go: no line for that."""
    found = of("NodeResourcesFit", "Insufficient cpu", pod("new", "1900m"), node(pod("a", "500m"), pod("b", "500m")))
    assert ("resource", "") == (found.code, found.command)


def test_a_deployment_whose_pods_never_fit_is_told_to_ask_for_less() -> None:
    """A bare Pod's requests stay as they are: no line for it."""
    made: Obj = {"labels": {"pod-template-hash": "abc"}, "ownerReferences": [{"kind": "ReplicaSet", "name": "web-abc"}]}
    found = of("NodeResourcesFit", "Insufficient cpu", pod("web-abc-1", "8", **made), node(pod("a", "500m")))
    assert ("never", "kubectl set resources deployment web --requests=cpu=750m") == (found.code, found.command)
    assert "" == of("NodeResourcesFit", "Insufficient cpu", pod("bare", "8"), node()).command


def test_a_full_node_needs_one_pod_less() -> None:
    """Whatever its size."""
    found = of("NodeResourcesFit", "Too many pods", pod("new", "0"), node(pod("a", "1"), pods_allowed="1"))
    assert ("pods", "kubectl delete pod a", {"held": 1, "all": 1}) == (found.code, found.command, found.args)


def test_a_taint_of_the_nodes_state_is_not_for_the_learner_to_take_away() -> None:
    """It comes back by itself: the state is what must change."""
    tainted = NodeInfo({"metadata": {"name": "n"}, "spec": {"taints": [{"key": "node.kubernetes.io/not-ready", "effect": "NoSchedule"}]}})
    found = of("TaintToleration", "node(s) had untolerated taint(s)", pod("new", "1"), tainted)
    assert ("state", "") == (found.code, found.command)


NODES = "a1 topology.kubernetes.io/zone=a disk=hdd\na2 topology.kubernetes.io/zone=a cpu:1\nb1 topology.kubernetes.io/zone=b gpu=true:NoSchedule old=1:NoExecute\nc1 kept=1:NoSchedule"
THERE = """
apiVersion: v1
kind: Pod
metadata: {name: web, labels: {app: web}}
spec:
  nodeSelector: {kubernetes.io/hostname: a1}
  terminationGracePeriodSeconds: 1
  affinity: {podAntiAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{labelSelector: {matchLabels: {app: noise}}, topologyKey: topology.kubernetes.io/zone}]}}
  containers: [{name: web, image: nginx, resources: {requests: {cpu: "1"}}, ports: [{containerPort: 80, hostPort: 8080}]}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: db}
spec:
  replicas: 2
  selector: {matchLabels: {app: db}}
  template:
    metadata: {labels: {app: db}}
    spec:
      terminationGracePeriodSeconds: 1
      nodeSelector: {topology.kubernetes.io/zone: a}
      containers: [{name: db, image: nginx}]
"""
NEAR = (
    "requiredDuringSchedulingIgnoredDuringExecution: [{labelSelector: {matchLabels: {app: %s}}, topologyKey: topology.kubernetes.io/zone}]"
)
WAITS = {
    "a selector and a taint": "nodeSelector: {disk: ssd, gpu: 'yes'}",
    "expressions": "affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: "
    "[{matchExpressions: [{key: disk, operator: NotIn, values: [hdd]}, {key: rank, operator: Gt, values: ['3']}, {key: gpu, operator: Exists}]}]}}}",
    "nobody near": f"affinity: {{podAffinity: {{{NEAR % 'cache'}}}}}",
    "somebody to shun": f"affinity: {{podAntiAffinity: {{{NEAR % 'db'}}}}}",
    "a bare Pod to shun": f"affinity: {{podAntiAffinity: {{{NEAR % 'web'}}}}}",
    "who shuns it": "nodeSelector: {topology.kubernetes.io/zone: a}",
    "a zone that is full of its like": "topologySpreadConstraints: [{maxSkew: 1, minDomains: 1, topologyKey: topology.kubernetes.io/zone, "
    "whenUnsatisfiable: DoNotSchedule, labelSelector: {matchLabels: {app: web}}}]",
    "a port": "nodeSelector: {disk: hdd}",
    "room": "nodeName: ''",
}
CONTAINERS = {"a port": "ports: [{containerPort: 80, hostPort: 8080}]", "room": "resources: {requests: {cpu: 1500m}}"}
EXPECTED = {
    "a selector and a taint": ["label", "taint"],
    "expressions": ["label", "taint"],
    "nobody near": ["misses", "taint"],
    "somebody to shun": ["shuns", "taint"],
    "a bare Pod to shun": ["shuns", "taint"],
    "who shuns it": ["label", "shunned", "taint"],
    "a zone that is full of its like": ["key", "skewed", "taint"],
    "a port": ["label", "port", "taint"],
    "room": ["resource", "taint"],
}
LABELS = {"who shuns it": "noise", "a zone that is full of its like": "web"}


@pytest.fixture(scope="module")
def stage() -> bytes:
    """Zones, taints, a bare Pod with a port that shuns some, a Deployment."""
    cluster = Cluster.start(scene.play(scene.Scene(nodes=own.preset(NODES), files={"there.yaml": THERE})), 3, 1_767_571_200_000)
    cluster.finish(cluster.script("kubectl apply -f there.yaml"))
    cluster.advance(cluster.now + 10_000)
    return cluster.dump()


def explained(cluster: Cluster) -> Explanation:
    found = answer(cluster, Explain("default", "odd"))
    assert isinstance(found, Explanation)
    return found


def still(cluster: Cluster, node: str, plugin: str) -> bool:
    """Whether the Pod waits, and the plugin refuses it that node."""
    found = explained(cluster)
    return not found.node and any(plugin == refused for row in found.rows if row.node == node for refused, _ in row.refusals)


@pytest.mark.parametrize("name", WAITS)
def test_every_line_that_is_offered_does_what_it_is_for(stage: bytes, name: str) -> None:
    """Node by node: after the line that node's refusal by that plugin is gone, or the Pod has a place."""
    cluster = Cluster.load(stage)
    body = f"kind: Pod\nmetadata: {{name: odd, labels: {{app: {LABELS.get(name, 'odd')}}}}}\nspec:\n  {WAITS[name]}\n"
    container = f"{{name: odd, image: nginx, {CONTAINERS.get(name, 'stdin: false')}}}"
    cluster.write_file("odd.yaml", f"apiVersion: v1\n{body}  containers: [{container}]\n")
    assert "pod/odd created\n" == cluster.finish(cluster.script("kubectl apply -f odd.yaml")).both
    cluster.advance(cluster.now + 3000)
    before, tried = cluster.dump(), []
    for row in explained(cluster).rows:
        plugins = [plugin for plugin, reasons in row.refusals for _ in reasons]
        for plugin, remedy in zip(plugins, row.remedies, strict=True):
            if remedy.command:
                changed = Cluster.load(before)
                said = changed.finish(changed.script(remedy.command))
                assert said.code == 0, said.both
                changed.advance(changed.now + 8_000)
                assert not still(changed, row.node, plugin), remedy
                tried.append(remedy.code)
    assert EXPECTED[name] == sorted(set(tried))
