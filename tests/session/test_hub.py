"""Hearing a session: `podlab/session/hub.py`."""

import pytest

from podlab.session import hub
from podlab.session import redis as r
from tests.session.hand import Hand


def test_a_page_that_does_not_read_is_noticed() -> None:
    """The queue is bounded: what does not fit marks the page as too slow, and nobody waits for it."""
    ear = hub.Subscription("s")
    for position in range(hub.QUEUE):
        ear.put(hub.Item(position, b""))
    assert not ear.overrun.is_set()
    ear.put(hub.Item(hub.QUEUE, b""))
    assert ear.overrun.is_set()
    assert ear.queue.empty()
    ear.put(None)
    assert ear.queue.empty()


@pytest.mark.usefixtures("runtime")
def test_backfill_is_all_or_nothing() -> None:
    """Every frame after the cursor; nothing where some are gone, or the cursor is another stream's."""
    hand = Hand()
    start = hand.live.position
    for n in range(3):
        hand.run(f"set a {n}")
    items = hub.backfill(hand.id, start)
    assert items is not None
    assert list(range(start + 1, hand.live.position + 1)) == [item.position for item in items]
    assert [] == hub.backfill(hand.id, hand.live.position)
    assert hub.backfill(hand.id, hand.live.position + 1) is None
    assert hub.backfill(hand.id, 5) is None
    r.client().xtrim(r.key(hand.id, "stream"), maxlen=2, approximate=False)
    assert hub.backfill(hand.id, start) is None
