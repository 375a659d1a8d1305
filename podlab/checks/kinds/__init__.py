"""The kinds of checks, one file each, and which word of the notation (`spec.Check`) is which.

A new kind: its file here, its line in `KINDS`, its word in `spec.Check`, its test.
"""

from __future__ import annotations

from collections.abc import Callable

from podlab.checks.kinds.happened import Happened
from podlab.checks.kinds.held import Held
from podlab.checks.kinds.present import Is
from podlab.checks.kinds.several import Several
from podlab.checks.spec import Check
from podlab.checks.watch import Watch


def watch(check: Check, path: str, reference: str | None = None) -> Watch:
    """A check at work; `path` names its progress, `reference`: the task that `same: uid` looks back to."""
    return KINDS[check.kind](check, path, reference)


def _several(check: Check, path: str, reference: str | None) -> Watch:
    parts = check.any_ if check.any_ is not None else check.all_ or []
    return Several([watch(each, f"{path}/{number}", reference) for number, each in enumerate(parts)], path, check.kind)


KINDS: dict[str, Callable[[Check, str, str | None], Watch]] = {
    "happened": Happened,
    "is": Is,
    "held": Held,
    "never": Held,
    "any": _several,
    "all": _several,
}
