"""Which words of a pack's glossary stand in a lesson's texts."""

from __future__ import annotations

import re

from podlab.packs.model import Lesson, Term

LATIN = re.compile(r"[\x00-\u024f]*")


def used(lesson: Lesson, glossary: list[Term]) -> list[Term]:
    """Those that stand in a text of any language: all languages show the same, as one says in other words what another names."""
    texts = {language: text.casefold() for language, text in lesson.texts.items()}
    return [each for each in glossary if any(_stands(form, texts.get(language, "")) for language, form in _forms(each))]


def _forms(term: Term) -> list[tuple[str, str]]:
    found = [(language, word) for language, word in term.term.items()]
    return found + [(language, word) for language, words in term.also.items() for word in words]


def _stands(form: str, text: str) -> bool:
    """As a whole word, with a plural's s; in scripts whose words take particles anywhere."""
    form = form.casefold()
    if not LATIN.fullmatch(form):
        return form in text
    return re.search(rf"(?<![\w-]){re.escape(form)}(?:e?s)?(?![\w-])", text) is not None
