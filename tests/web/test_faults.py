"""The fault menu's words."""

import json

import pytest

from podlab.home import ROOT
from podlab.sim.faults import CATALOGUE


@pytest.mark.parametrize("language", ["en", "ko"])
def test_every_fault_has_its_words(language: str) -> None:
    """A fault that the engine gains is named on the page before it can be chosen there."""
    words = json.loads((ROOT / "static/src/texts" / f"{language}.json").read_text("utf-8"))
    assert [] == [each.name for each in CATALOGUE if f"faults.{each.name}" not in words]
