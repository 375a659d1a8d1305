"""The flags `started` and `ready` of a container's status.

Upstream: pkg/kubelet/prober/prober_manager.go (UpdatePodStatus). Left out: nothing.
"""

from __future__ import annotations

from typing import Literal

from podlab.sim.changes import Obj

Kind = Literal["container", "init", "sidecar"]


def is_started(kind: Kind, state: Obj, *, startup: str | None, has_startup: bool, previously: bool) -> bool:
    """CO-14. `startup`: the startup probe's result for this instance (None: none yet); `previously`: the status before said so."""
    if "running" not in state:
        return False
    if kind == "init":
        return True
    if startup is not None:
        return startup == "Success"
    return previously or not has_startup


def is_ready(kind: Kind, state: Obj, *, started: bool, readiness: str | None, has_readiness: bool) -> bool:
    """CO-14. `readiness`: the readiness probe's result for this instance (None: none yet)."""
    if kind == "init":
        return bool((state.get("terminated") or {"exitCode": 1}).get("exitCode", 0) == 0)
    if "running" not in state or not started:
        return False
    return readiness == "Success" if readiness is not None else not has_readiness
