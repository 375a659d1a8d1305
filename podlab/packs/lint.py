"""What must be true of a pack beyond its form: names that are meant exist, expressions can be understood, the languages say the same.

`problems(pack, files)` finds them all; each has the line of what is wrong.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from podlab.checks.expression import compile_
from podlab.checks.spec import SOURCES, TARGET, Answer, Check
from podlab.checks.subjects import RESOURCE_OF
from podlab.checks.tokens import ExpressionError
from podlab.checks.words import holes
from podlab.packs import claims, script, text
from podlab.packs.folder import Files
from podlab.packs.model import SLUG, Lesson, Pack
from podlab.packs.problems import Problem, meant
from podlab.sim.presets import NAMES

KNOWN = claims.known()
PRESETS = tuple(name for name in NAMES if name != "standard")


def problems(pack: Pack, files: Files) -> list[Problem]:
    """All of the pack's problems, none twice."""
    found = [*_head(pack)]
    for lesson in pack.lessons.values():
        found += _Lesson(lesson, pack.languages, files).problems()
    return found


def _head(pack: Pack) -> Iterator[Problem]:
    slugs = [slug for section in pack.sections for slug in section.lessons]
    for slug in slugs:
        if not SLUG.fullmatch(slug):
            yield Problem("pack.yaml", 0, 0, f"{slug!r} is no name for a lesson", "small letters and digits, words joined by hyphens")
        if slugs.count(slug) > 1:
            yield Problem("pack.yaml", 0, 0, f"the lesson {slug!r} stands in two places", "leave one of them out")
    for words in (pack.title, pack.summary, *(each.title for each in pack.sections)):
        yield from _languages("pack.yaml", 0, words, pack.languages)


def _languages(file: str, line: int, words: dict[str, str], languages: Iterable[str]) -> Iterator[Problem]:
    for each in languages:
        if not words.get(each, "").strip():
            yield Problem(
                file, line, 1 if line else 0, f"words without the language {each!r}: {words}", "each text has every language of the pack"
            )


