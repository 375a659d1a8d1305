"""Completion indexes: written as `0,2-5,7`.

Upstream: pkg/controller/job/indexed_job_utils.go. Left out: nothing.
"""

from __future__ import annotations

from collections.abc import Iterable

from podlab.sim.changes import Obj

INDEX = "batch.kubernetes.io/job-completion-index"
FAILURES = "batch.kubernetes.io/job-index-failure-count"
IGNORED = "batch.kubernetes.io/job-index-ignored-failure-count"
NAME_BASE = 58


def parse(text: str | None, completions: int) -> list[int]:
    """The indexes below `completions`, ascending; what does not parse is left out."""
    found: set[int] = set()
    for part in (text or "").split(","):
        first, dash, last = part.partition("-")
        if first.isdigit() and (last.isdigit() or not dash):
            found.update(range(int(first), min(int(last or first), completions - 1) + 1))
    return sorted(each for each in found if each < completions)


def render(indexes: Iterable[int]) -> str:
    """The shortest text: runs of three and more as a range, two as a pair."""
    parts: list[list[int]] = []
    for each in sorted(indexes):
        if parts and parts[-1][-1] == each - 1:
            parts[-1].append(each)
        else:
            parts.append([each])
    return ",".join(str(run[0]) if len(run) == 1 else f"{run[0]},{run[1]}" if len(run) == 2 else f"{run[0]}-{run[-1]}" for run in parts)


def of_pod(pod: Obj) -> int | None:
    """A Pod's completion index."""
    text = (pod["metadata"].get("annotations") or {}).get(INDEX, "")
    return int(text) if text.isdigit() else None


def counter(pod: Obj, name: str = FAILURES) -> int:
    """How often its index had failed before."""
    text = (pod["metadata"].get("annotations") or {}).get(name, "")
    return int(text) if text.isdigit() else 0


def absolute(pod: Obj) -> int:
    """How often its index had failed before, whether that counts or not."""
    return counter(pod) + counter(pod, IGNORED)


def prefix(job: str, index: int | None) -> str:
    """What a Pod's name begins with: the index is never cut off, the Job's name is."""
    end = "-" if index is None else f"-{index}-"
    return f"{job}-" if index is None else job[: NAME_BASE - len(end)] + end
