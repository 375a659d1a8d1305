"""A lesson shows the words of its pack's glossary that stand in its texts."""

from pathlib import Path

import pytest

from podlab.packs import library
from podlab.packs.folder import of_folder
from podlab.packs.model import Lesson, Pack, Term
from podlab.packs.reader import of_files
from podlab.packs.starter import begin
from podlab.packs.terms import used

HOUSE = [pack for pack in library.library() if pack.origin == "house"]


@pytest.fixture
def lesson(tmp_path: Path) -> Lesson:
    """One whose texts can be replaced."""
    begin(tmp_path / "mine")
    return of_files(of_folder(tmp_path / "mine"), tmp_path).lessons["01-first"]


@pytest.mark.parametrize(
    ("english", "korean", "shown"),
    [
        ("A node is a machine.", "", True),
        ("Two Nodes.", "", True),
        ("A worker.", "", True),
        ("", "노드에서 돕니다.", True),
        ("`nodeName` and node-1 are other words.", "", False),
        ("Nothing of the kind.", "", False),
    ],
)
def test_a_word_is_found_as_a_whole_with_its_plural_and_its_other_forms(lesson: Lesson, english: str, korean: str, shown: bool) -> None:
    """In any of the languages; in Korean with whatever particle follows."""
    lesson.texts = {"en": english, "ko": korean}
    term = Term({"en": "node", "ko": "노드"}, {"en": "a machine", "ko": "기계"}, {"en": ["worker"]})
    assert shown is bool(used(lesson, [term]))


@pytest.mark.parametrize("pack", HOUSE, ids=lambda each: each.id)
def test_the_packs_of_the_house_explain_words_that_their_lessons_use(pack: Pack) -> None:
    """Each pack has a glossary, and no word of it stands there for nothing."""
    assert pack.glossary
    shown = {id(term) for lesson in pack.lessons.values() for term in lesson.glossary}
    assert [] == [term.term["en"] for term in pack.glossary if id(term) not in shown]


def test_the_same_word_means_the_same_in_every_pack_of_the_house() -> None:
    """The page of all words shows each once."""
    meanings: dict[str, set[str]] = {}
    for term in (term for pack in HOUSE for term in pack.glossary):
        meanings.setdefault(term.term["en"], set()).add(term.text["en"] + term.text["ko"] + term.term["ko"])
    assert [] == [word for word, found in meanings.items() if len(found) > 1]
