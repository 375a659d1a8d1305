"""The proof of a lesson: it plays its own scripts in simulated clusters and looks at what the goals say.

The solution meets every task; the untouched cluster meets none; each wrong answer fails at its task and raises its hint; the solution without one
of its steps fails (or `steps` says why not); quoted outputs are run again and equal. `prove(lesson)` gives a `Report`.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator

from msgspec import Struct, field

from podlab.checks.expression import compile_
from podlab.checks.goals import Goals
from podlab.checks.scope import Scope
from podlab.checks.spec import duration
from podlab.packs import boot, script, text
from podlab.packs.model import Lesson
from podlab.packs.script import Step
from podlab.sim import scene
from podlab.sim.changes import Output
from podlab.sim.cluster import Cluster
from podlab.sim.commands import Command, EndOfFile, Fault, OpenTerminal, Predict, SaveFile, Signal, TypeLine
from podlab.sim.errors import StatusError

SEEDS = (1, 2, 3)
ZERO_MS = 1_767_571_200_000
UNTIL_MS, LINE_MS, SETTLE_MS, QUIET_MS = 1_800_000, 120_000, 2_000, 120_000
KEY_MS = 200
PROMPTS = re.compile(r"(?:\$|#|>) $")


class Finding(Struct):
    """Something that is not as it must be: `where` (a script, a step, an output), and what came instead."""

    where: str
    message: str


class Report(Struct):
    """What came of a lesson: `runs` that were made, what was found, CPU time in ms. `tasks` → virtual ms at which the solution met them (first seed)."""

    lesson: str
    findings: list[Finding] = field(default_factory=list)
    runs: int = 0
    cpu_ms: int = 0
    tasks: dict[str, int] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    @property
    def proved(self) -> bool:
        """Whether nothing was found."""
        return not self.findings


class Stuck(Exception):
    """A script cannot go on."""


class Run:
    """One play of a script in a cluster of the lesson."""

    def __init__(self, lesson: Lesson, seed: int) -> None:
        self.lesson = lesson
        self.cluster = Cluster.start(boot.boot(lesson), seed, ZERO_MS)
        self.goals = Goals(lesson)
        self.goals.attach(self.cluster)
        self.cluster.advance(0)
        self.terminal = "1"
        self.raised: set[str] = set()
        self.printed: list[tuple[str, str]] = []
        """Each line that was typed, with what it printed."""
        self.commands: list[tuple[int, Command]] = []
        """What was done, and when (virtual ms)."""
        self._opened: dict[str, str] = {}

    def play(self, steps: list[Step], settle_ms: int = SETTLE_MS) -> None:
        """All steps, and a moment after; `Stuck` says at which line it ended."""
        for step in steps:
            self._step(step)
            self._collect()
        self.wait(settle_ms)

    def wait(self, ms: int) -> None:
        """Let time pass."""
        self.cluster.advance(self.cluster.now + ms)
        self._collect()

    def _do(self, command: Command) -> None:
        self.commands.append((self.cluster.now, command))
        self.cluster.apply(command)

    def _step(self, step: Step) -> None:
        if step.word == "terminal":
            self.terminal = step.text
        elif step.word == "wait":
            self.wait(duration(step.text))
        elif step.word == "until":
            self._until(step)
        elif step.word == "fault":
            self._fault(step)
        elif step.word == "key":
            name = script.KEYS[step.text]
            self._do(Signal(self.terminal, name) if name else EndOfFile(self.terminal))  # type: ignore[arg-type]
            self.wait(KEY_MS)
        elif step.word == "predict":
            name, _, value = step.text.partition(" ")
            self._do(Predict(name, script.value(value)))
        elif step.word == "apply":
            self._apply(step)
        else:
            self._line(step.text, step.line, background=step.background)

    def _fault(self, step: Step) -> None:
        name, *rest = step.text.split(" ")
        node = next((each for each in rest if "=" not in each), "")
        try:
            self._do(Fault(name, node, step.args))
        except StatusError as error:
            raise Stuck(f"line {step.line}: {error.message}") from None

    def _apply(self, step: Step) -> None:
        """As from the editor: the file lies in the learner's home, and is applied."""
        text_ = self.lesson.answers.get(step.text) or self.lesson.manifests[step.text]
        name = step.text.rpartition("/")[2]
        self._do(SaveFile(name, text_))
        self._line(f"kubectl apply -f {name}", step.line, background=False)

    def _until(self, step: Step) -> None:
        wanted, end = compile_(step.text), self.cluster.now + UNTIL_MS
        while not wanted.true(Scope(self.cluster, self.goals.state.memory)):
            due = self.cluster.peek()
            if due is None or due > end:
                raise Stuck(f"line {step.line}: {step.text} did not come true within 30 virtual minutes")
            self.cluster.advance(due)
            self._collect()

    def _line(self, line: str, number: int, *, background: bool) -> None:
        if self.terminal not in self._opened:
            self._do(OpenTerminal(self.terminal, 200, 50))
            self._opened[self.terminal] = ""
            self.wait(KEY_MS)
        self._opened[self.terminal] = ""
        self._do(TypeLine(self.terminal, line))
        end = self.cluster.now + (KEY_MS if background else LINE_MS)
        while background or not self._idle():
            due = self.cluster.peek()
            if due is None or due > end:
                break
            self.cluster.advance(due)
            self._collect()
        if not background and not self._idle():
            raise Stuck(f"line {number}: {line!r} still runs after two virtual minutes; end it with {script.BACKGROUND.strip()!r}")
        self.printed.append((line, self._opened[self.terminal]))

    def _idle(self) -> bool:
        view = self.cluster.linux.terminals.view(self.terminal)
        return not view.busy

    def _collect(self) -> None:
        for change in self.cluster.take_changes():
            if isinstance(change, Output):
                self._opened[change.terminal] = self._opened.get(change.terminal, "") + change.text
        self.raised |= set(self.goals.state.shown)

    @property
    def met(self) -> dict[str, int]:
        """Task → when it was met."""
        return self.goals.state.memory.times

    def broken(self) -> list[str]:
        """The guards that are broken."""
        found = self.goals.state.progress
        return [each.id for each in self.lesson.guards if each.id in found and found[each.id].broken is not None]


