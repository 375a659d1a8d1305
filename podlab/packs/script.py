"""The scripts of a lesson (`solution.sh`, `wrong/*.sh`): the learner's own lines, and a few words with `@` for what is no line.

docs/packs.md, "Scripts". Each line is a step; those that only wait are not counted among the steps that may be left out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field

from podlab.checks.expression import compile_
from podlab.checks.spec import duration
from podlab.checks.tokens import ExpressionError
from podlab.packs.problems import Problem, meant
from podlab.sim.faults import KINDS as FAULTS

if TYPE_CHECKING:
    from podlab.packs.model import Lesson

WORDS = ("terminal", "wait", "until", "fault", "apply", "key", "predict")
KEYS = {"ctrl-c": "INT", "ctrl-z": "TSTP", "ctrl-\\": "QUIT", "ctrl-d": ""}
BACKGROUND = " @background"
_PAIR = re.compile(r"(\w+)=(\S+)")


class Step(Struct):
    """One line: `word` is `line` or one of `WORDS`; `line` its number (from 1); `text` what stands after the word."""

    word: str
    text: str
    line: int
    background: bool = False
    args: dict[str, str] = field(default_factory=dict)

    @property
    def acts(self) -> bool:
        """Whether it does something (and does not only wait, or choose a terminal, or guess)."""
        return self.word in ("line", "fault", "apply", "key")


def steps(text: str) -> list[Step]:
    """The script's steps; comments and empty lines are none."""
    found = []
    for number, raw in enumerate(text.split("\n"), 1):
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        if not line.startswith("@"):
            found.append(Step("line", line.removesuffix(BACKGROUND), number, line.endswith(BACKGROUND)))
            continue
        word, _, rest = line[1:].partition(" ")
        found.append(Step(word, rest.strip(), number, args=dict(_PAIR.findall(rest))))
    return found


def value(text: str) -> Any:
    """A predicted value: `25s` in ms, `[a, b]`, a number, true, false or a word."""
    text = text.strip()
    try:
        return duration(text)
    except ValueError:
        pass
    try:
        return json.loads(text)
    except ValueError:
        pass
    if text.startswith("[") and text.endswith("]"):
        return [value(each) for each in text[1:-1].split(",")]
    return text


def problems(file: str, text: str, lesson: Lesson) -> Iterator[Problem]:
    """What is wrong with a script."""
    for step in steps(text):
        for message, fix in _wrong(step, lesson):
            yield Problem(file, step.line, 1, message, fix)


def _wrong(step: Step, lesson: Lesson) -> Iterator[tuple[str, str]]:
    if step.word not in (*WORDS, "line"):
        yield f"there is no `@{step.word}`", meant(step.word, WORDS)
    elif step.word == "wait":
        try:
            duration(step.text)
        except ValueError as error:
            yield str(error), "such as `@wait 30s`"
    elif step.word == "until":
        try:
            compile_(step.text)
        except ExpressionError as error:
            yield f"in {step.text!r}: {error}", "docs/packs.md has the names that expressions know"
    elif step.word == "fault" and step.text.split(" ")[0] not in FAULTS:
        yield f"there is no fault {step.text.split(' ')[0]!r}", meant(step.text.split(" ")[0], FAULTS)
    elif step.word == "apply" and step.text not in lesson.answers and step.text not in lesson.manifests:
        yield (
            f"there is no file {step.text!r}",
            meant(step.text, [*lesson.answers, *lesson.manifests]) or "it lies in manifests/ or answers/",
        )
    elif step.word == "key" and step.text not in KEYS:
        yield f"there is no key {step.text!r}", meant(step.text, KEYS)
    elif step.word == "predict" and step.text.split(" ")[0] not in [each.id for each in lesson.predictions]:
        yield (
            f"there is no prediction {step.text.split(' ')[0]!r}",
            meant(step.text.split(" ")[0], [each.id for each in lesson.predictions]) or "lesson.yaml has none at all",
        )
