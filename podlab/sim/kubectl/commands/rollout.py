"""kubectl rollout status, restart, pause and resume.

Upstream: staging/src/k8s.io/kubectl/pkg/cmd/rollout. Left out: nothing.
"""

from __future__ import annotations

from podlab.sim.changes import Obj
from podlab.sim.kubectl.builder import Info
from podlab.sim.kubectl.command import Command, Run
from podlab.sim.kubectl.commands import rollout_history
from podlab.sim.kubectl.discovery import qualified, resource_for
from podlab.sim.kubectl.errors import Failure
from podlab.sim.kubectl.invocation import Invocation
from podlab.sim.kubectl.printed import say
from podlab.sim.kubectl.rollout_words import status as words
from podlab.sim.linux.types import Wait, Wake, Watch

RESTARTED = "kubectl.kubernetes.io/restartedAt"
_RESTARTABLE = ("Deployment", "DaemonSet", "StatefulSet")


def status(inv: Invocation) -> Wait | None:
    """Say how far a rollout is, until it is over."""
    infos = list(rollout_history.required(inv))
    if len(infos) != 1 and not inv.flags["selector"] and len(inv.args) != 1:
        raise Failure(
            f"rollout status is only supported on individual resources and resource collections - {len(infos)} resources were found"
        )
    inv.memory["targets"] = [[each.resource.plural, each.namespace, each.name] for each in infos]
    inv.memory["until"] = inv.world.now + inv.flags["timeout"] if inv.flags["timeout"] else None
    return _next(inv)


def _next(inv: Invocation) -> Wait | None:
    targets = inv.memory["targets"]
    while targets:
        plural, namespace, name = targets[0]
        obj = inv.client.find(resource_for(plural), namespace, name)
        if obj is None:
            raise Failure("object has been deleted")
        text, over = words(obj, inv.flags["revision"])
        inv.out(text)
        if not over and inv.flags["watch"]:
            return _wait(inv, plural, namespace, name)
        targets.pop(0)
    return None


def _wait(inv: Invocation, plural: str, namespace: str, name: str) -> Wait:
    until = inv.memory["until"]
    if until is not None and inv.world.now >= until:
        raise Failure("timed out waiting for the condition")
    return inv.then("changed", Watch(plural, namespace, name, None if until is None else until - inv.world.now))


def _changed(inv: Invocation, wake: Wake) -> Wait | None:
    return _next(inv)


def restart(inv: Invocation) -> None:
    """Change the template so that all Pods are replaced."""
    for info in rollout_history.required(inv):
        if info.resource.kind not in _RESTARTABLE:
            raise Failure(f'{qualified(info.resource)} "{info.name}" restarting is not supported')
        if info.obj["spec"].get("paused"):
            raise Failure(f'{qualified(info.resource)} "{info.name}" can\'t restart paused deployment (run rollout resume first)')
        held = ((info.obj["spec"]["template"].get("metadata") or {}).get("annotations") or {}).get(RESTARTED)
        if held == inv.world.stamp():
            raise Failure(
                f"failed to create patch for {info.name}: if restart has already been triggered within the past second, please wait before attempting to trigger another"
            )
        patch = {"spec": {"template": {"metadata": {"annotations": {RESTARTED: inv.world.stamp()}}}}}
        say(inv, info.resource, inv.client.patch(info.resource, info.namespace, info.name, patch), "restarted")


def _paused(value: bool) -> Run:
    verb, doing = ("paused", "pausing") if value else ("resumed", "resuming")

    def run(inv: Invocation) -> None:
        for info in rollout_history.required(inv):
            if info.resource.kind != "Deployment":
                raise Failure(f'{qualified(info.resource)} "{info.name}" {doing} is not supported')
            if bool(info.obj["spec"].get("paused")) is value:
                raise Failure(f'{qualified(info.resource)} "{info.name}" is {"already paused" if value else "not paused"}')
            say(inv, info.resource, _set(inv, info, value), verb)

    return run


def _set(inv: Invocation, info: Info, value: bool) -> Obj:
    return inv.client.patch(info.resource, info.namespace, info.name, {"spec": {"paused": value or None}})


COMMANDS = {
    "rollout status": Command(status, steps={"changed": _changed}),
    "rollout restart": Command(restart),
    "rollout pause": Command(_paused(True)),
    "rollout resume": Command(_paused(False)),
    **rollout_history.COMMANDS,
}
