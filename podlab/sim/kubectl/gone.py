"""Waiting until objects are gone, one after another.

Upstream: staging/src/k8s.io/kubectl/pkg/cmd/wait/delete.go (IsDeleted). Left out: nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec import Struct

from podlab.sim.kubectl.command import Step
from podlab.sim.kubectl.discovery import resource_for
from podlab.sim.kubectl.errors import Failure
from podlab.sim.kubectl.invocation import Invocation
from podlab.sim.linux.types import Wait, Wake, Watch


class Target(Struct):
    """An object that is to go; another one of its name (other `uid`) does not count."""

    plural: str
    namespace: str
    name: str
    uid: str


def wait(inv: Invocation, targets: list[Target], timeout_ms: int) -> Wait | None:
    """Wait for all of them (0: for ever); Failure when time is up; the command has the `steps()`."""
    inv.memory["gone"] = [[each.plural, each.namespace, each.name, each.uid] for each in targets]
    inv.memory["deadline"] = inv.world.now + timeout_ms if timeout_ms > 0 else None
    return _next(inv)


def _next(inv: Invocation) -> Wait | None:
    rest: list[list[Any]] = inv.memory["gone"]
    while rest:
        plural, namespace, name, uid = rest[0]
        resource = resource_for(plural)
        obj = inv.client.find(resource, namespace, name)
        if obj is None or (uid and obj["metadata"]["uid"] != uid):
            rest.pop(0)
            continue
        deadline = inv.memory["deadline"]
        if deadline is not None and inv.world.now >= deadline:
            raise Failure(f"timed out waiting for the condition on {plural}/{name}")
        left = None if deadline is None else deadline - inv.world.now
        return inv.then("gone", Watch(plural, namespace, name, left))
    return None


def steps(after: Callable[[Invocation], Wait | None] | None = None) -> dict[str, Step]:
    """The steps that a command needs for `wait`; `after`: what it does when all are gone."""

    def resume(inv: Invocation, wake: Wake) -> Wait | None:
        return _next(inv) or (after(inv) if after is not None else None)

    return {"gone": resume}
