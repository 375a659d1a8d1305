"""Every lesson of the house done once through the page: its solution's lines, faults, files and guesses, in alternating languages."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from podlab.packs import library
from podlab.packs.model import Lesson
from podlab.packs.prove import SEEDS, Run
from podlab.packs.script import steps
from tests.browser.learner import Learner
from tests.browser.person import complaints
from tests.conftest import OpenPage

pytestmark = pytest.mark.browser
LESSONS = [lesson for pack in library.library() if pack.origin == "house" for lesson in pack.lessons.values()]
LANGUAGES = ("en-US", "ko-KR")


def times(lesson: Lesson) -> list[int]:
    """How long each step of the solution takes in its proof (virtual ms)."""
    run, found = Run(lesson, SEEDS[0]), []
    for step in steps(lesson.solution):
        before = run.cluster.now
        run.play([step], settle_ms=0)
        found.append(run.cluster.now - before)
    return found


class Done:
    """One lesson being done: `go` gives way while it waits; `failed` says what went wrong."""

    def __init__(self, page: Page, lesson: Lesson) -> None:
        self.page, self.lesson = page, lesson
        self._steps = self._all()
        self.failed = ""

    def go(self) -> bool:
        """A little further; whether there is more to do."""
        try:
            return next(self._steps, self) is None
        except Exception as error:  # the other lessons go on
            self.failed = f"{type(error).__name__}: {error}"
            return False

    def _all(self) -> Iterator[None]:
        learner = Learner(self.page, self.lesson, times(self.lesson))
        learner.begin()
        yield from learner.play(steps(self.lesson.solution))
        for task in self.lesson.tasks:
            if not task.optional:
                learner.met(task.id)
        page = self.page
        expect(page.locator("pod-done")).to_be_visible()
        expect(page.locator("pod-done")).not_to_contain_text("{{")
        expect(page.locator("pod-predict .came-words")).to_have_count(len(self.lesson.predictions))
        expect(page.locator(".guards .broken")).to_have_count(0)
        yield
        assert [] == complaints(page)
        page.goto(f"/lessons/{self.lesson.pack}/")
        row = page.locator(".lessons li", has=page.locator(f"a[href$='/{self.lesson.slug}/']"))
        expect(row.locator(".state")).to_have_text(re.compile("Done|완료"))
        page.close()


@pytest.mark.parametrize("half", range(2), ids=["en-US", "ko-KR"])
def test_every_lesson_is_done_through_the_page(open_page: OpenPage, half: int) -> None:
    """Every task is passed, the guards hold, every guess is compared with what came, the end is told, the pack's page says done."""
    going = [Done(open_page(locale=LANGUAGES[half]), lesson) for lesson in LESSONS[half::2]]
    waiting = list(going)
    while waiting:
        waiting = [each for each in waiting if each.go()]
    assert {} == {each.lesson.id: each.failed for each in going if each.failed}
