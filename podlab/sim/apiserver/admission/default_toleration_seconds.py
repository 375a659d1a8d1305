"""DefaultTolerationSeconds: a Pod stays for five minutes on a node that is not ready or not reachable.

Upstream: plugin/pkg/admission/defaulttolerationseconds/admission.go. Left out: nothing.
"""

from __future__ import annotations

from podlab.sim.changes import Obj

SECONDS = 300
KEYS = ("node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable")


def admit(pod: Obj) -> None:
    """Add the tolerations that the Pod has not said anything about (in place)."""
    held = pod["spec"].get("tolerations", [])
    added = [_toleration(key) for key in KEYS if not any(_covers(each, key) for each in held)]
    if added:
        pod["spec"]["tolerations"] = [*held, *added]


def admit_update(pod: Obj) -> None:
    """The same on update."""
    pod["spec"] = dict(pod["spec"])
    admit(pod)


def _covers(toleration: Obj, key: str) -> bool:
    return toleration.get("key", "") in (key, "") and toleration.get("effect", "") in ("NoExecute", "")


def _toleration(key: str) -> Obj:
    return {"key": key, "operator": "Exists", "effect": "NoExecute", "tolerationSeconds": SECONDS}
