"""Which kernel namespaces the containers of a Pod share, and with whom.

Upstream: pkg/kubelet/kuberuntime/util (NamespacesForPod). Left out: nothing.
"""

from __future__ import annotations

from podlab.sim.changes import Obj


def for_pod(spec: Obj) -> dict[str, str]:
    """`pid`, `network`, `ipc`, `user` → CONTAINER, POD or NODE (CL-3). The file system is always the container's own."""
    pid = "NODE" if spec.get("hostPID") else "POD" if spec.get("shareProcessNamespace") else "CONTAINER"
    return {
        "pid": pid,
        "network": "NODE" if spec.get("hostNetwork") else "POD",
        "ipc": "NODE" if spec.get("hostIPC") else "POD",
        "user": "POD" if spec.get("hostUsers") is False else "NODE",
    }
