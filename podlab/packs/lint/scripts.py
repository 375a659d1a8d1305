"""The scripts: each that is named is there, and says what can be done."""

from __future__ import annotations

from collections.abc import Iterator

from podlab.packs import script
from podlab.packs.model import Lesson
from podlab.packs.problems import Problem, meant
from podlab.packs.yamls import Places


def problems(lesson: Lesson, places: Places) -> Iterator[Problem]:
    """What is wrong with them."""
    for number, wrong in enumerate(lesson.wrong):
        if wrong.script not in lesson.scripts:
            yield places.problem(
                ("wrong", number, "script"), f"there is no {wrong.script}", meant(wrong.script, lesson.scripts) or "write it"
            )
    named = [each.script for each in lesson.wrong]
    for name in lesson.scripts:
        if name not in named:
            yield Problem(
                f"{lesson.slug}/{name}", 1, 1, "no `wrong` of lesson.yaml names this script", meant(name, named) or "name it there"
            )
    for name, lines in [("solution.sh", lesson.solution), *lesson.scripts.items()]:
        yield from script.problems(f"{lesson.slug}/{name}", lines, lesson)
    yield from _steps(lesson, places)


def _steps(lesson: Lesson, places: Places) -> Iterator[Problem]:
    lines = [str(each.line) for each in script.steps(lesson.solution) if each.acts]
    for line in lesson.steps:
        if line not in lines:
            yield places.problem(
                ("steps", line), f"line {line} of solution.sh does nothing that could be left out", f"those that do: {', '.join(lines)}"
            )
