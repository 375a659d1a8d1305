"""Values inside words."""

from typing import Any

import pytest

from podlab.checks.words import MOST, Values, holes, shown


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, "…"),
        ("node-1", "node-1"),
        (3, "3"),
        (True, "true"),
        (["a", "b"], '["a", "b"]'),
        ("준비", "준비"),
        (["준비"], '["준비"]'),
        ("", ""),
    ],
)
def test_a_value_reads_as_a_person_would_write_it(value: Any, expected: str) -> None:
    """What is absent is an ellipsis; lists are JSON, in the learner's script."""
    assert expected == shown(value)


def test_a_long_value_is_cut() -> None:
    """And says so by its last character."""
    assert ("x" * MOST, "x" * (MOST - 1) + "…") == (shown("x" * MOST), shown("x" * (MOST + 1)))


def test_holes_are_found_in_their_order() -> None:
    """One that is not closed on its line is none."""
    assert ['on(pod("a"))', "1 + 1"] == holes('{{on(pod("a"))}}, {{1 + 1}}, {{never\nclosed}}')


def test_live_values_say_what_they_read() -> None:
    """All of them together, so that goals know what can change one."""
    reads = Values(['on(pod("web"))', 'nodefile("node-1", "/x")', 'size(addr("s"))']).reads
    assert ({("pods", "web"), ("endpointslices", "*")}, True, False) == (reads.objects, reads.files, reads.clock)
