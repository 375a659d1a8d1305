"""The properties of the runtime, against a model: whatever the order of commands, deaths, duplicates and two workers at once."""

from __future__ import annotations

import json
import os
import time
import uuid
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any
from unittest.mock import patch

import pytest
from django.test import override_settings
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from podlab.jobs import pump, release
from podlab.learners.models import Learner
from podlab.session import engine, hub, journal, picture, service, store
from podlab.session import redis as r
from podlab.session.models import HistoryChunk, JournalRow, Session
from podlab.session.timeline import Timeline
from tests.session.page import Store

LINES = ["set a 1", "set b 2", "tick c 700 5", "tick d 40 100", "set a 3", "tick e 1 70", "refuse", "tick f 90000 20"]


class Death(BaseException):
    """A worker dies here."""


class Page:
    """A page in this process: a store fed by backfill and pictures."""

    def __init__(self, session: str) -> None:
        self.session = session
        self.store = Store()
        self.cursor: int | None = None
        self.acks: dict[str, dict[str, Any]] = {}
        self.irrevocable: list[str] = []
        self.t = -1

    def sync(self) -> None:
        """Hear all that was told."""
        items = None if self.cursor is None else hub.backfill(self.session, self.cursor)
        if items is None:
            made = picture.picture(self.session)
            assert made is not None
            self.irrevocable, self.t = [], -1
            frames, self.cursor = made.frames, made.position
        else:
            frames = [item.frame for item in items]
            self.cursor = items[-1].position if items else self.cursor
        for frame in map(json.loads, frames):
            self.store.take(frame)
            if frame["kind"] in ("ack", "nack"):
                self.acks[frame["id"]] = frame

    def passed(self, t: int) -> None:
        """What an irrevocable reader has read up to `t` stays as it is."""
        self.t = max(self.t, t)
        now = [json.dumps(each) for each in self.store.changes if each["t"] <= self.t]
        assert now[: len(self.irrevocable)] == self.irrevocable
        self.irrevocable = now


