"""Waiting until there is a Pod behind a workload or a Service.

Upstream: staging/src/k8s.io/kubectl/pkg/polymorphichelpers/helpers.go (GetFirstPod). Left out: nothing.
"""

from __future__ import annotations

from collections.abc import Callable

from podlab.sim.changes import Obj
from podlab.sim.kubectl.command import Step
from podlab.sim.kubectl.discovery import resource_for
from podlab.sim.kubectl.errors import Failure
from podlab.sim.kubectl.invocation import Invocation
from podlab.sim.kubectl.podfinder import pods_of
from podlab.sim.linux.types import Wait, Wake, Watch

Then = Callable[[Invocation, Obj], Wait | None]


def find(inv: Invocation, target: str, what: str, then: Then, *, tell: bool = False) -> Wait | None:
    """Go on with the Pod that `TYPE/NAME` or a lone Pod's name means, waiting for it as long as `--pod-running-timeout` says."""
    kind, _, name = target.rpartition("/")
    resource = resource_for(kind or "pods")
    obj = inv.client.get(resource, inv.namespace, name)
    if resource.plural == "pods":
        return then(inv, obj)
    pods = pods_of(inv, obj, what)
    if pods:
        if tell and len(pods) > 1:
            inv.err(f"Found {len(pods)} pods, using pod/{pods[0]['metadata']['name']}\n")
        return then(inv, pods[0])
    timeout = inv.flags["pod-running-timeout"]
    until = inv.memory.setdefault("pod-until", inv.world.now + timeout)
    if inv.world.now >= until:
        raise Failure("timed out waiting for the condition")
    return inv.then("pod", Watch("pods", inv.namespace, "", until - inv.world.now))


def step(again: Callable[[Invocation], Wait | None]) -> Step:
    """The step `pod`: look again."""

    def resume(inv: Invocation, wake: Wake) -> Wait | None:
        return again(inv)

    return resume
