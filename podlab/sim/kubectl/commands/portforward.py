"""kubectl port-forward: its refusals. Forwarding itself is not in the lab (use a Pod, a node or the Service).

Upstream: staging/src/k8s.io/kubectl/pkg/cmd/portforward/portforward.go. Left out: the forwarding.
"""

from __future__ import annotations

from podlab.sim.changes import Obj
from podlab.sim.kubectl import podwait
from podlab.sim.kubectl.command import Command
from podlab.sim.kubectl.errors import Failure
from podlab.sim.kubectl.invocation import Invocation
from podlab.sim.linux.types import Wait


def run(inv: Invocation) -> Wait | None:
    """Find the Pod."""
    if len(inv.args) < 2:
        raise inv.usage("TYPE/NAME and list of ports are required for port-forward")
    return podwait.find(inv, inv.args[0], "cannot attach to", _forward)


def _forward(inv: Invocation, pod: Obj) -> Wait | None:
    phase = (pod.get("status") or {}).get("phase")
    if phase != "Running":
        raise Failure(f"unable to forward port because pod is not running. Current status={phase}")
    raise Failure("not supported in this lab: forwarding ports")


COMMAND = Command(run, steps={"pod": podwait.step(run)})
