"""How far a learner is: lesson → what became of it, out of her sessions."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct, field

from podlab.learners.models import Learner
from podlab.session import service as sessions
from podlab.session.models import Session

State = Literal["new", "begun", "done"]


class Standing(Struct):
    """One lesson of one learner: `runs` are her sessions of it, the last used first."""

    done: bool = False
    runs: list[Session] = field(default_factory=list)

    @property
    def state(self) -> State:
        """The word that the pages show."""
        return "done" if self.done else "begun" if self.runs else "new"


Standings = dict[str, Standing]
"""By lesson, `pack/slug`; a lesson that was never begun is missing."""


def standings(learner: Learner | None) -> Standings:
    """Every lesson that the learner has begun."""
    found: Standings = {}
    for session in sessions.sessions_of(learner) if learner else []:
        if session.lesson:
            found.setdefault(session.lesson, Standing()).runs.append(session)
    return found
