"""What a page may ask: answers come out of a copy, and are what the cluster itself would say."""

import pytest

from podlab.sim.cluster import Cluster
from podlab.sim.commands import OpenTerminal, TypeLine
from podlab.sim.questions import (
    Check,
    Checked,
    Complete,
    Completion,
    Explain,
    Explanation,
    FieldList,
    Fields,
    FileText,
    Read,
    Yaml,
    YamlText,
    answer,
)

POD = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\nspec:\n  containers:\n  - name: web\n    image: nginx\n"


@pytest.fixture
def cluster() -> Cluster:
    """A trio with a terminal."""
    made = Cluster.start(Cluster.boot("trio"), 3, 1_767_571_200_000)
    made.apply(OpenTerminal("1"))
    made.advance(made.now + 1000)
    return made


def completed(cluster: Cluster, text: str) -> list[str]:
    found = answer(cluster, Complete("1", text))
    assert isinstance(found, Completion)
    return [text[: found.start] + word for word in found.words]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("kubec", ["kubectl"]),
        ("kubectl describe no", ["kubectl describe nodes"]),
        ("kubectl cordon node-", ["kubectl cordon node-1", "kubectl cordon node-2"]),
        ("kubectl get pods | gre", ["kubectl get pods | grep"]),
        ("watch kubectl get nam", ["watch kubectl get namespaces"]),
        ("cat my", ["cat my-nginx-pod.yaml"]),
        ("kubectl apply -f my", ["kubectl apply -f my-nginx-pod.yaml"]),
        ("ssh node-", ["ssh node-1", "ssh node-2"]),
        ("ls /et", ["ls /etc/"]),
        ("nosuchcomma", []),
    ],
)
def test_tab_finishes_commands_names_and_files(cluster: Cluster, text: str, expected: list[str]) -> None:
    """As bash with kubectl's completion does, from the live cluster."""
    assert expected == completed(cluster, text)


def test_tab_knows_where_ssh_has_led(cluster: Cluster) -> None:
    """On a node its own files are offered, and no kubectl."""
    cluster.apply(TypeLine("1", "ssh node-1"))
    cluster.advance(cluster.now + 2000)
    assert [] == completed(cluster, "kubec")
    assert ["crictl"] == completed(cluster, "cric")


def test_fields_and_values_come_from_the_schema(cluster: Cluster) -> None:
    """The editor offers what `kubectl explain` knows."""
    listed = answer(cluster, Fields("v1", "Pod", ["spec", "containers", "livenessProbe"]))
    assert isinstance(listed, FieldList)
    assert {"httpGet", "periodSeconds"} <= {each.name for each in listed.fields}
    assert FieldList([], ["Always", "Never", "OnFailure"]) == answer(cluster, Fields("v1", "Pod", ["spec", "restartPolicy"]))
    assert FieldList([], []) == answer(cluster, Fields("v1", "Nothing", ["spec"]))


def test_a_manifest_is_looked_over_in_the_api_servers_words_and_nothing_is_made(cluster: Cluster) -> None:
    """Good and bad manifests; the cluster has no new Pod afterwards."""
    copy = Cluster.load(cluster.dump())
    assert Checked(True, ["pod/web created (server dry run)"]) == answer(copy, Check(POD))
    wrong = answer(copy, Check(POD.replace("image: nginx", "imag: nginx")))
    assert isinstance(wrong, Checked)
    assert not wrong.good and 'unknown field "spec.containers[0].imag"' in wrong.lines[0]
    assert [] == copy.api.list("pods", "default")


def test_an_object_opens_as_a_manifest_and_a_file_as_it_is(cluster: Cluster) -> None:
    """Without status and what the server keeps for itself."""
    cluster.write_file("web.yaml", POD)
    cluster.finish(cluster.script("kubectl apply -f web.yaml"))
    text = answer(cluster, Yaml("pods", "default", "web"))
    assert isinstance(text, YamlText)
    assert text.text.startswith("apiVersion: v1\nkind: Pod\n")
    assert "status:" not in text.text and "uid:" not in text.text and "last-applied" not in text.text
    assert YamlText("") == answer(cluster, Yaml("pods", "default", "none"))
    assert FileText(POD, ["my-nginx-pod.yaml", "web.yaml"]) == answer(cluster, Read("web.yaml"))
    assert FileText(None, ["my-nginx-pod.yaml", "web.yaml"]) == answer(cluster, Read("../../etc/none"))


def test_a_waiting_pod_is_explained_node_by_node_with_what_would_change_it(cluster: Cluster) -> None:
    """Each plugin that refuses, and the command where one would do."""
    cluster.finish(cluster.script("kubectl cordon node-1; kubectl label node node-2 disk=hdd"))
    cluster.write_file("p.yaml", POD.replace("spec:\n", "spec:\n  nodeSelector:\n    disk: ssd\n"))
    cluster.finish(cluster.script("kubectl apply -f p.yaml"))
    cluster.advance(cluster.now + 3000)
    found = answer(cluster, Explain("default", "web"))
    assert isinstance(found, Explanation)
    assert ("unschedulable", "") == (found.place, found.node)
    commands = {row.node: [each.command for each in row.remedies] for row in found.rows}
    assert "kubectl uncordon node-1" in commands["node-1"]
    assert ["kubectl label node node-2 disk=ssd --overwrite"] == commands["node-2"]


def test_a_placed_pod_is_explained_by_points_whose_sum_decides(cluster: Cluster) -> None:
    """The chosen node has the greatest sum of the shown numbers."""
    cluster.finish(cluster.script("kubectl run web --image=nginx"))
    cluster.advance(cluster.now + 3000)
    found = answer(cluster, Explain("default", "web"))
    assert isinstance(found, Explanation)
    totals = {row.node: row.total for row in found.rows if row.scores}
    assert max(totals.values()) == totals[found.node]
    assert all(row.total == sum(weighted for _, weighted in row.scores.values()) for row in found.rows if row.scores)
