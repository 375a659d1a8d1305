"""Predictions: when what was expected counts as right."""

from typing import Any

import pytest

from podlab.checks.predictions import right
from podlab.checks.spec import Answer, Prediction


def prediction(tolerance: str | None) -> Prediction:
    return Prediction(id="p", task="a", form="instant", ask={"en": "?"}, answer=Answer(happened="Pod web"), tolerance=tolerance)


@pytest.mark.parametrize(
    ("tolerance", "value", "answer", "expected"),
    [
        ("10s", 25_000, 35_000, True),
        ("10s", 25_000, 35_001, False),
        ("10s", 35_000, 25_000, True),
        (None, 3, 3, True),
        (None, 3, 4, False),
        ("10s", "web", "web", True),
        ("10s", ["b", "a"], ["a", "b"], False),
        ("10s", True, True, True),
        ("10s", True, 1, True),
        ("10s", False, 1, False),
        ("10s", "5", 5, False),
        ("10s", 5, None, False),
    ],
)
def test_numbers_may_differ_by_the_tolerance_and_all_else_must_be_equal(
    tolerance: str | None, value: Any, answer: Any, expected: bool
) -> None:
    """The bound itself is still right; an order must be the same order; a truth is no number."""
    assert expected is right(prediction(tolerance), value, answer)


def test_a_set_has_no_order() -> None:
    """What is chosen is compared, not when it was ticked."""
    chosen = Prediction(id="p", task="a", form="set", ask={"en": "?"}, answer=Answer(value="1"), options=["a", "b"])
    assert right(chosen, ["b", "a"], ["a", "b"])
    assert not right(chosen, ["a"], ["a", "b"])
    assert not right(chosen, ["a", "a"], ["a"])


@pytest.mark.parametrize("tolerance", ["soon", "", "-", "1 s", "s"])
def test_a_tolerance_that_is_none_is_refused_when_the_pack_is_read(tolerance: str) -> None:
    """Not in a learner's cluster, where nobody could mend it."""
    with pytest.raises(ValueError, match="is no duration"):
        prediction(tolerance)
