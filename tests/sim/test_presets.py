"""The clusters to start from, as `curriculum.md` §1.3 lists them."""

import pytest

from podlab.sim.cluster import Cluster
from podlab.sim.presets import NAMES

LEARNERS = [name for name in NAMES if name != "standard"]
ZONE, AZ = "topology.kubernetes.io/zone", "kubernetes.io/e2e-az-name"


def _booted(name: str) -> Cluster:
    return Cluster.start(Cluster.boot(name), seed=1, zero_ms=0)


def _nodes(cluster: Cluster) -> dict[str, dict[str, object]]:
    return {node["metadata"]["name"]: node for node in cluster.api.list("nodes")}


@pytest.mark.parametrize("name", LEARNERS)
def test_every_node_and_pod_is_ready_at_zero(name: str) -> None:
    """Ten minutes old and healthy: one control plane, its taint, nothing Pending."""
    cluster = _booted(name)
    for obj in [*cluster.api.list("nodes"), *cluster.api.list("pods", "kube-system")]:
        ready = [each["status"] for each in obj["status"]["conditions"] if each["type"] == "Ready"]
        assert ["True"] == ready, obj["metadata"]["name"]


@pytest.mark.parametrize("name", LEARNERS)
def test_the_guides_first_file_lies_in_every_learners_home(name: str) -> None:
    """`kubectl apply -f my-nginx-pod.yaml` is the first thing that a sandbox offers."""
    cluster = _booted(name)
    cluster.script("kubectl apply -f my-nginx-pod.yaml")
    cluster.advance(60_000)
    assert "Running" == cluster.api.get("pods", "my-nginx-pod", "default")["status"]["phase"]


def test_zones_has_two_nodes_in_each_and_one_without_a_name_of_its_own() -> None:
    """node-4 carries no `e2e-az-name`."""
    nodes = _nodes(_booted("zones"))
    labels = {name: node["metadata"]["labels"] for name, node in nodes.items()}  # type: ignore[index]
    assert {"node-1": "a", "node-2": "a", "node-3": "b", "node-4": "b"} == {n: held[ZONE] for n, held in labels.items() if ZONE in held}
    assert {"node-1": "e2e-az1", "node-2": "e2e-az2", "node-3": "e2e-az3"} == {n: held[AZ] for n, held in labels.items() if AZ in held}


def test_docs_spells_its_nodes_as_the_documentation_does() -> None:
    """No dash."""
    assert ["control-plane", "node1", "node2"] == sorted(_nodes(_booted("docs")))


def test_big_has_one_node_with_sixteen_processors() -> None:
    """Allocatable is capacity less the hard threshold of 100Mi."""
    status = _nodes(_booted("big"))["node-big"]["status"]
    assert ("16", "64Gi", "65436Mi") == (status["capacity"]["cpu"], status["capacity"]["memory"], status["allocatable"]["memory"])  # type: ignore[index]
