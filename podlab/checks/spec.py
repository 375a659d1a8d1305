"""What a lesson's author writes about its goals, as typed data: checks, tasks, guards, hints, predictions.

The words are those of docs/packs.md. Decoding refuses unknown fields and combinations without a meaning (ValueError, worded for the author).
"""

from __future__ import annotations

import re
from typing import Literal

from msgspec import Struct, field

Words = dict[str, str]
"""A text by language: {en, ko}."""

KINDS = ("happened", "is", "held", "never", "any", "all")
SOURCES = ("Event", "Request", "Line", "File", "Fault", "Denied")
DURATION = re.compile(r"(\d+)(ms|s|m|h)")
WITHIN = re.compile(r"(\S+) of (\S+)")
TARGET = re.compile(r"(?P<kind>[A-Z]\w*)(?:\((?P<label>[^()=\s]+=[^()\s]*)\)|\s+(?P<name>\S+))?")
UNITS = {"ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000}
ONLY_WITH = {
    "happened": ("that", "times", "distinct", "after", "before", "within", "same", "while"),
    "is": ("after", "before", "within"),
    "held": ("for", "from", "to"),
    "never": ("from", "to"),
    "any": (),
    "all": (),
}


def duration(text: str) -> int:
    """Milliseconds of `30s`, `2m`, `1m30s`, `-6m`; ValueError otherwise."""
    body = text.removeprefix("-")
    parts = DURATION.findall(body)
    if not parts or "".join(number + unit for number, unit in parts) != body:
        raise ValueError(f"{text!r} is no duration; write it like 30s, 2m or 1m30s")
    total = sum(int(number) * UNITS[unit] for number, unit in parts)
    return -total if text.startswith("-") else total


class Check(Struct, forbid_unknown_fields=True, omit_defaults=True):
    """One check: exactly one of `happened`, `is`, `held`, `never`, `any`, `all`, with the refinements that go with it.

    Expressions are CEL. `within` reads `30s of TASK`; `same: uid`: the same object as in the task named by `after` (or the first task before).
    """

    happened: str | None = None
    """`KIND NAME`, `KIND(label=value)` or `KIND`: a change of such an object, or an `Event`, `Request`, `Line`, `File`, `Fault`, `Denied`."""
    is_: str | None = field(default=None, name="is")
    """An expression that is true now."""
    held: str | None = None
    """An expression that stays true without a break, for the time `for`."""
    never: str | None = None
    """An expression that must not become true."""
    any_: list[Check] | None = field(default=None, name="any")
    """Checks of which one must be met."""
    all_: list[Check] | None = field(default=None, name="all")
    """Checks of which each must be met."""
    that: str | None = None
    """With `happened`: what must be true of the change (`old`, `new`; `e`, `r`, `l`, `f`, `x`, `q` of the other sources)."""
    times: int | None = None
    """How many times it must happen."""
    distinct: str | None = None
    """An expression whose value must differ each of the `times`."""
    after: str | None = None
    """A task: only what happens after it was met counts."""
    before: str | None = None
    """A task: only what happens before it is met counts."""
    within: str | None = None
    """`30s of b`: at most so long after the task was met."""
    same: Literal["uid"] | None = None
    """`uid`: the same object as in the task named by `after`, or else the first task before."""
    while_: str | None = field(default=None, name="while")
    """An expression that must be true at the instant of the change too."""
    for_: str | None = field(default=None, name="for")
    """How long it is held, such as `60s`."""
    from_: str | None = field(default=None, name="from")
    """A task: from the instant at which it was met."""
    to: str | None = None
    """A task: until the instant at which it is met."""

    @property
    def kind(self) -> str:
        """Which of the six it is."""
        return next(kind for kind in KINDS if self.get(kind) is not None)

    def get(self, word: str) -> object:
        """A field by the word that the author writes."""
        return getattr(self, word + "_" if word in ("is", "any", "all", "while", "for", "from") else word)

    def tasks(self) -> list[str]:
        """The tasks that it names."""
        named = [self.after, self.before, self.from_, self.to, WITHIN.fullmatch(self.within)[2] if self.within else None]  # type: ignore[index]
        nested = [name for each in (self.any_ or []) + (self.all_ or []) for name in each.tasks()]
        return [name for name in named if name] + nested

    def expressions(self) -> list[str]:
        """Its expressions, nested ones too."""
        own = [self.is_, self.held, self.never, self.that, self.distinct, self.while_]
        nested = [text for each in (self.any_ or []) + (self.all_ or []) for text in each.expressions()]
        return [text for text in own if text] + nested

    def __post_init__(self) -> None:
        present = [kind for kind in KINDS if self.get(kind) is not None]
        if len(present) != 1:
            raise ValueError(f"a check has exactly one of {', '.join(KINDS)}; here: {', '.join(present) or 'none'}")
        kind = present[0]
        for word in sorted({word for words in ONLY_WITH.values() for word in words} - set(ONLY_WITH[kind])):
            if self.get(word) is not None:
                raise ValueError(f"`{word}` does not go with `{kind}`; with it go: {', '.join(ONLY_WITH[kind]) or 'nothing'}")
        self._check_words()

    def _check_words(self) -> None:
        if self.happened is not None and TARGET.fullmatch(self.happened) is None:
            raise ValueError(
                f"`happened: {self.happened}`: write KIND, KIND NAME or KIND(label=value), such as `Pod web` or `Pod(app=web)`"
            )
        if self.within is not None:
            match = WITHIN.fullmatch(self.within)
            if match is None:
                raise ValueError(f"`within: {self.within}`: write it like `30s of b`")
            duration(match[1])
        if self.for_ is not None:
            duration(self.for_)
        if self.times is not None and not 1 <= self.times <= 1000:
            raise ValueError("`times` is a number from 1 to 1000")


class Task(Struct, forbid_unknown_fields=True, omit_defaults=True):
    """Something to reach; `after` names tasks that must be met first, `act` is a line that the checker runs once it is met."""

    id: str
    """Its name in this file and in the texts, such as `b`."""
    title: Words
    """What is reached, in a few words."""
    check: Check
    """When it is met."""
    after: list[str] = field(default_factory=list)
    """Tasks that must be met first."""
    act: str | None = None
    """A line that the lab itself runs once the task is met (journalled)."""
    optional: bool = False
    """Not needed for the lesson to be done."""


class Guard(Struct, forbid_unknown_fields=True, omit_defaults=True):
    """What must not break: `never` or `held`, from the task `from` (default: the start) to the task `to` (default: the end)."""

    id: str
    """Its name in this file and in the texts."""
    title: Words
    """What must not break, in a few words."""
    never: str | None = None
    """An expression that must not become true."""
    held: str | None = None
    """An expression that must stay true."""
    from_: str | None = field(default=None, name="from")
    """A task: from when on it counts (default: the start)."""
    to: str | None = None
    """A task: until when it counts (default: the end)."""

    def __post_init__(self) -> None:
        if (self.never is None) == (self.held is None):
            raise ValueError("a guard has exactly one of `never`, `held`")


class Hint(Struct, forbid_unknown_fields=True, omit_defaults=True):
    """A hint: for a state (`when`) or as a step of the ladder (`idle`: this long open without being met)."""

    id: str
    """Its name in this file and in the texts."""
    task: str
    """The task (or guard) that it helps with."""
    text: Words
    """What it says; `{{expression}}` is put in."""
    when: Check | None = None
    """The state in which it is shown."""
    idle: str | None = None
    """Instead of `when`: the task has been open for so long, such as `60s`."""

    def __post_init__(self) -> None:
        if (self.when is None) == (self.idle is None):
            raise ValueError("a hint has exactly one of `when`, `idle`")
        if self.idle is not None:
            duration(self.idle)


class Answer(Struct, forbid_unknown_fields=True, omit_defaults=True):
    """A prediction's answer, computed from the run: the instant of a check, or the value of an expression."""

    happened: str | None = None
    """As in a check: the answer is the instant at which it happens."""
    that: str | None = None
    """With `happened`: what must be true of the change."""
    is_: str | None = field(default=None, name="is")
    """The answer is the instant at which this is first true."""
    value: str | None = None
    """The answer is the value of this expression, once the task is met."""

    def check(self) -> Check:
        """What marks its instant."""
        return Check(happened=self.happened, that=self.that, is_=self.is_)

    def __post_init__(self) -> None:
        if sum(each is not None for each in (self.happened, self.is_, self.value)) != 1:
            raise ValueError("an answer has exactly one of `happened`, `is`, `value`")
        if self.value is None:
            self.check()


class Prediction(Struct, forbid_unknown_fields=True, omit_defaults=True):
    """Asked before it is seen; `lane` (object/condition) where an instant is drawn; `options` of an order, a table or a set.

    `since`: the task, or what happens, from which an instant is counted (default: the lesson's start).
    """

    id: str
    """Its name in this file and in the texts."""
    form: Literal["instant", "share", "order", "table", "set", "number"]
    """`instant` and `share` are drawn, `order`, `table` and `set` are chosen from `options`, `number` is typed."""
    ask: Words
    """The question."""
    answer: Answer
    """How the run itself answers."""
    task: str | None = None
    """The task with which it is answered."""
    lane: str | None = None
    """`object/condition`: the lane in which an instant is drawn."""
    tolerance: str | None = None
    """How far off an instant still counts, such as `2s`."""
    options: list[Words | str] = field(default_factory=list)
    """What there is to choose from."""
    rows: list[Words | str] = field(default_factory=list)
    """The rows of a table."""
    since: str | Answer | None = None
    """From when an instant is counted: a task, or what happens (default: the lesson's start)."""
    why: Words | None = None
    """The reason, shown with the answer."""

    def __post_init__(self) -> None:
        if self.tolerance is not None:
            duration(self.tolerance)
        if self.form == "instant" and self.answer.value is not None:
            raise ValueError("the answer of an `instant` is what happens: `happened` or `is`, not `value`")
        if self.form != "instant" and self.answer.happened is not None:
            raise ValueError(f"the answer of a prediction of the form `{self.form}` is a `value`")
        if self.form in ("order", "set", "table") and not self.options:
            raise ValueError(f"`options` is empty; {self.form} is made of options")
        if isinstance(self.since, Answer) and self.since.value is not None:
            raise ValueError("`since` is a task or what happens: `happened` or `is`, not `value`")


class Wrong(Struct, forbid_unknown_fields=True, omit_defaults=True):
    """A wrong answer: its script, the task at which it fails, the hint that it raises."""

    script: str
    """Its file, `wrong/….sh`."""
    task: str
    """The task at which it fails."""
    hint: str | None = None
    """The hint that it raises."""
