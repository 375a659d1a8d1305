"""The kubeconfig: what `kubectl config` makes of it, and what it means for the other commands."""

from __future__ import annotations

import pytest

from tests.sim.kubectl.kit import HOME, POD, Kit


def test_a_context_names_the_namespace() -> None:
    """Of the current context, of --context, and -n stands above both."""
    kit = Kit()
    assert kit.says("kubectl config set-context --current --namespace=lab") == 'Context "podlab" modified.\n'
    assert kit.says("kubectl get pods") == "No resources found in lab namespace.\n"
    assert kit.says("kubectl config set-context dev --cluster=podlab --user=learner --namespace=dev") == 'Context "dev" created.\n'
    assert kit.says("kubectl --context=dev get pods") == "No resources found in dev namespace.\n"
    assert kit.says("kubectl --context=dev get pods -n default") == "No resources found in default namespace.\n"
    assert kit.says("kubectl config use-context dev") == 'Switched to context "dev".\n'
    assert kit.says("kubectl get pods") == "No resources found in dev namespace.\n"


def test_values_are_set_and_unset_by_their_path() -> None:
    """Names may hold dots."""
    kit = Kit()
    assert kit.says("kubectl config set contexts.podlab.namespace lab") == 'Property "contexts.podlab.namespace" set.\n'
    assert kit.says("kubectl config set-cluster a.b --server=https://a") == 'Cluster "a.b" set.\n'
    assert kit.says("kubectl config unset clusters.a.b.server") == 'Property "clusters.a.b.server" unset.\n'
    assert kit.says("kubectl config get-clusters") == "NAME\na.b\npodlab\n"
    assert kit.says("kubectl config delete-cluster a.b") == f"deleted cluster a.b from {HOME}/.kube/config\n"
    assert kit.says("kubectl config unset contexts.podlab.namespace") == 'Property "contexts.podlab.namespace" unset.\n'
    assert kit.says("kubectl get pods") == "No resources found in default namespace.\n"


@pytest.mark.parametrize(
    ("before", "words"),
    [
        (
            "kubectl config unset current-context",
            "The connection to the server localhost:8080 was refused - did you specify the right host or port?",
        ),
        ("kubectl config delete-context podlab", "Error in configuration: context was not found for specified context: podlab"),
        (
            "kubectl config set clusters.podlab.server https://a:1",
            "The connection to the server a:1 was refused - did you specify the right host or port?",
        ),
    ],
)
def test_a_kubeconfig_that_leads_nowhere_reaches_no_server(before: str, words: str) -> None:
    """Nothing is changed behind it."""
    kit = Kit()
    kit.run(before)
    assert kit.run("kubectl create -f -", POD) == (1, "", words + "\n")
    assert kit.api.list("pods") == []


@pytest.mark.parametrize("text", ["a: b: c", "contexts: [x]", "contexts: {a: b}", "[]", "x", "users: [{name: a, user: b}]", "\t"])
def test_a_broken_kubeconfig_is_reported(text: str) -> None:
    """With the file's name; nothing breaks."""
    kit = Kit()
    kit.files[f"{HOME}/.kube/config"] = text
    for line in ("kubectl get pods", "kubectl config view", "kubectl config set contexts.a.b c"):
        code, _, err = kit.run(line)
        assert (code, err.startswith(f'error: error loading config file "{HOME}/.kube/config": ')) == (1, True)
