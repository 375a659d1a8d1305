"""kubectl alpha: there are none.

Upstream: staging/src/k8s.io/kubectl/pkg/cmd/alpha.go. Left out: nothing.
"""

from __future__ import annotations

from podlab.sim.kubectl.command import Command
from podlab.sim.kubectl.invocation import Invocation


def run(inv: Invocation) -> None:
    """Say so."""
    inv.err("No alpha commands are available in this version of kubectl\n")


COMMAND = Command(run)
