"""Packs of the house, broken in some five hundred ways: each is refused with the place and the fix, and none raises."""

from pathlib import Path

import pytest

from podlab.packs import library
from podlab.packs.folder import Files, of_folder
from podlab.packs.problems import PackError, Problem
from podlab.packs.reader import of_files
from tests.packs.breaking import Break, breaks

PACKS = [library.SHIPPED / name for name in ("break-and-fix", "first-five-minutes")]
NEAR = 1
"""A parser sees a bracket too many a line later, and an unclosed container at its beginning."""


def problems(files: Files, broken: Break) -> list[Problem]:
    changed = {name: text for name, text in files.items() if name != broken.file}
    if broken.text is not None:
        changed[broken.file] = broken.text
    try:
        of_files(changed, Path("pack"))
    except PackError as error:
        return error.problems
    return []


def place(files: Files, broken: Break, found: list[Problem]) -> bool:
    """Whether one of the problems sends the author to what was broken; what is gone is told where it is named, or as a whole."""
    if broken.text is None:
        return any(each.line or each.file == broken.file for each in found)
    last = broken.text.count("\n") + 1
    return any(each.file == broken.file and abs(each.line - min(broken.line, last)) <= NEAR for each in found)


@pytest.mark.parametrize("folder", PACKS, ids=lambda each: each.name)
def test_every_broken_pack_is_refused_with_the_place_and_the_fix(folder: Path) -> None:
    """File, line, column, what is wrong, and what mends it."""
    files = of_folder(folder)
    known = list(breaks(files))
    assert len(known) >= 200
    told = [(broken, problems(files, broken)) for broken in known]
    assert [] == [broken[:3] for broken, found in told if not found]
    assert [] == [(broken[:3], list(map(str, found))) for broken, found in told if not place(files, broken, found)]
    assert [] == [str(each) for broken, found in told for each in found if not (each.message and each.fix)]
    assert [] == [str(each) for broken, found in told for each in found if broken.text is not None and not (each.line and each.column)]