def prove(lesson: Lesson, seeds: tuple[int, ...] = SEEDS) -> Report:
    """Play everything; what was found is in the report."""
    begun = time.process_time()
    report = Report(lesson.id)
    try:
        _play_all(lesson, seeds, report)
    except scene.SceneError as error:
        report.findings.append(Finding("cluster.yaml", str(error)))
    report.cpu_ms = round(1000 * (time.process_time() - begun))
    return report


def _play_all(lesson: Lesson, seeds: tuple[int, ...], report: Report) -> None:
    for seed in seeds:
        _solve(lesson, seed, report)
    if report.findings:
        return
    for seed in seeds:
        _untouched(lesson, seed, report)
        for wrong in lesson.wrong:
            _wrong(lesson, seed, wrong.script, wrong.task, wrong.hint, report)
    _without_steps(lesson, seeds[0], report)


def _solve(lesson: Lesson, seed: int, report: Report) -> None:
    run, where = Run(lesson, seed), f"solution.sh, seed {seed}"
    report.runs += 1
    stuck = _played(run, script.steps(lesson.solution))
    if stuck:
        report.findings.append(Finding(where, stuck))
    for task in lesson.tasks:
        if task.id not in run.met and not task.optional:
            report.findings.append(Finding(where, f"does not meet task {task.id}{_near(run, task.id)}"))
    report.findings += [Finding(where, f"breaks the guard {each}") for each in run.broken()]
    if seed == SEEDS[0]:
        report.tasks = dict(run.met)
        report.findings += _quoted(lesson, run)
        report.notes += _predicted(lesson, run)


