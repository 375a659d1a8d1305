"""Nodes as a learner writes them."""

import pytest

from podlab.sim import scene
from podlab.sim.cluster import Cluster
from podlab.sim.presets import NodePreset, own


def test_a_line_is_a_node_with_labels_taints_and_a_size() -> None:
    """The order after the name is free; a comment is nobody's."""
    nodes, wrong = own.read("gpu-1 gpu=true:NoSchedule disk=ssd cpu:8 memory:16Gi # the big one\n\n# none\nplain\n")
    assert [] == wrong
    expected = NodePreset(
        labels={"disk": "ssd"},
        taints=["gpu=true:NoSchedule"],
        capacity={"cpu": "8", "memory": "16Gi"},
        allocatable={"cpu": "8", "memory": "16284Mi"},
    )
    assert {"gpu-1": expected, "plain": NodePreset()} == nodes


@pytest.mark.parametrize(
    ("text", "line", "code"),
    [
        ("", 1, "none"),
        ("a\nNode_1", 2, "name"),
        ("a\na", 2, "taken"),
        ("control-plane", 1, "taken"),
        ("a disk", 1, "word"),
        ("a disk=ssd disk=hdd", 1, "twice"),
        ("a -x=1", 1, "label"),
        ("a gpu:Never", 1, "effect"),
        ("a gpu=1:NoSchedule gpu=2:NoSchedule", 1, "twice"),
        ("a gpu=a/b:NoSchedule", 1, "taint"),
        ("a cpu:0", 1, "size"),
        ("a memory:9223372036854775808", 1, "size"),
        ("a memory:lots", 1, "size"),
        ("a " + " ".join(f"l{n}=1" for n in range(17)), 1, "words"),
        ("\n".join(f"n{n}" for n in range(21)), 0, "many"),
    ],
)
def test_what_cannot_be_is_refused_at_its_line(text: str, line: int, code: str) -> None:
    """One thing wrong, one told."""
    assert [(line, code)] == [(each.line, each.code) for each in own.read(text)[1]]


def test_the_cluster_has_these_nodes_and_all_is_ready() -> None:
    """Twenty nodes, ten minutes old and healthy, tainted and labelled as written."""
    lines = "\n".join(f"n{n} zone={'ab'[n % 2]}" for n in range(19)) + "\ngpu-1 gpu=true:NoSchedule"
    cluster = Cluster.start(scene.play(scene.Scene(nodes=own.preset(lines))), seed=1, zero_ms=0)
    nodes = {each["metadata"]["name"]: each for each in cluster.api.list("nodes")}
    assert 21 == len(nodes)
    assert ("b", [{"key": "gpu", "value": "true", "effect": "NoSchedule"}]) == (
        nodes["n1"]["metadata"]["labels"]["zone"],
        nodes["gpu-1"]["spec"]["taints"],
    )
    for obj in [*nodes.values(), *cluster.api.list("pods", "kube-system")]:
        assert ["True"] == [each["status"] for each in obj["status"]["conditions"] if each["type"] == "Ready"]
