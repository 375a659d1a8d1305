"""A DaemonSet's rolling update: old Pods go first (maxUnavailable), or new ones come first (maxSurge).

Upstream: pkg/controller/daemon/update.go. Left out: nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct, field

from podlab.sim.changes import Obj
from podlab.sim.controllers.daemonset.nodes import Rule, Step
from podlab.sim.controllers.deployment.numbers import scaled
from podlab.sim.controllers.pods import is_terminating


def is_rolling(owner: Obj) -> bool:
    """Whether it replaces its Pods by itself."""
    return bool(owner["spec"]["updateStrategy"].get("type") == "RollingUpdate")


def surge_of(owner: Obj, desired: int) -> int:
    """How many nodes may have a new Pod beside their old one."""
    rolling = owner["spec"]["updateStrategy"].get("rollingUpdate") or {}
    return scaled(rolling.get("maxSurge"), desired, up=True) if is_rolling(owner) else 0


def unavailable_of(owner: Obj, desired: int) -> int:
    """How many nodes may be without a Pod that is available."""
    most = scaled((owner["spec"]["updateStrategy"].get("rollingUpdate") or {}).get("maxUnavailable"), desired, up=True)
    return most or int(surge_of(owner, desired) == 0)


def updated_pods(pods: Sequence[Obj], rule: Rule) -> tuple[Obj | None, Obj | None] | None:
    """The new and the old Pod of a node; None: there are several of a kind."""
    living = [each for each in pods if not is_terminating(each)]
    new, old = [each for each in living if rule.updated(each)], [each for each in living if not rule.updated(each)]
    if len(new) > 1 or len(old) > 1:
        return None
    return (new[0] if new else None), (old[0] if old else None)


def without_surge(by_node: Mapping[str, Sequence[Obj]], most: int, rule: Rule) -> Step:
    """Rule X19: the old Pods that may go now, at most `most` missing at a time; new ones come in their place."""
    missing, at_once, candidates = 0, [], []
    for node in sorted(by_node):
        found = updated_pods(by_node[node], rule)
        new, old = found if found is not None else (None, None)
        if new is None and old is not None:
            if rule.available(old):
                candidates.append(old)
                continue
            at_once.append(old)
            missing += 1
        else:
            missing += new is None or old is not None or not rule.available(new)
    return Step(delete=at_once + candidates[: max(0, most - missing)])


class Surge(Struct):
    """What a look at all nodes finds: Pods to delete, or to delete when elsewhere enough are available; nodes for new Pods, at once or in turn."""

    delete: list[Obj] = field(default_factory=list)
    misplaced: list[Obj] = field(default_factory=list)
    at_once: list[str] = field(default_factory=list)
    candidates: list[str] = field(default_factory=list)
    surging: int = 0
    available: int = 0


def with_surge(by_node: Mapping[str, Sequence[Obj]], most: int, wanted: Sequence[str], rule: Rule) -> Step:
    """New Pods beside the old ones, on at most `most` nodes at a time; an old one goes when the new one is available."""
    found = Surge()
    for node in sorted(by_node):
        pair = updated_pods(by_node[node], rule)
        if pair is None:
            found.surging += 1
        else:
            _look(found, node, *pair, node in wanted, rule)
    spare = max(0, found.available - len(wanted))
    return Step(
        create=found.at_once + found.candidates[: max(0, most - found.surging)],
        delete=found.delete + found.misplaced[:spare],
    )


def _look(found: Surge, node: str, new: Obj | None, old: Obj | None, wanted: bool, rule: Rule) -> None:
    counted = old if old is not None else new
    found.available += counted is not None and rule.available(counted)
    if old is None:
        return
    available = rule.available(old)
    if new is not None:
        if available and not rule.available(new):
            found.surging += 1
        else:
            found.delete.append(old)
    elif wanted:
        (found.candidates if available else found.at_once).append(node)
    else:
        (found.misplaced if available else found.delete).append(old)
