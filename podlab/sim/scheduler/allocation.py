"""How full a node would be: the strategies of NodeResourcesFit.

Upstream: pkg/scheduler/framework/plugins/noderesources (least_allocated.go, most_allocated.go, requested_to_capacity_ratio.go, resource_allocation.go).
Left out: nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from podlab.sim.scheduler.framework import MAX_SCORE, Config
from podlab.sim.scheduler.node_info import NodeInfo, PodInfo
from podlab.sim.scheduler.requests import Amounts, is_extended

Scorer = Callable[[NodeInfo], int]
Shape = Sequence[tuple[int, int]]


def strategy(config: Config, pod: PodInfo) -> Scorer:
    """The scorer that the configuration asks for."""
    wanted = pod.requests | {"cpu": pod.nonzero_cpu, "memory": pod.nonzero_memory}
    if config.strategy == "RequestedToCapacityRatio":
        shape = [(utilisation, score * 10) for utilisation, score in config.shape]
        return lambda node: _ratio(used(config, wanted, node), shape)
    part = least if config.strategy == "LeastAllocated" else most
    return lambda node: _mean(used(config, wanted, node), part)


def used(config: Config, wanted: Amounts, node: NodeInfo) -> Iterator[tuple[int, int, int]]:
    """(allocatable, used including the Pod, weight) of each resource that the node has."""
    for name, weight in config.resources:
        own = wanted.get(name, 0)
        capacity = node.allocatable.get(name, 0)
        if not capacity or (own == 0 and is_extended(name)):
            continue
        yield capacity, booked(node, name) + own, weight


def booked(node: NodeInfo, name: str) -> int:
    """What scorers take as used: a container without a request counts something."""
    if name == "cpu":
        return node.nonzero_cpu
    return node.nonzero_memory if name == "memory" else node.requested.get(name, 0)


def least(capacity: int, taken: int) -> int:
    """The emptier, the better."""
    return 0 if taken > capacity else (capacity - taken) * MAX_SCORE // capacity


def most(capacity: int, taken: int) -> int:
    """The fuller, the better."""
    return min(taken, capacity) * MAX_SCORE // capacity


def _mean(parts: Iterator[tuple[int, int, int]], part: Callable[[int, int], int]) -> int:
    score = weights = 0
    for capacity, taken, weight in parts:
        score += part(capacity, taken) * weight
        weights += weight
    return score // weights if weights else 0


def _ratio(parts: Iterator[tuple[int, int, int]], shape: Shape) -> int:
    score = weights = 0
    for capacity, taken, weight in parts:
        own = at(shape, MAX_SCORE if taken > capacity else taken * MAX_SCORE // capacity)
        if own > 0:
            score += own * weight
            weights += weight
    return (2 * score + weights) // (2 * weights) if weights else 0


def at(shape: Shape, utilisation: int) -> int:
    """The value of a piecewise linear function, cut towards zero as Go does."""
    for number, (x, y) in enumerate(shape):
        if utilisation <= x:
            if number == 0:
                return y
            x0, y0 = shape[number - 1]
            return y0 + _divided((y - y0) * (utilisation - x0), x - x0)
    return shape[-1][1]


def _divided(value: int, by: int) -> int:
    return value // by if value >= 0 else -(-value // by)
