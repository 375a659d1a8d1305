"""The gRPC probe: asks the standard health service.

Upstream: pkg/probe/grpc/grpc.go. Left out: TLS (upstream has none).
"""

from __future__ import annotations

from podlab.sim.kubelet.probes.verdict import Verdict


def judge(address: str, port: int, seconds: int, error: str, status: str, ms: int, code: str = "", message: str = "") -> Verdict:
    """PR-13. `error`: of the connection; `code`, `message`: of the call, when it failed; `status`: SERVING, NOT_SERVING, …"""
    if error:
        return Verdict(
            "Failure", f'timeout: failed to connect service "{address}:{port}" within {seconds}s: context deadline exceeded', 1000 * seconds
        )
    if code == "Unimplemented":
        return Verdict("Failure", f"error: this server does not implement the grpc health protocol (grpc.health.v1.Health): {message}", ms)
    if code == "DeadlineExceeded":
        return Verdict("Failure", f"timeout: health rpc did not complete within {seconds}s", 1000 * seconds)
    if code:
        return Verdict("Failure", f"error: health rpc probe failed: {message}", ms)
    if status == "SERVING":
        return Verdict("Success", "service healthy", ms)
    return Verdict("Failure", f'service unhealthy (responded with "{status}")', ms)
