"""The framework: what a plugin is, what it answers, and what it is given.

Results are values: None is Success; a `Status` says why not. Exceptions are for bugs.

Upstream: staging/src/k8s.io/kube-scheduler/framework/interface.go, pkg/scheduler/framework. Left out: Reserve, Permit and PreBind (no default
plugin needs them here), gang scheduling.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import Any, NamedTuple

from msgspec import Struct, field

from podlab.sim.changes import Obj
from podlab.sim.scheduler.node_info import NodeInfo, PodInfo, Snapshot

MAX_SCORE = 100


class Code(StrEnum):
    """Rule C3."""

    SUCCESS = "Success"
    ERROR = "Error"
    UNSCHEDULABLE = "Unschedulable"
    UNRESOLVABLE = "UnschedulableAndUnresolvable"
    SKIP = "Skip"
    PENDING = "Pending"


class Status(NamedTuple):
    """Why a plugin does not say Success."""

    code: Code
    reasons: tuple[str, ...] = ()
    plugin: str = ""

    @property
    def message(self) -> str:
        """All reasons in one line."""
        return ", ".join(self.reasons)


SKIP = Status(Code.SKIP)


class Event(NamedTuple):
    """What happened in the cluster: `resource` Node, AssignedPod, UnschedulablePod, PersistentVolumeClaim …; `action` Add, Delete, Update…"""

    resource: str
    action: str


Hint = Callable[[PodInfo, Obj | None, Obj | None], bool]
"""(waiting Pod, old, new) → whether a retry may help."""


class Config(Struct):
    """The scheduler's configuration, as far as plugins have arguments."""

    hard_pod_affinity_weight: int = 1
    percentage_of_nodes: int = 0
    added_affinity: dict[str, Any] = field(default_factory=dict)
    ignored_resources: frozenset[str] = frozenset()
    ignored_groups: frozenset[str] = frozenset()
    strategy: str = "LeastAllocated"
    resources: tuple[tuple[str, int], ...] = (("cpu", 1), ("memory", 1))
    shape: tuple[tuple[int, int], ...] = ((0, 0), (100, 10))
    system_spread: bool = True


class Handle:
    """What a plugin may look at: the snapshot of this cycle, the other objects (`lister(resource, namespace)`), its arguments."""

    def __init__(self, snapshot: Snapshot, lister: Callable[[str, str], Iterable[Obj]], config: Config | None = None) -> None:
        self.snapshot = snapshot
        self.lister = lister
        self.config = config or Config()

    def find(self, resource: str, namespace: str, name: str) -> Obj | None:
        """One object by name."""
        return next((each for each in self.lister(resource, namespace) if each["metadata"]["name"] == name), None)


CycleState = dict[str, Any]
"""Plugin name → what it keeps from PreFilter (`Name`) and PreScore (`Name/score`)."""


class Plugin:
    """One plugin, one file. Extension points that a plugin does not override are not called."""

    name = ""
    weight = 0
    events: tuple[tuple[Event, str], ...] = ()
    """What may make a Pod that it rejected fit: event → name of the hint method ("": always)."""

    def __init__(self, handle: Handle) -> None:
        self.handle = handle

    def pre_enqueue(self, pod: Obj) -> Status | None:
        """Whether the Pod may wait in the active queue at all."""

    def pre_filter(self, state: CycleState, pod: PodInfo) -> tuple[Status | None, frozenset[str] | None]:
        """Once a cycle: prepare, skip, reject for all nodes, or narrow the nodes to be tried."""
        raise NotImplementedError

    def add_pod(self, state: CycleState, pod: PodInfo, other: PodInfo, node: NodeInfo, sign: int) -> None:
        """Bring the prepared state up to date: `other` joins (sign 1) or leaves (−1) the node, for a what-if."""
        raise NotImplementedError

    def filter(self, state: CycleState, pod: PodInfo, node: NodeInfo) -> Status | None:
        """Whether the Pod could run on the node."""
        raise NotImplementedError

    def pre_score(self, state: CycleState, pod: PodInfo, nodes: list[NodeInfo]) -> Status | None:
        """Once before scoring the nodes that passed."""
        raise NotImplementedError

    def score(self, state: CycleState, pod: PodInfo, node: NodeInfo) -> int:
        """How good the node is, raw."""
        raise NotImplementedError

    def normalise(self, state: CycleState, pod: PodInfo, nodes: list[NodeInfo], scores: list[int]) -> list[int]:
        """Raw scores brought to 0…100."""
        return scores


def overrides(plugin: Plugin, method: str) -> bool:
    """Whether a plugin has this extension point."""
    return getattr(type(plugin), method) is not getattr(Plugin, method)


def default_normalise(scores: list[int], *, reverse: bool = False) -> list[int]:
    """Rule S2."""
    highest = max(scores, default=0)
    if highest == 0:
        return [MAX_SCORE] * len(scores) if reverse else scores
    scaled = [MAX_SCORE * each // highest for each in scores]
    return [MAX_SCORE - each for each in scaled] if reverse else scaled
