"""Every lesson of the house proves itself: what it teaches happens, and only by the learner's doing."""

import pytest

from podlab.packs import library
from podlab.packs.model import Lesson
from podlab.packs.prove import Run, prove
from podlab.packs.script import steps
from podlab.sim.cluster import Cluster

LESSONS = [lesson for pack in library.library() if pack.origin == "house" for lesson in pack.lessons.values()]


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda each: each.id)
def test_a_lesson_proves(lesson: Lesson) -> None:
    """Solution, untouched cluster, wrong answers, steps left out, quoted outputs, three seeds."""
    report = prove(lesson)
    assert [] == [f"{each.where}: {each.message}" for each in report.findings]


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda each: each.id)
def test_its_predictions_are_answered_and_the_solution_expects_what_comes(lesson: Lesson) -> None:
    """Each prediction has an answer in the solution's run; what the solution expects is within the tolerance."""
    run = Run(lesson, 1)
    run.play(steps(lesson.solution))
    found = run.goals.state.told
    answered = {each.id: found.get(f"prediction {each.id}", {}) for each in lesson.predictions}
    assert [] == [name for name, data in answered.items() if "answer" not in data]
    assert [] == [name for name, data in answered.items() if data.get("right") is False]


def test_no_pack_of_the_house_is_broken() -> None:
    """All that lies in lessons/ can be read."""
    assert [] == library.broken()
    assert len(LESSONS) >= 12


def test_goals_go_on_from_a_checkpoint_as_if_nothing_had_been() -> None:
    """A run that is saved and loaded after every step tells the same verdicts, and ends in the same bytes."""
    lesson = library.lesson("pod-hands-on/08-readiness-hands-on")
    assert lesson is not None
    whole, cut = Run(lesson, 1), Run(lesson, 1)
    for step in steps(lesson.solution):
        whole.play([step])
        cut.play([step])
        cut.cluster = Cluster.load(cut.cluster.dump())
        cut.goals.attach(cut.cluster)
    assert whole.goals.state.told == cut.goals.state.told
    assert whole.cluster.dump() == cut.cluster.dump()