def _near(run: Run, task: str) -> str:
    seen = run.goals.state.progress.get(task)
    return f"; seen: {seen.seen}" if seen is not None and seen.seen else ""


def _played(run: Run, steps: list[Step]) -> str:
    """Why it could not be played to its end; "" when it could."""
    try:
        run.play(steps)
    except Stuck as error:
        return str(error)
    return ""


def _untouched(lesson: Lesson, seed: int, report: Report) -> None:
    run = Run(lesson, seed)
    report.runs += 1
    run.wait(QUIET_MS)
    for task in run.met:
        report.findings.append(Finding(f"untouched, seed {seed}", f"meets task {task} without anybody's doing"))


def _wrong(lesson: Lesson, seed: int, name: str, task: str, hint: str | None, report: Report) -> None:
    run, where = Run(lesson, seed), f"{name}, seed {seed}"
    report.runs += 1
    stuck = _played(run, script.steps(lesson.scripts[name]))
    if stuck:
        report.findings.append(Finding(where, stuck))
    if task in run.met or (task in [each.id for each in lesson.guards] and task not in run.broken()):
        report.findings.append(Finding(where, f"should fail at {task}, and does not"))
    if hint and hint not in run.raised:
        report.findings.append(Finding(where, f"does not raise the hint {hint}; raised: {', '.join(sorted(run.raised)) or 'none'}"))


def _without_steps(lesson: Lesson, seed: int, report: Report) -> None:
    """Principle 11: a solution with a step left out fails. Waiting for what will never come is failing, too."""
    steps = script.steps(lesson.solution)
    for left_out in (each for each in steps if each.acts):
        if str(left_out.line) in lesson.steps:
            continue
        run = Run(lesson, seed)
        report.runs += 1
        stuck = _played(run, [each for each in steps if each is not left_out])
        if not stuck and run.goals.state.done is not None:
            said = f"@{left_out.word} {left_out.text}" if left_out.word != "line" else left_out.text
            report.findings.append(
                Finding(f"solution.sh without line {left_out.line}", f"still meets every task; is `{said}` needed? Say why not in `steps`")
            )


def _quoted(lesson: Lesson, run: Run) -> Iterator[Finding]:
    """Outputs in the text equal what the run printed for the line before them."""
    for language in lesson.texts:
        line = ""
        for fence in text.parse("", lesson.texts[language]).fences():
            if fence.kind == "run":
                line = fence.body.strip().split("\n")[-1]
            elif fence.kind == "output" and line:
                printed = [found for typed, found in run.printed if typed == line]
                place = f"text.{language}.md:{fence.line}"
                if not printed:
                    yield Finding(place, f"quotes the output of `{line}`, which the solution never runs")
                elif not any(_alike(fence.body, each) for each in printed):
                    yield Finding(place, f"the output of `{line}` is\n{_plain(printed[-1])}and not, as quoted,\n{fence.body}")


def _plain(printed: str) -> str:
    lines = printed.replace("\r", "").split("\n")
    return "\n".join(lines[1:] if lines else [])


def _alike(quoted: str, printed: str) -> bool:
    """Equal line by line; `…` stands for anything within a line."""
    wanted = [re.escape(each.rstrip()).replace("…", ".*") for each in quoted.strip("\n").split("\n")]
    return re.search(r"(?:^|\n)" + r"[ ]*\n".join(wanted) + r"[ ]*(?:\n|$)", printed.replace("\r", "")) is not None


def _predicted(lesson: Lesson, run: Run) -> Iterator[str]:
    """What the run answers to the predictions."""
    for each in lesson.predictions:
        found = run.goals.state.forecasts.get(each.id)
        if found is None or found.known is None:
            yield f"prediction {each.id}: never answered"
        else:
            yield f"prediction {each.id}: {found.answer} (the solution expected {found.value})"