class _Lesson:
    """One lesson's problems."""

    def __init__(self, lesson: Lesson, languages: list[str], files: Files) -> None:
        self.lesson, self.languages = lesson, languages
        self.file = f"{lesson.slug}/lesson.yaml"
        self.lines = files[self.file].split("\n")
        self.tasks = [each.id for each in lesson.tasks]
        self.goals = [*self.tasks, *(each.id for each in lesson.guards)]
        self.parsed = {name: text.parse(f"{lesson.slug}/text.{name}.md", found) for name, found in lesson.texts.items()}

    def problems(self) -> list[Problem]:
        """Goals, cluster, texts and scripts."""
        return [*self._ids(), *self._goals(), *self._expressions(), *self._words(), *self._cluster(), *self._texts(), *self._scripts()]

    def _line(self, part: str) -> int:
        """The line of lesson.yaml in which a part of it first stands (1 where it is folded over several)."""
        part = part.strip().split("\n")[0][:60]
        return next((number for number, line in enumerate(self.lines, 1) if part and part in line), 1)

    def _problem(self, about: str, message: str, fix: str = "") -> Problem:
        return Problem(self.file, self._line(about), 1, message, fix)

    def _ids(self) -> Iterator[Problem]:
        for what, names in (
            ("task", self.goals),
            ("hint", [each.id for each in self.lesson.hints]),
            ("prediction", [each.id for each in self.lesson.predictions]),
        ):
            for name in names:
                if names.count(name) > 1:
                    yield self._problem(f"id: {name}", f"the {what} {name!r} is there twice", "give one of them another name")
        for claim in self.lesson.claims:
            if claim not in KNOWN:
                yield self._problem(claim, f"there is no claim {claim!r}", meant(claim, KNOWN))

    def _goals(self) -> Iterator[Problem]:
        lesson = self.lesson
        for task in lesson.tasks:
            yield from self._known(f"id: {task.id}", [*task.after, *task.check.tasks()], self.tasks, "task")
            if task.id in task.after:
                yield self._problem(f"id: {task.id}", f"the task {task.id!r} comes after itself", "take it out of `after`")
            yield from self._kinds(task.check)
        for guard in lesson.guards:
            yield from self._known(f"id: {guard.id}", [each for each in (guard.from_, guard.to) if each], self.tasks, "task")
        for hint in lesson.hints:
            yield from self._known(f"id: {hint.id}", [hint.task], self.goals, "task")
        for each in lesson.predictions:
            named = [each.task] if each.task else []
            yield from self._known(f"id: {each.id}", named + ([each.since] if isinstance(each.since, str) else []), self.tasks, "task")
            if each.form in ("order", "set", "table") and not each.options:
                yield self._problem(f"id: {each.id}", f"the prediction {each.id!r} has no `options`", f"a {each.form} is made of options")
        yield from self._circles()

    def _circles(self) -> Iterator[Problem]:
        after = {each.id: each.after for each in self.lesson.tasks}
        reached: set[str] = set()
        while True:
            more = {
                name
                for name, wanted in after.items()
                if name not in reached and all(each in reached or each not in after for each in wanted)
            }
            if not more:
                break
            reached |= more
        for name in sorted(set(after) - reached):
            yield self._problem(
                f"id: {name}", f"the task {name!r} can never begin: what comes before it waits for it", "break the circle of `after`"
            )

    def _known(self, about: str, names: list[str], known: list[str], what: str) -> Iterator[Problem]:
        for name in names:
            if name not in known:
                yield self._problem(about, f"there is no {what} {name!r}", meant(name, known))

    def _kinds(self, check: Check) -> Iterator[Problem]:
        for each in _parts(check):
            match = TARGET.fullmatch(each.happened or "")
            if match and match["kind"] not in SOURCES and match["kind"] not in RESOURCE_OF:
                yield self._problem(
                    f"happened: {each.happened}",
                    f"nothing of the kind {match['kind']!r} happens",
                    meant(match["kind"], [*SOURCES, *RESOURCE_OF]),
                )

    def _expressions(self) -> Iterator[Problem]:
        for expression in self._all_expressions():
            try:
                compile_(expression)
            except ExpressionError as error:
                line = self._line(expression)
                start = self.lines[line - 1].find(expression.strip().split("\n")[0][:60])
                yield Problem(self.file, line, max(1, start + error.column), f"in the expression {expression!r}: {error.why}")

    def _all_expressions(self) -> Iterator[str]:
        lesson = self.lesson
        for task in lesson.tasks:
            yield from task.check.expressions()
        for guard in lesson.guards:
            yield guard.held or guard.never or ""
        for hint in lesson.hints:
            yield from hint.when.expressions() if hint.when else []
            yield from (found for words in hint.text.values() for found in holes(words))
        for each in lesson.predictions:
            for answer in (each.answer, each.since):
                if isinstance(answer, Answer):
                    yield from (found for found in (answer.that, answer.is_, answer.value) if found)
        yield from (found for words in lesson.done.values() for found in holes(words))
        yield from lesson.live

    def _words(self) -> Iterator[Problem]:
        lesson = self.lesson
        all_words = [("title", lesson.title), *((f"id: {name}", words) for name, words in lesson.titles.items())]
        all_words += [(f"id: {each.id}", each.text) for each in lesson.hints]
        all_words += [(f"id: {each.id}", words) for each in lesson.predictions for words in (each.ask, each.why) if words is not None]
        all_words += [("done", lesson.done)] if lesson.done else []
        for about, words in all_words:
            yield from _languages(self.file, self._line(about), words, self.languages)

    def _cluster(self) -> Iterator[Problem]:
        file, cluster = f"{self.lesson.slug}/cluster.yaml", self.lesson.cluster
        for name in [*cluster.objects, *(each.apply for each in cluster.history if each.apply)]:
            if name not in self.lesson.manifests:
                yield Problem(file, 0, 0, f"there is no manifests/{name}", meant(name, self.lesson.manifests))
        if cluster.preset is not None and cluster.preset not in PRESETS:
            yield Problem(file, 0, 0, f"there is no preset {cluster.preset!r}", meant(cluster.preset, PRESETS))

    def _texts(self) -> Iterator[Problem]:
        slug, first = self.lesson.slug, self.languages[0]
        for language in self.languages:
            if language not in self.parsed:
                yield Problem(f"{slug}/text.{language}.md", 0, 0, "is missing", "every language of the pack has its text")
        for language, parsed in self.parsed.items():
            yield from parsed.problems
            yield from self._directives(f"{slug}/text.{language}.md", parsed)
            if first in self.parsed and parsed.directives() != self.parsed[first].directives():
                yield from self._differ(language, first)

    def _differ(self, language: str, first: str) -> Iterator[Problem]:
        mine, theirs = self.parsed[language].directives(), self.parsed[first].directives()
        for number, (one, other) in enumerate(zip([*mine, ("the end", "")], [*theirs, ("the end", "")], strict=False)):
            if one != other:
                file = f"{self.lesson.slug}/text.{language}.md"
                said, wanted = (" ".join(each).strip()[:80] for each in (one, other))
                yield Problem(
                    file,
                    0,
                    0,
                    f"directive {number + 1} is {said!r}, in text.{first}.md {wanted!r}",
                    "each language has the same, in the same order",
                )
                return

    def _directives(self, file: str, parsed: text.Parsed) -> Iterator[Problem]:
        known = {
            "task": self.goals,
            "predict": [each.id for each in self.lesson.predictions],
            "hint": [each.id for each in self.lesson.hints],
            "claim": self.lesson.claims,
        }
        for block in parsed.blocks:
            if block.kind in known and block.name and block.name not in known[block.kind]:
                yield Problem(
                    file,
                    block.line,
                    1,
                    f"`::: {block.kind} {block.name}`: lesson.yaml has none of that name",
                    meant(block.name, known[block.kind]),
                )
        for fence in parsed.fences():
            if fence.kind == "manifest" and fence.argument not in self.lesson.home:
                yield Problem(
                    file,
                    fence.line,
                    1,
                    f"there is no manifests/{fence.argument} in the learner's home",
                    meant(fence.argument, self.lesson.home),
                )

    def _scripts(self) -> Iterator[Problem]:
        lesson = self.lesson
        if not lesson.solution.strip():
            yield Problem(f"{lesson.slug}/solution.sh", 0, 0, "is missing", "a lesson shows that it can be solved")
        for wrong in lesson.wrong:
            if wrong.script not in lesson.scripts:
                yield self._problem(wrong.script, f"there is no {wrong.script}", meant(wrong.script, lesson.scripts))
            yield from self._known(wrong.script, [wrong.task], self.goals, "task")
            yield from self._known(wrong.script, [wrong.hint] if wrong.hint else [], [each.id for each in lesson.hints], "hint")
        for name, lines in [("solution.sh", lesson.solution), *lesson.scripts.items()]:
            yield from script.problems(f"{lesson.slug}/{name}", lines, lesson)


def _parts(check: Check) -> list[Check]:
    nested = [*(check.any_ or []), *(check.all_ or [])]
    return [check, *(part for each in nested for part in _parts(each))]
