"""Lessons: what proving one takes, and what its checks add to the engine while somebody works at it."""

from __future__ import annotations

import statistics
from collections.abc import Iterator

from podlab.checks.goals import Goals
from podlab.cli.bench.measure import RUNS, Figure, best_s
from podlab.packs import boot, library
from podlab.packs.model import Lesson
from podlab.packs.prove import SEEDS, ZERO_MS, Run, prove
from podlab.packs.script import steps
from podlab.sim.cluster import Cluster
from podlab.sim.commands import Command, Predict

QUIET, CALLED = "pod-hands-on/08-readiness-hands-on", "pod-hands-on/09-liveness-hands-on"
HOUR_MS = 3_600_000
Moments = list[tuple[int, Command]]


def figures() -> Iterator[Figure]:
    """CPU time of the house's lessons."""
    lessons = [lesson for pack in library.library() if pack.origin == "house" for lesson in pack.lessons.values()]
    costs = [prove(lesson).cpu_ms / len(SEEDS) / 1000 for lesson in lessons]
    yield Figure("prove, a lesson and seed, median (limit 2)", statistics.median(costs), "s CPU", 2)
    yield Figure("prove, the dearest lesson, a seed", max(costs), "s CPU", 2)
    alone = [lesson for lesson in lessons if not any(task.act for task in lesson.tasks)]
    shares = [_overhead(lesson, _solved(lesson)) for lesson in alone]
    yield Figure("a solution: checks add, median (limit 50)", statistics.median(shares), "%")
    yield Figure("a solution: checks add, the dearest lesson", max(shares), "%")
    for name, what in ((QUIET, "a quiet hour"), (CALLED, "an hour with a request a second that checks wait for")):
        lesson = library.lesson(name)
        assert lesson is not None
        plain, watched = _costs(lesson, [(HOUR_MS, Predict("", 0))])
        yield Figure(f"{what}: checks add", 1000 * (watched - plain), "ms CPU")


def _solved(lesson: Lesson) -> Moments:
    """What the solution does, and when."""
    run = Run(lesson, SEEDS[0])
    run.play(steps(lesson.solution))
    return run.commands


def _overhead(lesson: Lesson, moments: Moments) -> float:
    plain, watched = _costs(lesson, moments)
    return 100 * (watched / plain - 1)


def _costs(lesson: Lesson, moments: Moments) -> tuple[float, float]:
    """Least CPU time of these moments in s: alone, and with goals that look on."""
    return best_s(lambda: _again(lesson, moments, watched=False), RUNS), best_s(lambda: _again(lesson, moments, watched=True), RUNS)


def _again(lesson: Lesson, moments: Moments, *, watched: bool) -> None:
    cluster = Cluster.start(boot.boot(lesson), SEEDS[0], ZERO_MS)
    if watched:
        Goals(lesson).attach(cluster)
    for t, command in moments:
        cluster.advance(t)
        cluster.take_changes()
        if not isinstance(command, Predict):
            cluster.apply(command)
    cluster.take_changes()
