"""Quantities: exact values, one canonical text."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from podlab.sim.api import quantities

TABLE = yaml.safe_load(Path(__file__).with_name("quantities.yaml").read_text("utf-8"))


@pytest.mark.parametrize(("text", "canonical", "milli", "whole"), TABLE)
def test_a_quantity_has_one_canonical_text_and_exact_values(text: str, canonical: str, milli: int, whole: int) -> None:
    """Rounding is up, as Go's."""
    assert (canonical, milli, whole) == (quantities.canonical(text), quantities.milli(text), quantities.whole(text))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", quantities.BAD_FORMAT),
        ("1 Gi", quantities.BAD_FORMAT),
        ("1gi", quantities.BAD_FORMAT),
        ("1Kii", quantities.BAD_SUFFIX),
        ("1.2.3", quantities.BAD_NUMBER),
    ],
)
def test_what_is_no_quantity_is_refused_in_the_servers_words(text: str, message: str) -> None:
    """The three sentences of the parser."""
    with pytest.raises(ValueError) as raised:
        quantities.parse(text)
    assert message == str(raised.value)