class Runtime(RuleBasedStateMachine):
    """One session, its workers and its pages."""

    @initialize()
    def begin(self) -> None:
        r.client().flushall()
        self.session = str(service.create_session(Learner.objects.create(), "solo").pk)
        service.touch(self.session)
        self.sent: dict[str, str] = {}
        self.pages = [Page(self.session)]
        self.acked: dict[str, tuple[int, int]] = {}

    # --- what learners do

    @rule(text=st.sampled_from(LINES))
    def send(self, text: str) -> None:
        name = str(uuid.uuid4())
        self.sent[name] = text
        self._send(name)

    @rule(index=st.integers(0, 30))
    def send_again(self, index: int) -> None:
        if self.sent:
            self._send(list(self.sent)[index % len(self.sent)])

    def _send(self, name: str) -> None:
        line = {"kind": "line", "terminal": "t", "text": self.sent[name]}
        accepted = service.accept(self.session, name, json.dumps(line).encode())
        assert accepted.status in ("ok", "known")
        if accepted.seq and accepted.status == "known":
            self._acknowledged(name, accepted.seq, accepted.t)

    @rule(ms=st.sampled_from([0, 1, 30, 500, 3_000, 70_000]))
    def time_passes(self, ms: int) -> None:
        if r.client().exists(r.key(self.session, "meta")) and not self._live().anchor.paused:
            r.client().hincrby(r.key(self.session, "meta"), "virtual", ms)

    @rule(action=st.sampled_from(["run", "pause", "step"]), speed=st.sampled_from([1, 10, 60]))
    def set_clock(self, action: service.Action, speed: int) -> None:
        service.set_clock(self.session, action, speed)

    @rule()
    def another_page(self) -> None:
        service.touch(self.session)
        self.pages.append(Page(self.session))
        self.pages[-1].sync()

    @rule()
    def all_leave(self) -> None:
        """And the session is parked."""
        self._live()
        linger = r.client().hget(r.key(self.session, "meta"), "linger")
        r.client().hset(r.key(self.session, "meta"), "linger", 0)
        time.sleep(0.002)
        release.release(self.session)
        r.client().hset(r.key(self.session, "meta"), "linger", linger)
        service.touch(self.session)

    # --- what workers do

    @rule()
    def work(self) -> None:
        pump.serve(self.session)

    @rule(point=st.sampled_from(["write", "publish", "release"]), after=st.booleans())
    def die_at_work(self, point: str, after: bool) -> None:
        with suppress(Death), interrupted(point, after, _die):
            pump.serve(self.session)

    @rule(point=st.sampled_from(["write", "publish", "nearest"]), after=st.booleans())
    def two_workers(self, point: str, after: bool) -> None:
        with interrupted(point, after, lambda: pump.serve(self.session)):
            pump.serve(self.session)

    @rule()
    def delivered_twice(self) -> None:
        head = r.client().lindex(r.key(self.session, "queue"), 0)
        if head is not None:
            r.client().lpush(r.key(self.session, "queue"), head)

    @rule()
    def redis_emptied(self) -> None:
        """Between what is released to pages and what is kept there is nothing: the clock is in the database."""
        if r.client().exists(r.key(self.session, "meta")):
            from podlab.session.restore import keep_anchor

            keep_anchor(self.session)
        r.client().flushall()
        service.touch(self.session)

    # --- what must hold

    @invariant()
    def pages_see_what_is(self) -> None:
        live = self._live()
        for page in self.pages:
            page.sync()
            for name, answer in page.acks.items():
                if answer["kind"] == "ack":
                    self._acknowledged(name, answer["seq"], answer["t"])
            bound = min(page.store.bound(), live.now)
            page.passed(min(bound, release.released(live)))
            if bound >= page.store.base["t"]:
                bound, expected = self._expected(live, bound)
                assert expected == page.store.at(bound)

    def _acknowledged(self, name: str, seq: int, t: int) -> None:
        assert self.acked.setdefault(name, (seq, t)) == (seq, t)
        assert [(seq, t)] == list(JournalRow.objects.filter(client=name).values_list("seq", "t_ms"))

    def _live(self) -> store.Live:
        service.touch(self.session)
        live = store.look(self.session)
        assert live is not None
        return live

    def _expected(self, live: store.Live, t: int) -> tuple[int, tuple[dict[str, Any], dict[str, Any]]]:
        """The state at `t` by a fresh replay; a millisecond before where a command of that very instant is not told yet.

        Of a parked session Redis knows less than pages that were told more: beyond its `until`, its `n` says nothing.
        """
        timeline = Timeline(_beginning(self.session), [row for row in journal.since(live.branch, 0) if row.seq <= live.epoch])
        timeline.run_to(t)
        changes = timeline.cluster.take_changes()
        if t <= live.until and changes and changes[-1].n > live.n:
            return self._expected(live, t - 1)
        seen = timeline.cluster.snapshot()
        objects = {each["metadata"]["uid"]: each for each in seen.objects}
        return t, (objects, {each.id: each.scrollback for each in seen.terminals})

    def teardown(self) -> None:
        if not hasattr(self, "session"):
            return
        pump.serve(self.session)
        for name in self.sent:
            self._send(name)
        while self._live().queue:
            pump.serve(self.session)
        page = Page(self.session)
        page.sync()
        written = dict(JournalRow.objects.filter(branch__session_id=self.session).values_list("client", "command"))
        texts = {name: json.loads(command)["text"] for name, command in written.items()}
        assert {name: text for name, text in self.sent.items() if text != "refuse"} == texts
        self.replay_is_the_same()

    def replay_is_the_same(self) -> None:
        live = self._live()
        for blob in live.checkpoints:
            data = store.checkpoint(self.session, blob)
            timeline = Timeline(_beginning(self.session), [row for row in journal.since(live.branch, 0) if row.seq <= blob[0]])
            timeline.run_to(blob[1])
            assert data is not None
            assert zlib.decompress(data) == timeline.cluster.dump()


def _beginning(session: str) -> engine.ClusterLike:
    branch = Session.objects.get(pk=session).branches.get()
    return engine.unpack(bytes(journal.beginning(branch).data))


def _die() -> None:
    raise Death


@contextmanager
def interrupted(point: str, after: bool, what: Callable[[], object]) -> Iterator[None]:
    """Do `what` once, before or after the call at `point`."""
    place, name = {"write": (journal, "write"), "publish": (store, "publish"), "release": (pump, "release"), "nearest": (pump, "nearest")}[
        point
    ]
    original = getattr(place, name)
    left = [1]

    def call(*args: Any, **kwargs: Any) -> Any:
        first = left.pop() if left else 0
        if first and not after:
            what()
        result = original(*args, **kwargs)
        if first and after:
            what()
        return result

    with patch.object(place, name, call):
        yield


