"""Which tasks were met: `podlab/session/progress.py`."""

import json
from uuid import uuid4

import pytest
from pytest_django import Settings

from podlab.jobs import tasks
from podlab.learners.models import Learner, Progress
from podlab.session import progress, service
from podlab.session import redis as r
from podlab.session.models import Session
from tests.session.hand import Hand

LESSON = "first-five-minutes/01-one-pod"


class Taught(Hand):
    """A session of a lesson, of the real engine."""

    def __init__(self) -> None:
        self.model: Session = service.create_session(Learner.objects.create(), "trio", LESSON)
        self.id = str(self.model.pk)
        service.touch(self.id)
        tasks.run(self.id)


@pytest.fixture
def taught(runtime: None, settings: Settings) -> Taught:
    """A lesson that has just begun, and the line that meets its first task."""
    settings.PODLAB_ENGINE = "podlab.sim.cluster"
    hand = Taught()
    hand.command({"kind": "open", "terminal": "1", "columns": 80, "rows": 12})
    service.accept(hand.id, str(uuid4()), json.dumps({"kind": "line", "terminal": "1", "text": "kubectl run web --image=nginx"}).encode())
    hand.serve()
    return hand


def test_a_task_counts_from_the_instant_on_at_which_it_was_met(taught: Taught) -> None:
    """Not while it is only told: the known future may still be contradicted."""
    assert set() == progress.met(taught.model.learner, taught.model)[LESSON]
    taught.pass_time(20_000)
    taught.serve()
    assert {"a"} == progress.met(taught.model.learner, taught.model)[LESSON]
    assert 0 == Progress.objects.count()


def test_what_was_met_is_written_down_when_it_has_passed_and_outlives_the_session(taught: Taught) -> None:
    """With the learner, the lesson and the instant; the session may go."""
    taught.pass_time(20_000)
    taught.leave()
    taught.serve()
    row = Progress.objects.get()
    assert (LESSON, "a", taught.model.pk) == (row.lesson, row.task, row.session)
    assert 0 < row.at_ms < 20_000
    learner = taught.model.learner
    taught.model.delete()
    assert {LESSON: {"a"}} == progress.met(learner, None)


def test_while_redis_is_away_what_is_written_down_is_still_known(taught: Taught, settings: Settings) -> None:
    """The home page opens all the same."""
    settings.REDIS_URL = "unix:///nowhere/valkey.sock"
    r.client.cache_clear()
    assert {LESSON: set()} == progress.met(taught.model.learner, taught.model)
    r.client.cache_clear()
