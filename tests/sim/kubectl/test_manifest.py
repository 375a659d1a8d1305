"""Manifests from files, folders and stdin, and the words for those that cannot be read."""

from __future__ import annotations

from tests.sim.kubectl.kit import HOME, POD, Kit

CONFIG = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: %s}\n"


def test_a_folder_is_read_in_the_order_of_its_names() -> None:
    """Only .yaml, .yml and .json; no folders below without -R."""
    kit = Kit()
    kit.files |= {
        f"{HOME}/all/b.yaml": CONFIG % "b",
        f"{HOME}/all/a.yml": CONFIG % "a",
        f"{HOME}/all/c.txt": "no",
        f"{HOME}/all/x/d.yaml": CONFIG % "d",
    }
    assert kit.says("kubectl apply -f all") == "configmap/a created\nconfigmap/b created\n"
    assert kit.says("kubectl apply -R -f all") == "configmap/a unchanged\nconfigmap/b unchanged\nconfigmap/d created\n"


def test_a_list_is_taken_apart() -> None:
    """Its items are applied one by one."""
    kit = Kit()
    items = '{"apiVersion": "v1", "kind": "List", "items": [{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "%s"}}, %s]}'
    last = '{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "z"}}'
    assert kit.says("kubectl apply -f -", items % ("y", last)) == "configmap/y created\nconfigmap/z created\n"


def test_a_file_that_is_not_there_is_named() -> None:
    """With the path as it was given."""
    assert Kit().run("kubectl apply -f nope.yaml") == (1, "", 'error: the path "nope.yaml" does not exist\n')


def test_broken_yaml_is_reported_with_its_line() -> None:
    """In the words of Go's YAML library."""
    says = Kit().says("kubectl apply -f -", "kind: Pod\nmetadata: a: b\n")
    assert (
        says == "error: error parsing STDIN: error converting YAML to JSON: yaml: line 2: mapping values are not allowed in this context\n"
    )


def test_a_manifest_without_kind_or_version_is_refused() -> None:
    """Before anything is sent."""
    assert "apiVersion not set" in Kit().says("kubectl apply -f -", "kind: Pod\n")
    assert "kind not set" in Kit().says("kubectl apply -f -", "apiVersion: v1\n")


def test_a_kind_that_the_cluster_does_not_know_is_refused() -> None:
    """With name, namespace and source."""
    says = Kit().says("kubectl apply -f -", "apiVersion: lab/v1\nkind: Frog\nmetadata: {name: f}\n")
    assert says.startswith(
        'error: resource mapping not found for name: "f" namespace: "" from "STDIN": no matches for kind "Frog" in version "lab/v1"'
    )


def test_an_empty_document_is_passed_over_but_not_an_empty_file() -> None:
    """`---` alone makes nothing; nothing at all is an error."""
    kit = Kit()
    assert kit.says("kubectl apply -f -", f"---\n---\n{POD}---\n") == "pod/web created\n"
    assert kit.run("kubectl apply -f -", "\n") == (1, "", "error: no objects passed to apply\n")


def test_the_same_flag_twice_reads_both_files() -> None:
    """-f may be repeated."""
    kit = Kit()
    kit.files |= {f"{HOME}/a.yaml": CONFIG % "a", f"{HOME}/b.yaml": CONFIG % "b"}
    assert kit.says("kubectl create -f a.yaml -f b.yaml") == "configmap/a created\nconfigmap/b created\n"
