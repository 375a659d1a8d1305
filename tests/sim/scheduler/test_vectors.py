"""The scheduler answers the reference's tables as the real one does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.reference.adapters.scheduler import AREAS
from tests.reference.folder import load, reference_folder, vectors

ROOT = reference_folder()
PATH = ROOT / "scheduler-vectors.yaml" if ROOT else None
KNOWN = load(Path(__file__).parents[2] / "reference" / "known.yaml")["cases"]
CASES = (
    [each for each in vectors(PATH) if each["area"] in AREAS and f"vectors/scheduler/{each['id']}" not in KNOWN]
    if PATH and PATH.exists()
    else []
)


@pytest.mark.skipif(not CASES, reason="no reference folder (PODLAB_REFERENCE)")
@pytest.mark.parametrize("area", sorted({each["area"] for each in CASES}))
def test_it_answers_as_the_real_scheduler(area: str) -> None:
    """Every case of the area that is not listed as known."""
    failed: dict[str, str] = {}
    for case in CASES:
        if case["area"] == area:
            _check(case, failed)
    assert failed == {}


def _check(case: dict[str, Any], failed: dict[str, str]) -> None:
    try:
        AREAS[case["area"]](case)
    except AssertionError as error:
        failed[case["id"]] = str(error)
