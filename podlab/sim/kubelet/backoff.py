"""How long a restart or a pull must wait: 10 s, doubled each time, at most 5 minutes.

Upstream: staging/src/k8s.io/client-go/util/flowcontrol/backoff.go, pkg/kubelet/kuberuntime (doBackOff). Left out: jitter (none upstream).
"""

from __future__ import annotations

from msgspec import Struct

INITIAL_MS = 10_000
MAXIMUM_MS = 300_000
FORGET_MS = 600_000


class Entry(Struct):
    """A wait of `delay_ms`, set at `updated_ms`."""

    delay_ms: int
    updated_ms: int


def next_entry(entry: Entry | None, now: int, *, initial: int = INITIAL_MS, maximum: int = MAXIMUM_MS, since: int | None = None) -> Entry:
    """The entry after one more failure: doubled and capped; anew once the old one has expired by `since` (default: now)."""
    if entry is None or expired(entry, now if since is None else since):
        return Entry(initial, now)
    return Entry(min(2 * entry.delay_ms, maximum), now)


def expired(entry: Entry, since: int) -> bool:
    """Whether the entry counts no more: what it is about went well for over 10 minutes."""
    return since - entry.updated_ms > FORGET_MS


def restart_wait(entry: Entry | None, finished_ms: int, now: int) -> int:
    """What is left of the wait before a restart (RB-19), in ms; 0: start now. `finished_ms`: the end of the instance before."""
    if entry is None or expired(entry, finished_ms):
        return 0
    return max(0, entry.delay_ms - (now - finished_ms))


def pull_wait(entry: Entry | None, now: int) -> int:
    """What is left of the wait before the next pull (RB-21), in ms."""
    if entry is None or expired(entry, now):
        return 0
    return max(0, entry.delay_ms - (now - entry.updated_ms))


def go_duration(ms: int) -> str:
    """A duration as Go prints it: `10s`, `1m20s`, `5m0s`, `85.2ms`."""
    if ms < 1000:
        return f"{ms}ms" if ms else "0s"
    seconds, rest = divmod(ms, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    text = f"{seconds}.{rest:03d}".rstrip("0") if rest else str(seconds)
    if hours:
        return f"{hours}h{minutes}m{text}s"
    return f"{minutes}m{text}s" if minutes else f"{text}s"
