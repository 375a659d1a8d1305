"""Expressions in `lesson.yaml`: each can be understood."""

from __future__ import annotations

from collections.abc import Iterator

from podlab.checks.expression import compile_
from podlab.checks.spec import Answer, Check, Words
from podlab.checks.tokens import ExpressionError
from podlab.checks.words import holes
from podlab.packs.lint.goals import checks
from podlab.packs.model import Lesson
from podlab.packs.problems import Problem
from podlab.packs.yamls import Path, Places

FIX = "docs/packs.md has the names that expressions know"
FIELDS = ("is", "held", "never", "that", "distinct", "while")


def problems(lesson: Lesson, places: Places) -> Iterator[Problem]:
    """What cannot be understood, at its place in the expression."""
    for path, expression in _all(lesson):
        problem = wrong(expression)
        if problem is not None:
            why, fix = _split(problem.why)
            shown = expression if len(expression) <= 80 else expression[:79] + "…"
            yield places.within(path, expression, problem.column, f"in the expression {shown!r}: {why}", fix)


def wrong(expression: str) -> ExpressionError | None:
    """Why an expression cannot be understood; None: it can."""
    try:
        compile_(expression)
    except ExpressionError as error:
        return error
    return None


def _split(why: str) -> tuple[str, str]:
    """The reason, and what mends it where it says so."""
    reason, _, fix = why.partition("; did you mean")
    return (reason, f"did you mean{fix}") if fix else (why, FIX)


def _all(lesson: Lesson) -> Iterator[tuple[Path, str]]:
    for path, check in checks(lesson):
        yield from _of(path, check)
    for number, guard in enumerate(lesson.guards):
        yield from _given(("guards", number), {"never": guard.never, "held": guard.held})
    for number, hint in enumerate(lesson.hints):
        yield from _holes(("hints", number, "text"), hint.text)
    for number, each in enumerate(lesson.predictions):
        for field in ("answer", "since"):
            answer = getattr(each, field)
            if isinstance(answer, Answer):
                yield from _given(("predictions", number, field), {"that": answer.that, "is": answer.is_, "value": answer.value})
    yield from _holes(("done",), lesson.done)


def _of(path: Path, check: Check) -> Iterator[tuple[Path, str]]:
    yield from _given(path, {word: check.get(word) for word in FIELDS})


def _given(path: Path, found: dict[str, object]) -> Iterator[tuple[Path, str]]:
    yield from (((*path, word), text) for word, text in found.items() if isinstance(text, str))


def _holes(path: Path, words: Words) -> Iterator[tuple[Path, str]]:
    yield from (((*path, language), found) for language, text in words.items() for found in holes(text))
