"""The real cluster under the runtime: saved, loaded, rolled back and run ahead, it stays what a plain replay makes of it."""

from __future__ import annotations

import json
import random

import pytest
from pytest_django import Settings

from podlab.session import engine, journal, picture
from podlab.session.replay import replay
from podlab.session.timeline import Timeline
from tests.session.hand import Hand
from tests.session.page import Store

LINES = [
    "ls", "kubectl apply -f my-nginx-pod.yaml", "kubectl get pods -w", "^C", "kubectl run a --image=busybox -- sleep 30",
    "while sleep 1; do kubectl get pods; done", "^C", "kubectl delete pod a", "kubectl describe pod a",
    "kubectl create deployment web --image=nginx --replicas=2", "kubectl get pods -o wide", "kubectl delete deployment web",
    "kubectl get events",
]  # fmt: skip


@pytest.mark.usefixtures("runtime")
@pytest.mark.parametrize("seed", [1, 2])
def test_a_learners_hour_is_replayed_to_the_same_bytes(settings: Settings, seed: int) -> None:
    """Checkpoints, history and the page's picture all equal a run from the beginning without a break."""
    settings.PODLAB_ENGINE = "podlab.sim.cluster"
    dice = random.Random(seed)
    hand = Hand()
    hand.command({"kind": "open", "terminal": "t"})
    for line in [*LINES, *dice.choices(LINES, k=15)]:
        signal = {"kind": "signal", "terminal": "t", "name": "INT"}
        hand.command(signal if line == "^C" else {"kind": "line", "terminal": "t", "text": line})
        hand.serve()
        hand.pass_time(dice.choice([20, 900, 7_000, 40_000]))
        if dice.random() < 0.3:
            hand.serve()
    hand.serve()
    found = replay(hand.refresh())
    assert (29, []) == (found.commands, found.lines)
    assert found.compared > 3
    store = Store()
    made = picture.picture(hand.id)
    assert made is not None
    for frame in made.frames:
        store.take(json.loads(frame))
    assert _fresh(hand, store.until) == store.at(store.until)[0]


@pytest.mark.usefixtures("runtime")
def test_a_long_past_comes_in_parts_that_end_with_whole_instants(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each asked for from where the last ended, they are the whole past, without a gap and nothing twice."""
    settings.PODLAB_ENGINE = "podlab.sim.cluster"
    hand = Hand()
    hand.command({"kind": "open", "terminal": "t"})
    hand.command({"kind": "line", "terminal": "t", "text": "kubectl create deployment web --image=nginx --replicas=3"})
    hand.serve()
    hand.pass_time(20_000)
    hand.serve()
    whole = picture.past(hand.id, "p", 0)
    monkeypatch.setattr(picture, "PAST_CHANGES", 7)
    parts = [picture.past(hand.id, "p", 0)]
    while parts[-1].until < whole.changes[-1].t:
        parts.append(picture.past(hand.id, "p", parts[-1].until))
    assert len(parts) > 5
    assert [each.n for each in whole.changes] == [each.n for part in parts for each in part.changes]


def _fresh(hand: Hand, t: int) -> dict[str, object]:
    """The objects at `t` by a run without a break."""
    branch = hand.model.branches.get()
    timeline = Timeline(engine.unpack(bytes(journal.beginning(branch).data)), journal.since(branch.pk, 0))
    timeline.run_to(t)
    return {each["metadata"]["uid"]: each for each in timeline.cluster.snapshot().objects}
