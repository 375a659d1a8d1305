"""The gRPC probe: asks the standard health service.

Upstream: pkg/probe/grpc/grpc.go. Left out: TLS (upstream has none).
"""

from __future__ import annotations

from podlab.sim.kubelet.probes.verdict import Verdict


def judge(address: str, port: int, seconds: int, error: str, status: str, ms: int) -> Verdict:
    """PR-13. `error`: of the connection; `status`: SERVING, NOT_SERVING, … or "" when nothing there speaks this protocol."""
    if error:
        return Verdict("Failure", f'timeout: failed to connect service "{address}:{port}" within {seconds}s: context deadline exceeded', 1000 * seconds)
    if status == "SERVING":
        return Verdict("Success", "service healthy", ms)
    if not status:
        return Verdict("Failure", "error: this server does not implement the grpc health protocol (grpc.health.v1.Health): ", ms)
    return Verdict("Failure", f'service unhealthy (responded with "{status}")', ms)
