"""On which nodes a DaemonSet's Pods belong, and what is to be done on each of them.

Upstream: pkg/controller/daemon/daemon_controller.go (NodeShouldRunDaemonPod, podsShouldBeOnNode). Left out: nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct, field

from podlab.sim.changes import Obj
from podlab.sim.controllers import revisions
from podlab.sim.controllers.daemonset.pods import own_tolerations
from podlab.sim.controllers.pods import is_available, is_ready, is_terminating, phase_of
from podlab.sim.scheduler.node_affinity import pod_matches
from podlab.sim.scheduler.tolerations import untolerated


class Step(Struct):
    """What one look asks for on the nodes: where a Pod is missing, and which Pods go."""

    create: list[str] = field(default_factory=list)
    delete: list[Obj] = field(default_factory=list)
    failed: list[Obj] = field(default_factory=list)


class Rule(Struct):
    """What is asked of every Pod: of which template (`hashed`), available for how long at `now` (ms since 1970), two on a node or one."""

    hashed: str = ""
    min_ready: int = 0
    now: int = 0
    surge: bool = False

    def available(self, pod: Obj) -> bool:
        """Ready for long enough."""
        return is_available(pod, self.min_ready, self.now)

    def updated(self, pod: Obj) -> bool:
        """Of the present template."""
        return bool((pod["metadata"].get("labels") or {}).get(revisions.LABEL) == self.hashed)


def should_run(template: Obj, node: Obj) -> tuple[bool, bool]:
    """Rule X18: whether a Pod is to be started on the node, and whether one may go on running there."""
    spec = template.get("spec") or {}
    if spec.get("nodeName", "") not in ("", node["metadata"]["name"]) or not pod_matches({"spec": spec}, node):
        return False, False
    taints = (node.get("spec") or {}).get("taints") or ()
    tolerations = [*(spec.get("tolerations") or ()), *own_tolerations(host_network=bool(spec.get("hostNetwork")))]
    if untolerated(taints, tolerations, ("NoSchedule", "NoExecute")) is None:
        return True, True
    return False, untolerated(taints, tolerations, ("NoExecute",)) is None


def by_age(pods: Iterable[Obj]) -> list[Obj]:
    """Those that have their node first, then the oldest."""
    return sorted(
        pods,
        key=lambda each: (
            not each["spec"].get("nodeName"),
            each["metadata"].get("creationTimestamp", ""),
            each["metadata"]["name"],
        ),
    )


def on_node(step: Step, node: str, pods: Sequence[Obj], run: bool, stay: bool, rule: Rule) -> None:
    """Rule X18: what is to be done on one node."""
    living = [each for each in pods if not is_terminating(each)]
    if run and not pods:
        step.create.append(node)
    elif not stay:
        step.delete += living
    else:
        step.failed += [each for each in living if phase_of(each) in ("Failed", "Succeeded")]
        running = by_age(each for each in living if phase_of(each) not in ("Failed", "Succeeded"))
        if not rule.surge:
            step.delete += running[1:]
        elif not running and run:
            step.create.append(node)
        elif len(running) > 1:
            step.delete += too_many(running, rule)


def too_many(running: Sequence[Obj], rule: Rule) -> list[Obj]:
    """With a surge two may stay, one old and one new, while the old one is ready and the new one is not yet available."""
    new = [each for each in running if rule.updated(each)]
    old = [each for each in running if not rule.updated(each)]
    gone = new[1:] + old[1:]
    if new and old and (not is_ready(old[0]) or rule.available(new[0])):
        gone.append(old[0])
    return gone
