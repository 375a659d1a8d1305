"""The line of a failed attempt: how many nodes refuse, and for which reasons.

Upstream: pkg/scheduler/framework/types.go (FitError). Left out: nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

NOTE_LIMIT = 1024


def message(nodes: int, reasons: Iterable[Iterable[str]], before: str = "", after: str = "") -> str:
    """Rule C11. `reasons`: of every node; `before`: of a PreFilter plugin (then the nodes' are not told); `after`: of the PostFilter."""
    text = f"0/{nodes} nodes are available:"
    if before:
        text += f" {before}."
    else:
        counted = Counter(reason for each in reasons for reason in each)
        listed = sorted(f"{many} {reason}" for reason, many in counted.items())
        text += f" {', '.join(listed)}." if listed else ""
    return f"{text} {after}" if after else text


def note(text: str) -> str:
    """Rule C12: what fits into an Event."""
    return text if len(text) <= NOTE_LIMIT else text[: NOTE_LIMIT - 4] + " ..."
