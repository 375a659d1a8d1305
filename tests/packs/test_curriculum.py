"""The curriculum holds together, and the lessons that are built are the ones that it describes (its section 8)."""

import os
import re
from pathlib import Path

import pytest

from podlab.home import ROOT
from podlab.packs import claims as known
from podlab.packs import library
from podlab.packs.model import Lesson
from tests.packs import curriculum
from tests.packs.curriculum import CLAIM, Curriculum

REFERENCE = Path(os.environ.get("PODLAB_REFERENCE") or ROOT.parent / "shared" / "kubernetes")
FILE, DOCUMENTS = REFERENCE.parent / "curriculum.md", REFERENCE.parent / "documents.md"
pytestmark = pytest.mark.skipif(
    not FILE.is_file(), reason="no curriculum beside the reference folder (PODLAB_REFERENCE, default ../shared/kubernetes)"
)
BUILT = [lesson for pack in library.library() if pack.origin == "house" for lesson in pack.lessons.values()]
NUMBERS = {str(number): name for number, name in enumerate(library.ORDER)}


@pytest.fixture(scope="module")
def plan() -> Curriculum:
    """The file, taken apart."""
    return Curriculum(FILE)


@pytest.fixture(scope="module")
def claims() -> dict[str, str]:
    """What the documents claim."""
    return curriculum.claims(DOCUMENTS)


def test_every_claim_stands_once_in_the_table_and_the_reader_knows_it(plan: Curriculum, claims: dict[str, str]) -> None:
    """All 105 of the documents, and no other."""
    assert sorted(claims) == sorted(claim for claim, _ in plan.coverage())
    assert sorted(claims) == sorted(known.known())
    assert 105 == len(claims)


def test_each_lesson_of_the_table_names_the_claim_and_has_the_tasks(plan: Curriculum) -> None:
    """Ranges are each letter that the lesson has between their ends."""
    for claim, places in plan.coverage():
        assert places, claim
        for short, letters in places:
            lesson = plan.lessons[short]
            assert claim in lesson.claims, (claim, short)
            assert set(lesson.named(letters)) <= set(lesson.tasks), (claim, short, letters)


def test_every_claim_that_is_wrong_is_proved_by_tasks_of_a_lesson_that_says_so(plan: Curriculum, claims: dict[str, str]) -> None:
    """Marked ≈ or ✗ in the documents: in the second list, with a line of what the document says."""
    assert {claim for claim, text in claims.items() if "≈" in text or "✗" in text} <= set(plan.proved())
    for claim, (short, letters) in plan.proved().items():
        assert set(plan.lessons[short].named(letters)) <= set(plan.lessons[short].tasks), claim
        assert "**Document**" in plan.lessons[short].text, claim


def test_the_lessons_are_those_that_are_counted_and_whole(plan: Curriculum) -> None:
    """Sixty in seven packs, numbered without a gap, each with all its parts; tasks come after tasks that there are."""
    assert list(library.ORDER) == list(plan.counts())
    assert [f"{pack}/{number:02}" for pack, count in plan.counts().items() for number in range(1, count + 1)] == list(plan.lessons)
    assert 60 == len(plan.lessons)
    for short, lesson in plan.lessons.items():
        assert lesson.claims, short
        assert [] == [word for word in ("Start", "Predict", "Tasks", "Wrong", "Hints", "Why") if f"**{word}**" not in lesson.text], short
        assert [] == lesson.twice, short
        assert [] == [each for before in lesson.tasks.values() for each in before if each not in lesson.tasks], short


def test_every_lesson_that_is_spoken_of_is_there(plan: Curriculum) -> None:
    """In section 2 by name, in section 5 by number."""
    packs = "|".join(library.ORDER)
    named = set(re.findall(rf"`?((?:{packs})/\d\d)\b", plan.sections["2"])) | {
        f"{NUMBERS[number]}/{lesson}" for number, lesson in re.findall(r"(?<![\d/.])([0-6])/(\d\d)(?![\d/])", plan.sections["5"])
    }
    assert set() == named - set(plan.lessons)
    assert len(named) > 50


def test_every_trace_that_is_named_was_recorded(plan: Curriculum) -> None:
    """By area and name."""
    assert plan.traces()
    assert [] == sorted(each for each in plan.traces() if not (REFERENCE / "traces" / f"{each}.yaml").is_file())


@pytest.mark.parametrize("lesson", BUILT, ids=lambda each: each.id)
def test_a_lesson_that_is_built_is_the_one_that_is_described(plan: Curriculum, lesson: Lesson) -> None:
    """Place, minutes, titles, claims, and every task letter; what it proves wrong it shows in the text of each language."""
    described = plan.lessons[f"{lesson.pack}/{lesson.slug[:2]}"]
    assert (described.slug, described.minutes, described.titles) == (lesson.slug, lesson.minutes, lesson.title)
    letters = {re.sub(r"(?<=[a-z])\d$", "", name) for name in lesson.titles}
    assert [] == [each for each in described.tasks if each not in letters]
    assert ([] if lesson.pack == "first-five-minutes" else sorted(described.claims)) == sorted(lesson.claims)
    for claim in [each for each, (short, _) in plan.proved().items() if short == described.short]:
        for language, text in lesson.texts.items():
            assert f"::: claim {claim}" in text, (language, claim)


def test_lessons_name_claims_by_their_ids() -> None:
    """As the reader wants them."""
    assert [] == [claim for lesson in BUILT for claim in lesson.claims if not CLAIM.fullmatch(claim)]
