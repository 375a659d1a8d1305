"""The documentation of a field in lines of a certain width."""

import pytest

from podlab.sim.kubectl.wrapping import wrapped


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", [""]),
        ("one two three", ["one two", "three"]),
        ("one\ntwo", ["one", "two"]),
        ("one:\n  - a longer item\nend", ["one:", "  - a", "longer", "item", "end"]),
        ("one\n\ntwo", ["one", "", "two"]),
        ("extraordinarily", ["extraordinarily"]),
        ("an extraordinarily long", ["an", "extraordinarily", "long"]),
        ("ends in space ", ["ends in", "space "]),
    ],
)
def test_lines(text: str, lines: list[str]) -> None:
    """Its own breaks stay; a word that is longer than a line stands alone in it."""
    assert wrapped(text, 8, "") == lines


def test_every_line_is_indented() -> None:
    """An empty one too."""
    assert wrapped("a\n\nb", 8, "  ") == ["  a", "  ", "  b"]
