"""`glossary.yaml`: every word in every language of the pack, and once."""

from __future__ import annotations

from collections.abc import Iterator

from podlab.packs.lint.words import languages
from podlab.packs.model import Pack
from podlab.packs.problems import Problem
from podlab.packs.yamls import Places


def problems(pack: Pack, places: Places) -> Iterator[Problem]:
    """What is wrong with it."""
    seen: set[tuple[str, str]] = set()
    for number, each in enumerate(pack.glossary):
        yield from languages(places, (number, "term"), each.term, pack.languages)
        yield from languages(places, (number, "text"), each.text, pack.languages)
        for language in each.also:
            if language not in pack.languages:
                yield places.problem(
                    (number, "also", language), f"{language!r} is no language of the pack", "pack.yaml names its `languages`"
                )
        for language, word in each.term.items():
            if (language, word.casefold()) in seen:
                yield places.problem((number, "term", language), f"the word {word!r} stands here twice", "leave one of them out")
            seen.add((language, word.casefold()))
