"""Wall time and virtual time: one line through an anchor. The Lua prelude (`lua/lib.lua`) holds the same rule for the server."""

from __future__ import annotations

from podlab.wire.frames import Anchor

LIMIT_MS = 24 * 3600 * 1000
"""Virtual time of one session at most."""
IRREVOCABLE_MS = 50
"""Wall ms that readers who cannot take anything back stay behind."""


def virtual_at(anchor: Anchor, wall_ms: int) -> int:
    """The virtual instant of a wall instant."""
    if anchor.paused:
        return anchor.virtual_ms
    return min(LIMIT_MS, anchor.virtual_ms + int((max(wall_ms, anchor.wall_ms) - anchor.wall_ms) * anchor.speed))


def wall_at(anchor: Anchor, virtual_ms: int) -> int | None:
    """The wall instant at which the clock shows `virtual_ms`; None: it stands."""
    if anchor.paused:
        return None
    return anchor.wall_ms + int((virtual_ms - anchor.virtual_ms) / anchor.speed)
