"""The TCP probe: can a connection be opened?

Upstream: pkg/probe/tcp/tcp.go. Left out: nothing.
"""

from __future__ import annotations

from podlab.sim.kubelet.probes.http import dial
from podlab.sim.kubelet.probes.verdict import Verdict


def judge(address: str, port: int, error: str, ms: int) -> Verdict:
    """PR-11; `error` "" when it was opened."""
    return Verdict("Failure", dial(address, port, error), ms) if error else Verdict("Success", "", ms)
