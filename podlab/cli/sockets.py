"""Uvicorn's WebSockets, but for a peer that does not read: uvicorn would wait for it for ever, even to close."""

from __future__ import annotations

import asyncio
import os

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

STUCK_S = float(os.environ.get("PODLAB_STUCK_S", "30"))
"""A connection that takes none of what is written to it for so long is ended."""


class Sockets(WebSocketsSansIOProtocol):
    """One connection."""

    stuck: asyncio.TimerHandle | None = None

    def pause_writing(self) -> None:
        """The peer is behind: it has some time."""
        super().pause_writing()
        self.stuck = self.loop.call_later(STUCK_S, self.transport.abort)

    def resume_writing(self) -> None:
        """It has caught up."""
        self._release()
        super().resume_writing()

    def connection_lost(self, exc: Exception | None) -> None:
        """It is gone."""
        self._release()
        super().connection_lost(exc)

    def _release(self) -> None:
        if self.stuck is not None:
            self.stuck.cancel()
            self.stuck = None
