"""`pack.yaml`: lessons once each, words in every language, and that each lesson has what it must have."""

from __future__ import annotations

from collections.abc import Iterator

from podlab.packs.folder import Files
from podlab.packs.lint.words import languages
from podlab.packs.model import SLUG, Pack
from podlab.packs.problems import Problem
from podlab.packs.yamls import Places


def problems(pack: Pack, places: Places, files: Files) -> Iterator[Problem]:
    """What is wrong with it."""
    yield from languages(places, ("title",), pack.title, pack.languages)
    yield from languages(places, ("summary",), pack.summary, pack.languages)
    seen: set[str] = set()
    for number, section in enumerate(pack.sections):
        yield from languages(places, ("sections", number, "title"), section.title, pack.languages)
        for index, slug in enumerate(section.lessons):
            path = ("sections", number, "lessons", index)
            if not SLUG.fullmatch(slug):
                yield places.problem(path, f"{slug!r} is no name for a lesson", "small letters and digits, words joined by hyphens")
            if slug in seen:
                yield places.problem(path, f"the lesson {slug!r} stands in two places", "leave one of them out")
            seen.add(slug)
            for name in ("solution.sh", *(f"text.{each}.md" for each in pack.languages)):
                if not files.get(f"{slug}/{name}", "").strip():
                    yield places.problem(path, f"the lesson has no {slug}/{name}, or an empty one", "write it; see docs/packs.md")
