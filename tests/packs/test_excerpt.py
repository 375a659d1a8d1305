"""The lines around a problem."""

from pathlib import Path

import pytest

from podlab.packs.excerpt import Line, excerpt
from podlab.packs.problems import Problem


def test_it_is_the_line_with_two_around_it_cut_at_the_column(tmp_path: Path) -> None:
    """So that the page can mark from there on."""
    (tmp_path / "pack.yaml").write_text("a\nb\nkey: value\nd\ne\nf\n", "utf-8")
    expected = [
        Line(1, "", "a", False),
        Line(2, "", "b", False),
        Line(3, "key: ", "value", True),
        Line(4, "", "d", False),
        Line(5, "", "e", False),
    ]
    assert expected == excerpt(tmp_path, Problem("pack.yaml", 3, 6, "wrong"))


@pytest.mark.parametrize(
    "problem", [Problem("pack.yaml", 0, 0, "is missing"), Problem("nothing.md", 3, 1, "x"), Problem("folder", 1, 1, "x")]
)
def test_there_is_none_of_a_file_as_a_whole(tmp_path: Path, problem: Problem) -> None:
    """Nor of what is not there."""
    (tmp_path / "folder").mkdir()
    (tmp_path / "pack.yaml").write_text("a\n", "utf-8")
    assert [] == excerpt(tmp_path, problem)


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    """It is a problem, and might point anywhere."""
    (tmp_path / "secret").write_text("x\n", "utf-8")
    (tmp_path / "pack.yaml").symlink_to(tmp_path / "secret")
    assert [] == excerpt(tmp_path, Problem("pack.yaml", 1, 1, "is a link"))
