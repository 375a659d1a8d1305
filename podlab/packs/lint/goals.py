"""`lesson.yaml`: the tasks, hints and predictions that are named exist, and what happens can happen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from podlab.checks.spec import SOURCES, TARGET, WITHIN, Answer, Check
from podlab.checks.subjects import RESOURCE_OF
from podlab.packs import claims
from podlab.packs.model import Lesson
from podlab.packs.problems import Problem, meant
from podlab.packs.yamls import Path, Places

KNOWN = claims.known()
HAPPEN = (*SOURCES, *RESOURCE_OF)


def checks(lesson: Lesson) -> Iterator[tuple[Path, Check]]:
    """Every check of the lesson with its place, those inside of others too."""
    for number, task in enumerate(lesson.tasks):
        yield from _parts(("tasks", number, "check"), task.check)
    for number, hint in enumerate(lesson.hints):
        if hint.when is not None:
            yield from _parts(("hints", number, "when"), hint.when)


def _parts(path: Path, check: Check) -> Iterator[tuple[Path, Check]]:
    yield path, check
    for word, nested in (("any", check.any_), ("all", check.all_)):
        for index, each in enumerate(nested or []):
            yield from _parts((*path, word, index), each)


def problems(lesson: Lesson, places: Places) -> Iterator[Problem]:
    """What is wrong with its goals."""
    yield from _twice(lesson, places)
    yield from _names(lesson, places)
    yield from _kinds(lesson, places)
    yield from _circles(lesson, places)
    for index, claim in enumerate(lesson.claims):
        if claim not in KNOWN:
            yield places.problem(("claims", index), f"there is no claim {claim!r}", meant(claim, KNOWN))


def _twice(lesson: Lesson, places: Places) -> Iterator[Problem]:
    """Tasks and guards share their names; hints and predictions have their own."""
    groups = (("tasks", "guards"), ("hints",), ("predictions",))
    for group in groups:
        seen: Counter[str] = Counter()
        for field in group:
            for number, each in enumerate(getattr(lesson, field)):
                seen[each.id] += 1
                if seen[each.id] == 2:
                    yield places.problem((field, number, "id"), f"the id {each.id!r} is there twice", "give one of them another")


def _names(lesson: Lesson, places: Places) -> Iterator[Problem]:
    tasks = [each.id for each in lesson.tasks]
    goals = [*tasks, *(each.id for each in lesson.guards)]
    hints = [each.id for each in lesson.hints]
    for path, name in _tasks_named(lesson):
        if name not in tasks:
            yield places.problem(path, f"there is no task {name!r}", meant(name, tasks))
    for number, hint in enumerate(lesson.hints):
        if hint.task not in goals:
            yield places.problem(("hints", number, "task"), f"there is no task {hint.task!r}", meant(hint.task, goals))
    for number, wrong in enumerate(lesson.wrong):
        if wrong.task not in goals:
            yield places.problem(("wrong", number, "task"), f"there is no task {wrong.task!r}", meant(wrong.task, goals))
        if wrong.hint is not None and wrong.hint not in hints:
            yield places.problem(("wrong", number, "hint"), f"there is no hint {wrong.hint!r}", meant(wrong.hint, hints))


def _tasks_named(lesson: Lesson) -> Iterator[tuple[Path, str]]:
    """Every place that names a task (and may not name a guard)."""
    for number, task in enumerate(lesson.tasks):
        yield from ((("tasks", number, "after", index), name) for index, name in enumerate(task.after))
    for path, check in checks(lesson):
        match = WITHIN.fullmatch(check.within or "")
        named = {"after": check.after, "before": check.before, "from": check.from_, "to": check.to, "within": match[2] if match else None}
        yield from (((*path, word), name) for word, name in named.items() if name)
    for number, guard in enumerate(lesson.guards):
        yield from ((("guards", number, word), name) for word, name in (("from", guard.from_), ("to", guard.to)) if name)
    for number, each in enumerate(lesson.predictions):
        yield from (
            (("predictions", number, word), name) for word, name in (("task", each.task), ("since", each.since)) if isinstance(name, str)
        )


def _kinds(lesson: Lesson, places: Places) -> Iterator[Problem]:
    for path, happened in _happenings(lesson):
        match = TARGET.fullmatch(happened)
        if match and match["kind"] not in HAPPEN:
            yield places.problem((*path, "happened"), f"nothing of the kind {match['kind']!r} happens", meant(match["kind"], HAPPEN))


def _happenings(lesson: Lesson) -> Iterator[tuple[Path, str]]:
    yield from ((path, check.happened) for path, check in checks(lesson) if check.happened)
    for number, each in enumerate(lesson.predictions):
        for word, answer in (("answer", each.answer), ("since", each.since)):
            if isinstance(answer, Answer) and answer.happened:
                yield ("predictions", number, word), answer.happened


def _circles(lesson: Lesson, places: Places) -> Iterator[Problem]:
    after = {each.id: each.after for each in lesson.tasks}
    reached: set[str] = set()
    while more := {
        name for name, wanted in after.items() if name not in reached and all(each in reached or each not in after for each in wanted)
    }:
        reached |= more
    for number, task in enumerate(lesson.tasks):
        if task.id not in reached:
            message = f"the task {task.id!r} can never begin: what comes before it waits for it"
            yield places.problem(("tasks", number, "after"), message, "break the circle of `after`")
