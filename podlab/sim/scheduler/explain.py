"""Why a Pod is where it is, or nowhere: the last attempts as compact data, and the whole table when asked.

Upstream: none (the real scheduler says one line). Left out: nothing.
"""

from __future__ import annotations

from msgspec import Struct, field

from podlab.sim.scheduler.cycle import Framework, Result
from podlab.sim.scheduler.node_info import PodInfo
from podlab.sim.scheduler.preemption import Candidate, Outcome, lost_by

PODS_KEPT = 24
ATTEMPTS_KEPT = 2


class Refusal(Struct, array_like=True):
    """A plugin's reasons against a node."""

    node: str
    plugin: str
    code: str
    reasons: list[str]


class Rival(Struct, array_like=True):
    """A node where preemption would do: who would go, how many of them against a budget, their highest priority, and what decided against
    it ("" for the chosen one)."""

    node: str
    victims: list[str]
    violations: int
    highest: int
    lost: str


class Attempt(Struct, array_like=True):
    """One attempt. `scores`: plugin → (raw, weighted) of each of `nodes`, which passed; `candidates`: where preemption would have done."""

    t: int
    number: int
    woken: str
    message: str
    node: str = ""
    nodes: list[str] = field(default_factory=list)
    scores: dict[str, tuple[list[int], list[int]]] = field(default_factory=dict)
    totals: list[int] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    candidates: list[Rival] = field(default_factory=list)


def attempt(t: int, number: int, woken: str, message: str, node: str, result: Result, outcome: Outcome | None) -> Attempt:
    """What is kept of an attempt."""
    made = Attempt(t, number, woken, message, node, result.feasible)
    if result.scores is not None:
        scores = result.scores
        made.scores = {name: (raw, scores.weighted[name]) for name, raw in scores.raw.items()}
        made.totals = scores.totals
    made.refusals = [Refusal(name, each.plugin, each.code.value, list(each.reasons)) for name, each in result.statuses.items()]
    if outcome is not None and outcome.chosen is not None:
        made.candidates = [_rival(each, outcome.chosen) for each in outcome.candidates]
    return made


def _rival(candidate: Candidate, chosen: Candidate) -> Rival:
    victims = [victim.key for victim in candidate.victims]
    highest = max((victim.priority for victim in candidate.victims), default=0)
    return Rival(candidate.node, victims, candidate.violations, highest, lost_by(candidate, chosen))


def keep(kept: dict[str, list[Attempt]], key: str, made: Attempt) -> None:
    """The last attempts of the last Pods, and of each the last one that made room."""
    before = kept.pop(key, [])
    room = [each for each in before[: -ATTEMPTS_KEPT + 1] if each.candidates][-1:]
    kept[key] = [*room, *before[-ATTEMPTS_KEPT + 1 :], made]
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
