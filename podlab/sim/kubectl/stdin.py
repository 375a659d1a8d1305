"""Reading standard input to its end, as `-f -` needs it.

Upstream: io.ReadAll(os.Stdin). Left out: nothing.
"""

from __future__ import annotations

from collections.abc import Callable

from podlab.sim.kubectl.command import Step
from podlab.sim.kubectl.invocation import Invocation
from podlab.sim.linux.types import Read, Wait, Wake


def needed(inv: Invocation, *, wanted: bool | None = None) -> Wait | None:
    """What to wait for when standard input is wanted (by `-f -`) and has not ended yet; the command has a step `stdin`."""
    if wanted is None:
        wanted = "-" in (inv.flags.get("filename") or [])
    if not wanted or _read(inv):
        return None
    return inv.then("stdin", Read(0))


def _read(inv: Invocation) -> bool:
    """Take over what has arrived; whether it has ended."""
    text = inv.memory.setdefault("stdin", "")
    while (chunk := inv.ctx.read(0)) is not None:
        if chunk == "":
            inv.memory["stdin"] = text
            return False
        text += chunk
    inv.memory["stdin"] = text
    return True


def step(then: Callable[[Invocation], Wait | None]) -> Step:
    """The step `stdin`: go on with `then` when all is there."""

    def resume(inv: Invocation, wake: Wake) -> Wait | None:
        return inv.then("stdin", Read(0)) if not _read(inv) else then(inv)

    return resume
