"""The lines around a problem, for those who look at it in the browser."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct

from podlab.packs.folder import FILE_BYTES
from podlab.packs.problems import Problem

AROUND = 2


class Line(Struct):
    """A line of a file: its number, its text before and from the problem's column on; `wrong`: the one that the problem is about."""

    number: int
    before: str
    text: str
    wrong: bool


def excerpt(folder: Path, problem: Problem) -> list[Line]:
    """The problem's line with two before and after it; [] where it is about a file as a whole, or one that cannot be shown."""
    path = folder / problem.file
    if not problem.line or not path.is_file() or path.is_symlink() or path.stat().st_size > FILE_BYTES:
        return []
    lines = path.read_text("utf-8", "replace").split("\n")
    first = max(1, problem.line - AROUND)
    numbered = enumerate(lines[first - 1 : problem.line + AROUND], first)
    return [_line(number, text, problem) for number, text in numbered]


def _line(number: int, text: str, problem: Problem) -> Line:
    wrong = number == problem.line
    at = max(0, problem.column - 1) if wrong else 0
    return Line(number, text[:at], text[at:], wrong)
