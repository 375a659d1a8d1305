"""Attaching to a container: what it writes appears here, what is typed reaches it.

A container with a terminal of its own (`tty`) gets this one as long as its first process lives; of any other the log is followed.

Upstream: staging/src/k8s.io/kubectl/pkg/cmd/attach/attach.go, run.go (waitForPod). Left out: detach keys; input without a terminal.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

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


def start(inv: Invocation, pod: str, container: str = "") -> Wait:
    """Wait until the container (by default the first) runs or is over, then show its output from the start."""
    inv.memory["attach"] = {"pod": pod, "container": container, "seen": 0, "said": False}
    return inv.then("attach", Watch("pods", inv.namespace, pod, 60_000))


def follow(inv: Invocation, pod: Obj, name: str) -> Wait:
    """Show the output of a running container from now on."""
    number = containerlog.instance(pod, name, False) or 0
    seen = len(containerlog.lines(inv.ctx, pod, name, number))
    inv.memory["attach"] = {"pod": pod["metadata"]["name"], "container": name, "seen": seen, "said": True}
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
    console = _console(inv, pod, name, status)
    if console is not None:
        return console or after(inv)
    lines = containerlog.lines(inv.ctx, pod, name, int(status.get("restartCount") or 0))
    inv.out("".join(text for _, text in lines[held["seen"] :]))
    held["seen"] = len(lines)
    if state.get("terminated") is not None:
        return after(inv)
    return inv.then("attach", Sleep(POLL_MS))


def _console(inv: Invocation, pod: Obj, name: str, status: Obj) -> Wait | Literal[False] | None:
    """Give this terminal to the container's console: how to go on, False when the session is over, None where there is none (any more)."""
    held, consoles = inv.memory["attach"], inv.ctx.linux.consoles
    key = held.get("console") or f"{pod['metadata']['uid']}/{name}/{int(status.get('restartCount') or 0)}"
    if consoles.has(key) and (held.get("console") or _typed(inv)):
        if not held.get("console"):
            lines = containerlog.lines(inv.ctx, pod, name, int(status.get("restartCount") or 0))
            inv.out("".join(text for _, text in lines[held["seen"] :]))
            held["console"] = key
            consoles.attach(key, inv.ctx.terminal)
        return inv.then("attach", Sleep(POLL_MS))
    if not held.get("console"):
        return None
    consoles.detach(key, inv.ctx.process.group)
    held |= {"console": "", "seen": len(containerlog.lines(inv.ctx, pod, name, int(key.rpartition("/")[2])))}
    if pod["spec"].get("restartPolicy") != "Always":
        return None
    if not inv.flags.get("quiet"):
        inv.out(_ended_words(pod, name))
    return False


def _typed(inv: Invocation) -> bool:
    return bool(inv.flags["stdin"] and inv.flags["tty"] and inv.ctx.is_tty(0))


def _ended_words(pod: Obj, name: str) -> str:
    again = f"'kubectl attach {pod['metadata']['name']} -c {name} -i -t'"
    if any(each["name"] == name for each in pod["spec"].get("ephemeralContainers") or []):
        return f"Session ended, the ephemeral container will not be restarted but may be reattached using {again} if it is still running\n"
    return f"Session ended, resume using {again} command when the pod is running\n"


def steps(after: Callable[[Invocation], Wait | None]) -> dict[str, Step]:
    """The step `attach`; `after`: what follows when the container has ended."""

    def resume(inv: Invocation, wake: Wake) -> Wait | None:
        return _go_on(inv, after)

    return {"attach": resume}
