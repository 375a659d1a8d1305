"""Predictions: what the learner expects, and what the run then shows. The answers are computed, never typed.

Instants are compared in ms since the prediction's `since`; other forms by value, once the prediction's task is met.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from podlab.checks.expression import compile_
from podlab.checks.kinds import watch
from podlab.checks.spec import Answer, Prediction, duration
from podlab.checks.subjects import Subject
from podlab.checks.watch import Progress, View, Watch


class Forecast(Struct, omit_defaults=True):
    """`value`: what was expected; `since`, `answer`: from when, and what came (an instant in ms since then, or a value)."""

    value: Any = None
    said: int | None = None
    since: int | None = None
    answer: Any = None
    known: int | None = None


class Forecasts:
    """All predictions of a lesson."""

    def __init__(self, predictions: list[Prediction]) -> None:
        self._all = {each.id: each for each in predictions}
        self._begin: dict[str, Watch] = {
            each.id: watch(each.since.check(), "since") for each in predictions if isinstance(each.since, Answer)
        }
        self._end: dict[str, Watch] = {each.id: watch(each.answer.check(), "end") for each in predictions if each.form == "instant"}

    @property
    def watches(self) -> list[Watch]:
        """All that look on."""
        return [*self._begin.values(), *self._end.values()]

    def say(self, view: View, state: dict[str, Forecast], name: str, value: Any) -> None:
        """The learner expects a value; too late once it is known."""
        mine = state.setdefault(name, Forecast())
        if name in self._all and mine.known is None:
            mine.value, mine.said = value, view.now

    def saw(self, view: View, state: dict[str, Forecast], subject: Subject) -> None:
        """Something happened: perhaps the beginning, perhaps the end of what is awaited."""
        for name in self._end:
            mine = state.setdefault(name, Forecast())
            if mine.known is None and self._begun(view, mine, name, subject):
                self._ask(view, mine, self._end[name], subject)

    def look(self, view: View, state: dict[str, Forecast]) -> None:
        """The present may be what is awaited."""
        for name in self._end:
            mine = state.setdefault(name, Forecast())
            if mine.known is None and self._begun(view, mine, name, None):
                self._ask(view, mine, self._end[name], None)

    def _begun(self, view: View, mine: Forecast, name: str, subject: Subject | None) -> bool:
        since = self._all[name].since
        if mine.since is not None:
            return True
        if isinstance(since, str):
            mine.since = view.memory.times.get(since)
        elif since is None:
            mine.since = 0
        else:
            mine.since = _when(view, self._begin[name], subject)
        return mine.since is not None and (subject is None or not isinstance(since, Answer))

    def _ask(self, view: View, mine: Forecast, end: Watch, subject: Subject | None) -> None:
        at = _when(view, end, subject)
        if at is not None:
            mine.answer, mine.known = at - (mine.since or 0), at

    def settled(self, view: View, state: dict[str, Forecast], task: str) -> None:
        """A task is met: the values of its predictions are known."""
        for name, each in self._all.items():
            if each.task == task and each.form != "instant":
                mine = state.setdefault(name, Forecast())
                if mine.known is None:
                    mine.answer, mine.known = self._value(view, each), view.now

    @staticmethod
    def _value(view: View, prediction: Prediction) -> Any:
        answer = prediction.answer
        value = compile_(answer.value or answer.is_ or "null").evaluate(view.scope())
        if prediction.form == "order" and isinstance(value, list):
            return [each for each in value if each in prediction.options]
        return value

    def verdicts(self, state: dict[str, Forecast]) -> Iterator[tuple[str, dict[str, Any]]]:
        """What there is to tell of each: what was expected, and what came."""
        for name, mine in state.items():
            if name not in self._all:
                continue
            data: dict[str, Any] = {}
            if mine.said is not None:
                data |= {"value": mine.value, "said": mine.said}
            if mine.since is not None:
                data |= {"since": mine.since}
            if mine.known is not None:
                data |= {"answer": mine.answer, "at": mine.known}
                if mine.said is not None:
                    data["right"] = right(self._all[name], mine.value, mine.answer)
            if data:
                yield name, data


def _when(view: View, what: Watch, subject: Subject | None) -> int | None:
    """The instant, if the watch is met by this."""
    progress: dict[str, Progress] = {}
    if subject is not None:
        what.saw(view, progress, subject)
    else:
        what.look(view, progress)
    return next((each.met for each in progress.values() if each.met is not None), None)


def right(prediction: Prediction, value: Any, answer: Any) -> bool:
    """Whether what was expected came: numbers within the tolerance, a set in any order, all else exactly."""
    if prediction.form == "set" and isinstance(value, list) and isinstance(answer, list):
        return sorted(map(str, value)) == sorted(map(str, answer))
    if isinstance(value, bool) or isinstance(answer, bool) or not isinstance(value, int | float) or not isinstance(answer, int | float):
        return bool(value == answer)
    allowed = duration(prediction.tolerance) if prediction.tolerance else 0
    return abs(value - answer) <= allowed
