"""Preemption: whose going would make room, and whose going hurts least.

Upstream: pkg/scheduler/framework/preemption/preemption.go, plugins/defaultpreemption/default_preemption.go. Left out: extenders.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct, field

from podlab.sim.api import labels
from podlab.sim.changes import Obj
from podlab.sim.scheduler import fit_error
from podlab.sim.scheduler.cycle import Framework, Nominated, Result
from podlab.sim.scheduler.framework import Code, CycleState, Status
from podlab.sim.scheduler.node_info import NodeInfo, PodInfo

REASON = "PreemptionByScheduler"
NEVER = "not eligible due to preemptionPolicy=Never."
TERMINATING = "not eligible due to a terminating pod on the nominated node."
NO_VICTIMS = Status(Code.UNRESOLVABLE, ("No preemption victims found for incoming pod",))
NOT_HELPFUL = ("Preemption is not helpful for scheduling",)
LEAST_CANDIDATES = 100
OFFSET = 2**31


class Candidate(Struct):
    """A node, the Pods that would have to go (most important first), how many of them against a budget."""

    node: str
    victims: list[PodInfo]
    violations: int


class Outcome(Struct):
    """`chosen` None: `message` says why not; `clears`: a former nomination is void; `candidates`: all that would have done."""

    chosen: Candidate | None = None
    message: str = ""
    clears: bool = False
    candidates: list[Candidate] = field(default_factory=list)


class Preemption:
    """DefaultPreemption's PostFilter."""

    def __init__(self, framework: Framework) -> None:
        self._framework = framework

    def post_filter(self, pod: PodInfo, result: Result, nominated: Nominated, offset: int = 0) -> Outcome:
        """Rules P2–P6. `offset`: the node to begin with."""
        snapshot = self._framework.handle.snapshot
        reason = self.ineligible(pod, result.statuses)
        if reason:
            return Outcome(message=f"preemption: {reason}")
        helpful = [node for node in snapshot.nodes if (status := result.statuses.get(node.name)) and status.code is Code.UNSCHEDULABLE]
        candidates, refused = self._candidates(pod, result.state, helpful, nominated, offset)
        if not candidates:
            reasons = [refused[node.name].reasons if node.name in refused else NOT_HELPFUL for node in snapshot.nodes]
            return Outcome(message=f"preemption: {fit_error.message(len(snapshot.nodes), reasons)}", clears=True)
        return Outcome(best(candidates)[0], candidates=candidates)

    def ineligible(self, pod: PodInfo, statuses: Mapping[str, Status]) -> str:
        """Rule P2: why the Pod may not preempt now; empty: it may."""
        if pod.spec.get("preemptionPolicy") == "Never":
            return NEVER
        name = (pod.pod.get("status") or {}).get("nominatedNodeName")
        if not name or (name in statuses and statuses[name].code is Code.UNRESOLVABLE):
            return ""
        node = self._framework.handle.snapshot.by_name.get(name)
        waiting = node is not None and any(each.priority < pod.priority and by_preemption(each.pod) for each in node.pods.values())
        return TERMINATING if waiting else ""

    def _candidates(
        self, pod: PodInfo, state: CycleState, nodes: list[NodeInfo], nominated: Nominated, offset: int
    ) -> tuple[list[Candidate], dict[str, Status]]:
        budgets = list(self._framework.handle.lister("poddisruptionbudgets", ""))
        wanted = max(len(nodes) * 10 // 100, LEAST_CANDIDATES)
        first = offset % len(nodes) if nodes else 0
        found: list[Candidate] = []
        refused: dict[str, Status] = {}
        for node in nodes[first:] + nodes[:first]:
            outcome = self.victims_on(pod, state, node, nominated, budgets)
            if isinstance(outcome, Status):
                refused[node.name] = outcome
            else:
                found.append(outcome)
                if len(found) >= wanted and any(not each.violations for each in found):
                    break
        return found, refused

    def victims_on(
        self, pod: PodInfo, state: CycleState, node: NodeInfo, nominated: Nominated, budgets: Sequence[Obj]
    ) -> Candidate | Status:
        """Rules P3, P4: take all lower Pods away, then put back whoever need not go."""
        framework, trial, prepared = self._framework, node.copy(), dict(state)
        lower = sorted((each for each in node.pods.values() if each.priority < pod.priority), key=importance)
        if not lower:
            return NO_VICTIMS
        for other in lower:
            framework.move(prepared, pod, other, trial, -1)
        status = framework.filter(prepared, pod, trial, nominated)
        if status is not None:
            return status
        against = violating(lower, budgets)
        victims: list[PodInfo] = []
        violations = 0
        for other in sorted(lower, key=lambda each: each.key not in against):
            framework.move(prepared, pod, other, trial, 1)
            if framework.filter(prepared, pod, trial, nominated) is not None:
                framework.move(prepared, pod, other, trial, -1)
                victims.append(other)
                violations += other.key in against
        return Candidate(node.name, sorted(victims, key=importance), violations)


def importance(pod: PodInfo) -> tuple[int, str, str]:
    """Most important first: higher priority, then earlier start."""
    return -pod.priority, started(pod), pod.key


def started(pod: PodInfo) -> str:
    """A Pod's startTime (RFC 3339); one that has not started yet counts as now, later than all."""
    return (pod.pod.get("status") or {}).get("startTime") or "9999"


def violating(pods: Sequence[PodInfo], budgets: Sequence[Obj]) -> frozenset[str]:
    """Rule P5: the keys of the Pods whose going is against a budget."""
    left = [(each.get("status") or {}).get("disruptionsAllowed", 0) for each in budgets]
    found = []
    for pod in pods:
        over = False
        for number, budget in enumerate(budgets):
            if _protects(budget, pod):
                left[number] -= 1
                over = over or left[number] < 0
        if over:
            found.append(pod.key)
    return frozenset(found)


def _protects(budget: Obj, pod: PodInfo) -> bool:
    selector = (budget.get("spec") or {}).get("selector") or {}
    if budget["metadata"].get("namespace", "") != pod.namespace or not pod.labels or not any(selector.values()):
        return False
    return labels.matches(selector, pod.labels) and pod.name not in ((budget.get("status") or {}).get("disruptedPods") or {})


def by_preemption(pod: Obj) -> bool:
    """Whether a Pod is ending because it was preempted."""
    if "deletionTimestamp" not in pod["metadata"]:
        return False
    conditions = (pod.get("status") or {}).get("conditions") or ()
    return any(each["type"] == "DisruptionTarget" and each["status"] == "True" and each.get("reason") == REASON for each in conditions)


def best(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Rule P6: all candidates that none beats, in the order given."""
    lowest = min(map(_cost, candidates))
    equal = [each for each in candidates if _cost(each) == lowest]
    latest = max(map(_earliest, equal))
    return [each for each in equal if _earliest(each) == latest]


def _cost(candidate: Candidate) -> tuple[int, int, int, int]:
    priorities = [each.priority for each in candidate.victims]
    return candidate.violations, max(priorities, default=-OFFSET), sum(each + OFFSET for each in priorities), len(priorities)


def lost_by(candidate: Candidate, chosen: Candidate) -> str:
    """What decided against a candidate: budgets, highest, sum, fewest, start, or drawn among equals; "" for the chosen one."""
    if candidate is chosen:
        return ""
    pairs = zip(("budgets", "highest", "sum", "fewest"), _cost(candidate), _cost(chosen), strict=True)
    worse = next((name for name, other, own in pairs if other > own), "")
    return worse or ("start" if _earliest(candidate) < _earliest(chosen) else "drawn")


def _earliest(candidate: Candidate) -> str:
    highest = max((each.priority for each in candidate.victims), default=0)
    return min((started(each) for each in candidate.victims if each.priority == highest), default="9999")
