"""Deltas: `apply(old, patch) == new` for whatever two objects."""

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from podlab.wire.patch import apply_patch, merge_patch

VALUES = st.recursive(
    st.booleans() | st.integers(2) | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=12,
)
OBJECTS = st.dictionaries(st.sampled_from("abcd"), VALUES, max_size=4)


UNTIMED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


@UNTIMED
@given(OBJECTS, OBJECTS)
def test_a_patch_makes_the_new_of_the_old(old: dict[str, Any], new: dict[str, Any]) -> None:
    """Whatever changed, came or went."""
    assert new == apply_patch(old, merge_patch(old, new))


@UNTIMED
@given(OBJECTS)
def test_nothing_changed_is_an_empty_patch(value: dict[str, Any]) -> None:
    """No part is sent that is the same."""
    assert merge_patch(value, dict(value)) == {}


def test_only_what_changed_is_sent() -> None:
    """Parts shared by reference and parts that are equal both stay out."""
    old = {"metadata": {"name": "a", "labels": {"x": "1"}}, "status": {"phase": "Pending", "old": 1}}
    new = {"metadata": old["metadata"], "status": {"phase": "Running"}}
    assert merge_patch(old, new) == {"status": {"phase": "Running", "old": None}}
