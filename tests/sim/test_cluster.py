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
