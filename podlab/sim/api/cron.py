"""Cron schedules: five fields, names of months and days, `@hourly` and its kin.

Upstream: github.com/robfig/cron/v3 (parser.go, spec.go) as Kubernetes uses it. Left out: the hour that a clock change takes away or doubles.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo

from msgspec import Struct

_NAMES = {
    name: number for number, name in enumerate(["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], 1)
}
_DAYS = {name: number for number, name in enumerate(["sun", "mon", "tue", "wed", "thu", "fri", "sat"])}
_KINDS: tuple[tuple[str, int, int, dict[str, int]], ...] = (
    ("minute", 0, 59, {}),
    ("hour", 0, 23, {}),
    ("day of month", 1, 31, {}),
    ("month", 1, 12, _NAMES),
    ("day of week", 0, 6, _DAYS),
)
_MACROS = {
    "@yearly": "0 0 1 1 *", "@annually": "0 0 1 1 *", "@monthly": "0 0 1 * *", "@weekly": "0 0 * * 0",
    "@daily": "0 0 * * *", "@midnight": "0 0 * * *", "@hourly": "0 * * * *",
}  # fmt: skip
_UNITS = {"h": 3_600, "m": 60, "s": 1}
YEARS = 5


class CronError(ValueError):
    """A schedule that does not parse, in the parser's words."""


class Schedule(Struct, frozen=True):
    """The allowed values of each field; `every` seconds for `@every`; a star in a day field leaves the other one to decide."""

    fields: tuple[frozenset[int], ...] = ()
    stars: tuple[bool, ...] = ()
    every: int = 0

    def after(self, seconds: int, zone: tzinfo = UTC) -> int | None:
        """The first time after an instant (whole seconds since 1970) in a time zone; None: none within five years."""
        if self.every:
            return seconds + self.every
        moment = datetime.fromtimestamp(seconds, zone).replace(second=0) + timedelta(minutes=1)
        last = moment.year + YEARS
        while moment.year <= last:
            step = self._step(moment)
            if step is None:
                return int(moment.timestamp())
            moment = step
        return None

    def _step(self, at: datetime) -> datetime | None:
        """The next moment worth looking at; None: this one fits."""
        minutes, hours, _, months, _ = self.fields
        if at.month not in months:
            return (at.replace(day=1, hour=0, minute=0) + timedelta(days=32)).replace(day=1)
        if not self._day(at):
            return at.replace(hour=0, minute=0) + timedelta(days=1)
        if at.hour not in hours:
            return at.replace(minute=0) + timedelta(hours=1)
        return at + timedelta(minutes=1) if at.minute not in minutes else None

    def _day(self, at: datetime) -> bool:
        by_month, by_week = at.day in self.fields[2], at.isoweekday() % 7 in self.fields[4]
        return by_month and by_week if self.stars[2] or self.stars[4] else by_month or by_week


def parse(text: str) -> Schedule:
    """The schedule; CronError."""
    text = text.strip()
    if text.startswith("@every "):
        return Schedule(every=max(1, _duration(text.removeprefix("@every "))))
    if text.startswith("@") and text not in _MACROS:
        raise CronError(f"unrecognized descriptor: {text}")
    parts = _MACROS.get(text, text).split()
    if len(parts) != 5:
        raise CronError(f"expected exactly 5 fields, found {len(parts)}: {parts_shown(parts)}")
    found = [_field(part, *kind) for part, kind in zip(parts, _KINDS, strict=True)]
    return Schedule(tuple(values for values, _ in found), tuple(star for _, star in found))


def parts_shown(parts: list[str]) -> str:
    """As Go prints a list of strings."""
    return f"[{' '.join(parts)}]"


def _duration(text: str) -> int:
    total, number = 0, ""
    for letter in text:
        if letter in _UNITS and number:
            total, number = total + int(number) * _UNITS[letter], ""
        elif letter.isdigit():
            number += letter
        else:
            raise CronError(f'failed to parse duration @every {text}: time: invalid duration "{text}"')
    return total


def _field(text: str, name: str, low: int, high: int, names: dict[str, int]) -> tuple[frozenset[int], bool]:
    values: set[int] = set()
    star = False
    for part in text.split(","):
        span, _, step = part.partition("/")
        first, dash, last = span.partition("-")
        star = star or (first in ("*", "?") and (not step or step == "1"))
        if first in ("*", "?"):
            begin, end = low, high
        else:
            begin = _number(first, names)
            end = _number(last, names) if dash else high if step else begin
        _check(part, begin, end, low, high, step)
        values.update(range(begin, end + 1, int(step or 1)))
    return frozenset(values), star


def _check(part: str, begin: int, end: int, low: int, high: int, step: str) -> None:
    if begin < low:
        raise CronError(f"beginning of range ({begin}) below minimum ({low}): {part}")
    if end > high:
        raise CronError(f"end of range ({end}) above maximum ({high}): {part}")
    if begin > end:
        raise CronError(f"beginning of range ({begin}) beyond end of range ({end}): {part}")
    if step and (not step.isdigit() or int(step) == 0):
        raise CronError(f"step of range should be a positive number: {part}")


def _number(text: str, names: dict[str, int]) -> int:
    if text.lower() in names:
        return names[text.lower()]
    if not text.isdigit():
        raise CronError(f'failed to parse int from {text}: strconv.Atoi: parsing "{text}": invalid syntax')
    return int(text)
