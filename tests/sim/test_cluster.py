"""What a learner does to her cluster ends in the cluster or in words for her."""

from __future__ import annotations

import pytest

from podlab.sim.commands import SaveFile
from podlab.sim.errors import StatusError
from tests.sim.story import started


def test_a_file_that_is_too_large_is_refused_in_words() -> None:
    """The learner's error, never ours: nothing is saved, and what was there stays."""
    cluster = started()
    cluster.apply(SaveFile("note.txt", "kept"))
    with pytest.raises(StatusError, match=r"note.txt: No space left on device; nothing was saved"):
        cluster.apply(SaveFile("note.txt", "x" * 1_000_000))
    assert cluster.finish(cluster.script("cat note.txt")).out == "kept"


def test_a_namespace_and_a_pod_in_it_are_applied_together() -> None:
    """The API server waits for the account that every namespace gets; one with another name must be there."""
    cluster = started()
    pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: p, namespace: team}\nspec: {containers: [{name: c, image: nginx}]}\n"
    cluster.write_file("both.yaml", "apiVersion: v1\nkind: Namespace\nmetadata: {name: team}\n---\n" + pod)
    assert "namespace/team created\npod/p created\n" == cluster.finish(cluster.script("kubectl apply -f both.yaml")).out
    cluster.write_file("other.yaml", pod.replace("name: p,", "name: q,").replace("spec: {", "spec: {serviceAccountName: other, "))
    refused = cluster.finish(cluster.script("kubectl apply -f other.yaml")).err
    assert refused.endswith('pods "q" is forbidden: error looking up service account team/other: serviceaccount "other" not found\n')
