"""What every check at work is and shares: told of subjects (`saw`), asked to look at the present (`look`); either may meet it.

A watch is compiled from what the author wrote and keeps plain data only (`Progress`), by its path. The kinds: `podlab/checks/kinds`.
Times are virtual milliseconds.
"""

from __future__ import annotations

from typing import Any, Protocol

from msgspec import Struct, field

from podlab.checks.expression import Expression, compile_
from podlab.checks.scope import Memory, Reads, Scope
from podlab.checks.subjects import Subject
from podlab.sim.cluster import Cluster


class Progress(Struct, omit_defaults=True):
    """What a watch remembers. `count` of times, `different` values, `since` when it has held, `met`, `broken`; `seen`: what came close."""

    count: int = 0
    different: list[str] = field(default_factory=list)
    since: int | None = None
    met: int | None = None
    broken: int | None = None
    uid: str = ""
    seen: dict[str, Any] = field(default_factory=dict)


class Uids(Struct):
    """Task → who was meant: `subject` is its own, the others by `resource/name`."""

    of: dict[str, dict[str, str]] = field(default_factory=dict)


class View(Struct):
    """What all watches share."""

    cluster: Cluster
    memory: Memory
    uids: Uids

    def scope(self, subject: Subject | None = None) -> Scope:
        """For an expression about a subject, or about the present alone."""
        return Scope(self.cluster, self.memory, subject.names if subject else None)

    @property
    def now(self) -> int:
        return self.cluster.now


class Watch(Protocol):
    """A check at work. `path` names its progress; `kinds`: the subjects it is to be told of; `reads`: of what its look depends."""

    kinds: frozenset[str]
    reads: Reads

    def saw(self, view: View, progress: dict[str, Progress], subject: Subject) -> None:
        """Something happened."""

    def look(self, view: View, progress: dict[str, Progress]) -> int | None:
        """The present may be another; when it is to be looked at again by itself, if ever (ms)."""


def own(progress: dict[str, Progress], path: str) -> Progress:
    """A watch's own progress, made when it is first asked for."""
    return progress.setdefault(path, Progress())


def expression(text: str | None) -> Expression | None:
    """Compiled, if there is one."""
    return compile_(text) if text else None
