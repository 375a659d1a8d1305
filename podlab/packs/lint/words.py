"""Words that a learner reads: each is there in every language of the pack."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from podlab.packs.model import Lesson, Words
from podlab.packs.problems import Problem
from podlab.packs.yamls import Path, Places


def languages(places: Places, path: Path, words: Words, wanted: Iterable[str]) -> Iterator[Problem]:
    """What is missing, or one language too many, in the words at a path."""
    for each in wanted:
        if not words.get(each, "").strip():
            yield places.problem(path, f"these words are missing in {each!r}", "each text has every language of the pack")
    for each in words:
        if each not in wanted:
            yield places.problem((*path, each), f"{each!r} is no language of the pack", "pack.yaml names its `languages`")


def problems(lesson: Lesson, places: Places, wanted: list[str]) -> Iterator[Problem]:
    """All words of `lesson.yaml`."""
    for path, words in _words(lesson):
        yield from languages(places, path, words, wanted)


def _words(lesson: Lesson) -> Iterator[tuple[Path, Words]]:
    yield ("title",), lesson.title
    if lesson.done:
        yield ("done",), lesson.done
    for number, task in enumerate(lesson.tasks):
        yield ("tasks", number, "title"), task.title
    for number, guard in enumerate(lesson.guards):
        yield ("guards", number, "title"), guard.title
    for number, hint in enumerate(lesson.hints):
        yield ("hints", number, "text"), hint.text
    for number, each in enumerate(lesson.predictions):
        yield ("predictions", number, "ask"), each.ask
        if each.why is not None:
            yield ("predictions", number, "why"), each.why
        for field in ("options", "rows"):
            for index, words in enumerate(getattr(each, field)):
                if isinstance(words, dict):
                    yield ("predictions", number, field, index), words
