"""The reference's vectors, straight through the adapters."""

from __future__ import annotations

from typing import Any

import pytest

from tests.reference.adapters.kubelet import AREAS
from tests.reference.folder import load, reference_folder

FOLDER = reference_folder()
OURS = ("phase", "condition", "container-status", "pod-actions", "status-merge", "termination", "backoff", "probe")
# The image of this one's second row is not what its hash was made of: upstream's test has another field there.
ELSEWHERE = {"hash-image-bar"}
VECTORS = (
    [each for each in load(FOLDER / "kubelet-vectors.yaml")["vectors"] if each["area"] in OURS and each["id"] not in ELSEWHERE]
    if FOLDER
    else []
)


@pytest.mark.skipif(not VECTORS, reason="no reference folder (PODLAB_REFERENCE, default ../shared/kubernetes)")
@pytest.mark.parametrize("vector", VECTORS, ids=[each["id"] for each in VECTORS])
def test_the_kubelet_does_what_the_vector_says(vector: dict[str, Any]) -> None:
    """Facts of upstream's own test tables."""
    AREAS[vector["area"]](vector)
