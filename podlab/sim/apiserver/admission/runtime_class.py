"""RuntimeClass: the lab's nodes have containerd's default runtime only, and no classes.

Upstream: plugin/pkg/admission/runtimeclass/admission.go. Left out: the classes themselves.
"""

from __future__ import annotations

from podlab.sim.apiserver import answers
from podlab.sim.changes import Obj


def admit(pod: Obj) -> None:
    """Refuse a class, for there is none."""
    name = pod["spec"].get("runtimeClassName", "")
    if name:
        raise answers.forbidden("pods", pod["metadata"].get("name", ""), f'pod rejected: RuntimeClass "{name}" not found')
