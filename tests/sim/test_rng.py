"""Draws depend on nothing but their own name."""

from __future__ import annotations

import re

from podlab.sim import rng


def test_a_draw_is_the_same_for_ever() -> None:
    """The numbers are part of every replay: they may not change between versions."""
    assert rng.draw(1, "pod-a", "node", 0) == 16847444260254071302
    assert rng.letters(rng.draw(1, "pod-a", "node", 0), 5) == "khvg2"


def test_no_draw_shifts_another() -> None:
    """Seed, object, purpose and count each give another number."""
    draws = {rng.draw(s, u, p, n) for s in (1, 2) for u in "ab" for p in ("x", "y") for n in (0, 1)}
    assert len(draws) == 16


def test_a_uuid_is_of_version_4() -> None:
    """As uuid.NewUUID makes them."""
    assert re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", rng.uuid(2**64 - 1, 5))
