"""What must be true of a pack beyond its form: names that are meant exist, expressions can be understood, the languages say the same.

`problems(pack, files)` finds them all; each has the place of what is wrong, and what mends it. A file a part of a lesson.
"""

from __future__ import annotations

from collections.abc import Iterator

from podlab.packs.folder import Files
from podlab.packs.lint import cluster, expressions, glossary, goals, head, images, scripts, texts, words
from podlab.packs.model import Pack
from podlab.packs.problems import Problem
from podlab.packs.yamls import Places


def problems(pack: Pack, files: Files) -> list[Problem]:
    """All of the pack's problems."""
    found = [*head.problems(pack, Places("pack.yaml", files["pack.yaml"]), files)]
    for name, room in (("glossary.yaml", glossary), ("images.yaml", images)):
        if name in files:
            found += room.problems(pack, Places(name, files[name]))
    return [*found, *(each for slug in pack.lessons for each in _lesson(pack, slug, files))]


def _lesson(pack: Pack, slug: str, files: Files) -> Iterator[Problem]:
    lesson, name = pack.lessons[slug], f"{slug}/lesson.yaml"
    places = Places(name, files[name])
    yield from goals.problems(lesson, places)
    yield from expressions.problems(lesson, places)
    yield from words.problems(lesson, places, pack.languages)
    if f"{slug}/cluster.yaml" in files:
        yield from cluster.problems(lesson, Places(f"{slug}/cluster.yaml", files[f"{slug}/cluster.yaml"]))
    yield from texts.problems(lesson, pack.languages)
    yield from scripts.problems(lesson, places)
