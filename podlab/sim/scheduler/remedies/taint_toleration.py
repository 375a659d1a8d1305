"""A taint that the Pod does not tolerate is taken away; one that follows the node's state goes with that.

Upstream: none. Left out: nothing.
"""

from __future__ import annotations

from podlab.sim.scheduler import tolerations
from podlab.sim.scheduler.framework import Handle
from podlab.sim.scheduler.node_info import NodeInfo, PodInfo
from podlab.sim.scheduler.remedies.remedy import Remedy

HARD = ("NoSchedule", "NoExecute")


def of(_reason: str, pod: PodInfo, node: NodeInfo, _handle: Handle) -> Remedy | None:
    """The first taint that refuses; where there are several, the line takes them all."""
    left, lines = list(node.taints), []
    while (taint := tolerations.untolerated(left, pod.spec.get("tolerations"), HARD)) is not None:
        left.remove(taint)
        lines.append(_shown(taint))
    if not lines:
        return None
    own = [each for each in lines if not each.startswith("node.kubernetes.io/")]
    if len(own) < len(lines):
        return Remedy("state", {"taint": next(each for each in lines if each not in own)})
    return Remedy("taint", {"taint": ", ".join(lines)}, f"kubectl taint nodes {node.name} {' '.join(f'{each}-' for each in lines)}")


def _shown(taint: dict[str, str]) -> str:
    value = f"={taint['value']}" if taint.get("value") else ""
    return f"{taint['key']}{value}:{taint['effect']}"
