"""How far a learner is: lesson → what became of it, out of her sessions."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct, field

from podlab.learners.models import Learner
from podlab.session import progress
from podlab.session import service as sessions
from podlab.session.models import Session

State = Literal["new", "begun", "done"]


class Standing(Struct):
    """One lesson of one learner: the tasks `met` in any run ("": the whole), and her sessions of it, the last used first."""

    met: set[str] = field(default_factory=set)
    runs: list[Session] = field(default_factory=list)

    @property
    def done(self) -> bool:
        """Whether she has met all of it at once."""
        return "" in self.met

    @property
    def state(self) -> State:
        """The word that the pages show."""
        return "done" if self.done else "begun" if self.runs else "new"


Standings = dict[str, Standing]
"""By lesson, `pack/slug`; a lesson that was never begun is missing."""


def standings(learner: Learner | None) -> Standings:
    """Every lesson that the learner has begun."""
    if learner is None:
        return {}
    mine = sessions.sessions_of(learner)
    found = {lesson: Standing(met) for lesson, met in progress.met(learner, mine[0] if mine else None).items()}
    for session in mine:
        if session.lesson:
            found.setdefault(session.lesson, Standing()).runs.append(session)
    return found
