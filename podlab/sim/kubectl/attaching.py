"""Attaching to a container: what it writes appears here, what is typed reaches it.

Upstream: staging/src/k8s.io/kubectl/pkg/cmd/attach/attach.go, run.go (waitForPod). Left out: detach keys.
"""

from __future__ import annotations

from collections.abc import Callable

from podlab.sim.api.resources import RESOURCES
from podlab.sim.changes import Obj
from podlab.sim.kubectl import containerlog, podfinder
from podlab.sim.kubectl.command import Step
from podlab.sim.kubectl.invocation import Invocation
from podlab.sim.linux.types import Sleep, Wait, Wake, Watch

_RECORDED = "All commands and output from this session will be recorded in container logs, including credentials and sensitive information passed through the command prompt.\n"
_PROMPT = "If you don't see a command prompt, try pressing enter.\n"
POLL_MS = 100


def announce(inv: Invocation) -> None:
    """The two lines that precede every session."""
    if not inv.flags.get("quiet"):
        inv.err(_RECORDED + _PROMPT)


def start(inv: Invocation, pod: str, *, from_start: bool) -> Wait:
    """Wait until the Pod runs (or is over), then show its first container's output."""
    inv.memory["attach"] = {"pod": pod, "seen": 0, "from_start": from_start, "said": False}
    return inv.then("attach", Watch("pods", inv.namespace, pod, 60_000))


def follow(inv: Invocation, pod: Obj, name: str) -> Wait:
    """Show the output of a running container from now on."""
    number = containerlog.instance(pod, name, False) or 0
    seen = len(containerlog.lines(inv.ctx, pod, name, number))
    inv.memory["attach"] = {"pod": pod["metadata"]["name"], "container": name, "seen": seen, "from_start": False, "said": True}
    return inv.then("attach", Sleep(POLL_MS))


def _go_on(inv: Invocation, after: Callable[[Invocation], Wait | None]) -> Wait | None:
    held = inv.memory["attach"]
    pod = inv.client.find(RESOURCES["pods"], inv.namespace, held["pod"])
    if pod is None:
        return after(inv)
    name = held.get("container") or pod["spec"]["containers"][0]["name"]
    status = podfinder.status_of(pod, name) or {}
    state = status.get("state") or {}
    if state.get("running") is None and state.get("terminated") is None:
        return inv.then("attach", Watch("pods", inv.namespace, held["pod"]))
    if not held["said"]:
        announce(inv)
        held["said"] = True
    lines = containerlog.lines(inv.ctx, pod, name, int(status.get("restartCount") or 0))
    inv.out("".join(text for _, text in lines[held["seen"] :]))
    held["seen"] = len(lines)
    if state.get("terminated") is not None:
        return after(inv)
    return inv.then("attach", Sleep(POLL_MS))


def steps(after: Callable[[Invocation], Wait | None]) -> dict[str, Step]:
    """The step `attach`; `after`: what follows when the container has ended."""

    def resume(inv: Invocation, wake: Wake) -> Wait | None:
        return _go_on(inv, after)

    return {"attach": resume}
