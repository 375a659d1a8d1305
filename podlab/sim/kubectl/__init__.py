"""kubectl: the learner's tool, a program like any other.

Upstream: staging/src/k8s.io/kubectl. Left out: see `docs/left-out.md`.
"""

from __future__ import annotations

from podlab.sim.kubectl.complete import complete
from podlab.sim.kubectl.program import Kubectl
from podlab.sim.linux.types import Program

PROGRAMS: dict[str, Program] = {"kubectl": Kubectl()}
__all__ = ["PROGRAMS", "complete"]
