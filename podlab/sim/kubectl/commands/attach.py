"""kubectl attach.

Upstream: staging/src/k8s.io/kubectl/pkg/cmd/attach/attach.go. Left out: standard input of a container without a terminal, `--detach-keys`.
"""

from __future__ import annotations

from podlab.sim.changes import Obj
from podlab.sim.kubectl import attaching, podfinder, podwait
from podlab.sim.kubectl.command import Command
from podlab.sim.kubectl.commands.exec import host_of
from podlab.sim.kubectl.errors import Failure
from podlab.sim.kubectl.invocation import Invocation
from podlab.sim.linux.types import Wait

_WHAT = "cannot attach to"


def run(inv: Invocation) -> Wait | None:
    """Find the container and show what it writes from now on."""
    if not inv.args:
        raise Failure("at least 1 argument is required for attach")
    if len(inv.args) > 2:
        raise inv.usage("expected POD, TYPE/NAME, or TYPE NAME, (at most 2 arguments) saw " + f"{len(inv.args)}: [{' '.join(inv.args)}]")
    return podwait.find(inv, "/".join(inv.args), _WHAT, _attach)


def _attach(inv: Invocation, pod: Obj) -> Wait | None:
    phase = (pod.get("status") or {}).get("phase")
    if phase in ("Succeeded", "Failed"):
        raise Failure(f"cannot attach a container in a completed pod; current phase is {phase}")
    name = podfinder.container(inv, pod, inv.flags["container"], init=False, quiet=inv.flags["quiet"])
    if inv.flags["tty"] and not inv.flags["quiet"] and not podfinder.spec_of(pod, name).get("tty"):
        inv.err(f"error: Unable to use a TTY - container {name} did not allocate one\n")
    attaching.announce(inv)
    host_of(pod, name, verb="attach")
    return attaching.follow(inv, pod, name)


def _ended(inv: Invocation) -> None:
    return None


COMMAND = Command(run, steps={"pod": podwait.step(run), **attaching.steps(_ended)})
