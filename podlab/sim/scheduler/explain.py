"""Why a Pod is where it is, or nowhere: the last attempts as compact data, and the whole table when asked.

Upstream: none (the real scheduler says one line). Left out: nothing.
"""

from __future__ import annotations

from msgspec import Struct, field

from podlab.sim.scheduler.cycle import Framework, Result
from podlab.sim.scheduler.node_info import PodInfo
from podlab.sim.scheduler.preemption import Outcome

PODS_KEPT = 24
ATTEMPTS_KEPT = 2


class Refusal(Struct, array_like=True):
    """A plugin's reasons against a node."""

    node: str
    plugin: str
    code: str
    reasons: list[str]


class Attempt(Struct, array_like=True):
    """One attempt. `scores`: plugin → (raw, weighted) of each of `nodes`, which passed; `candidates`: node, victims, violations."""

    t: int
    number: int
    woken: str
    message: str
    node: str = ""
    nodes: list[str] = field(default_factory=list)
    scores: dict[str, tuple[list[int], list[int]]] = field(default_factory=dict)
    totals: list[int] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    candidates: list[tuple[str, list[str], int]] = field(default_factory=list)


def attempt(t: int, number: int, woken: str, message: str, node: str, result: Result, outcome: Outcome | None) -> Attempt:
    """What is kept of an attempt."""
    made = Attempt(t, number, woken, message, node, result.feasible)
    if result.scores is not None:
        scores = result.scores
        made.scores = {name: (raw, scores.weighted[name]) for name, raw in scores.raw.items()}
        made.totals = scores.totals
    made.refusals = [Refusal(name, each.plugin, each.code.value, list(each.reasons)) for name, each in result.statuses.items()]
    if outcome is not None:
        made.candidates = [(each.node, [victim.key for victim in each.victims], each.violations) for each in outcome.candidates]
    return made


def keep(kept: dict[str, list[Attempt]], key: str, made: Attempt) -> None:
    """The last attempts of the last Pods."""
    kept[key] = [*kept.pop(key, []), made][-ATTEMPTS_KEPT:]
    while len(kept) > PODS_KEPT:
        del kept[next(iter(kept))]


def table(framework: Framework, pod: PodInfo) -> list[Refusal]:
    """Now, node by node: every plugin that would refuse the Pod, not only the first."""
    result = framework.attempt(pod, {})
    if result.before or result.error or "skipped" not in result.state:
        return [Refusal(name, each.plugin, each.code.value, list(each.reasons)) for name, each in result.statuses.items()]
    return [
        Refusal(node.name, each.plugin, each.code.value, list(each.reasons))
        for node in framework.handle.snapshot.nodes
        for each in framework.refusals(result.state, pod, node)
    ]
