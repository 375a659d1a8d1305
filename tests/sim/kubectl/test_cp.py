"""kubectl cp's words for what cannot be copied; the copying itself is tried on whole clusters."""

from __future__ import annotations

import pytest

from tests.sim.kubectl.kit import Kit


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("kubectl cp a", "source and destination are required"),
        ("kubectl cp a b", "one of src or dest must be a remote file specification"),
        ("kubectl cp p:/a q:/b", "one of src or dest must be a local file specification"),
        ("kubectl cp p: b", "filepath can not be empty"),
        ("kubectl cp nope p:/b", "nope doesn't exist in local filesystem"),
        ("kubectl cp a/b/c:/x y", "filespec must match the canonical format: [[namespace/]pod:]file/path"),
    ],
)
def test_a_wrong_end_is_named(line: str, words: str) -> None:
    """Before anything is copied."""
    assert Kit().run(line) == (1, "", f"error: {words}\n")


def test_a_pod_that_is_not_there_is_not_found() -> None:
    """In the server's words."""
    assert Kit().run("kubectl cp lab/p:/a b") == (1, "", 'Error from server (NotFound): pods "p" not found\n')