@pytest.mark.django_db(transaction=True)
def test_nothing_is_lost_doubled_or_contradicted(valkey: str) -> None:
    """Every acknowledged command is applied once, pages equal a fresh replay, released history stands, replay gives the same bytes."""
    r.client.cache_clear()
    r._script.cache_clear()
    checked = settings(
        max_examples=int(os.environ.get("PODLAB_EXAMPLES", "40")),
        phases=[Phase.explicit, Phase.reuse, Phase.generate],
        stateful_step_count=30,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        print_blob=True,
    )
    with override_settings(PODLAB_ENGINE="tests.session.fake", PODLAB_COMMANDS_PER_S=10_000, PODLAB_HISTORY_CHUNKS=3):
        run_state_machine_as_test(Runtime, settings=checked)


@pytest.mark.django_db(transaction=True)
def test_a_checkpoint_knows_only_the_commands_before_it(valkey: str) -> None:
    """Redis was emptied behind two commands; windows that fill up between them leave checkpoints, and none of them swallows a command."""
    r.client.cache_clear()
    r._script.cache_clear()
    with override_settings(PODLAB_ENGINE="tests.session.fake", PODLAB_COMMANDS_PER_S=10_000, PODLAB_HISTORY_CHUNKS=3):
        run = Runtime()
        run.begin()
        run.send("tick f 90000 20")
        run.set_clock("pause", 60)
        run.die_at_work("publish", False)
        run.set_clock("run", 1)
        run.time_passes(3_000)
        run.work()
        run.work()
        run.redis_emptied()
        run.two_workers("publish", True)
        run.send("tick e 1 70")
        run.time_passes(70_000)
        run.delivered_twice()
        run.set_clock("step", 1)
        run.send("tick e 1 70")
        run.all_leave()
        run.work()
        run.send("set b 2")
        run.redis_emptied()
        run.delivered_twice()
        run.two_workers("write", True)
        run.delivered_twice()
        run.two_workers("write", True)
        run.pages_see_what_is()
        run.set_clock("step", 10)
        run.all_leave()
        run.pages_see_what_is()
        run.replay_is_the_same()
        run.teardown()


@pytest.mark.django_db(transaction=True)
def test_a_page_keeps_the_future_of_a_parked_session(valkey: str) -> None:
    """Redis forgets what lies ahead of a parked session; a page that was told stays right about it."""
    r.client.cache_clear()
    r._script.cache_clear()
    with override_settings(PODLAB_ENGINE="tests.session.fake", PODLAB_COMMANDS_PER_S=10_000, PODLAB_HISTORY_CHUNKS=3):
        run = Runtime()
        run.begin()
        run.work()
        run.pages_see_what_is()
        run.send("tick d 40 100")
        run.work()
        run.pages_see_what_is()
        run.all_leave()
        run.time_passes(1_500)
        assert run._live().until < 1_500 <= run._live().now <= run.pages[0].store.bound()
        run.pages_see_what_is()
        run.teardown()


@pytest.mark.django_db(transaction=True)
def test_what_a_command_did_is_told_again_where_the_history_ends_at_its_instant(valkey: str) -> None:
    """The window before a command ends at the command's instant; kept alone, and Redis emptied, it does not stand for what the command did."""
    r.client.cache_clear()
    r._script.cache_clear()
    with override_settings(PODLAB_ENGINE="tests.session.fake", PODLAB_COMMANDS_PER_S=10_000, PODLAB_HISTORY_CHUNKS=3):
        run = Runtime()
        run.begin()
        run.work()
        run.send("tick f 90000 20")
        run.work()
        run.time_passes(500)
        run.send("set a 1")
        run.work()
        run.time_passes(70_000)
        run.work()
        run.pages_see_what_is()
        at = JournalRow.objects.latest("seq").t_ms
        assert [at] == list(HistoryChunk.objects.values_list("until", flat=True))
        run.redis_emptied()
        run.pages_see_what_is()
        run.work()
        run.pages_see_what_is()
        run.teardown()
