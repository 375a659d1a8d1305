"""What a probe comes to.

Upstream: pkg/probe/probe.go. Left out: nothing.
"""

from __future__ import annotations

from msgspec import Struct

MAX_OUTPUT = 10 * 1024


class Verdict(Struct):
    """`outcome`: Success, Warning (counts as a success), Failure or Unknown (counts as nothing); known after `ms`. `pid`: a process tells."""

    outcome: str = ""
    output: str = ""
    ms: int = 0
    pid: int = 0


def event_of(kind: str, verdict: Verdict) -> tuple[str, str, str] | None:
    """The Event (type, reason, message) that a probe of `kind` (Readiness …) leaves; None for a success (PR-16)."""
    if verdict.outcome == "Success":
        return None
    if verdict.outcome == "Warning":
        return "Warning", "ProbeWarning", f"{kind} probe warning: {verdict.output}"
    if verdict.outcome == "Unknown":
        return "Warning", "Unhealthy", f"{kind} probe errored and resulted in unknown state: {verdict.output}"
    return "Warning", "Unhealthy", f"{kind} probe failed: {verdict.output}"
