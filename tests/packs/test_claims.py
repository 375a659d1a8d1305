"""`docs/claims.md` is what the lessons say."""

from podlab.packs import claims, library


def test_the_page_of_claims_is_what_the_lessons_say() -> None:
    """Run `python3 manage.py pack claims` after changing them."""
    lessons = [lesson for pack in library.library() if pack.origin == "house" for lesson in pack.lessons.values()]
    assert claims.table(lessons) == claims.TARGET.read_text("utf-8")


def test_every_claim_that_a_lesson_names_is_told_in_its_text() -> None:
    """What is proved can be found in the page."""
    told = claims.TARGET.read_text("utf-8")
    named = {claim for pack in library.library() if pack.origin == "house" for lesson in pack.lessons.values() for claim in lesson.claims}
    assert set() == {claim for claim in named if f"| {claim} |" not in told}
