"""Pod garbage collection: Pods of vanished nodes, of nodes out of service, never scheduled, or finished long ago.

Upstream: pkg/controller/podgc. Left out: nothing; it looks every 20 s, but only while there is something to look for.
"""

from __future__ import annotations

from collections.abc import Container, Sequence

from podlab.sim.changes import Obj, ObjectChange
from podlab.sim.controllers.base import Controller, ControllersState, key_of, split
from podlab.sim.controllers.pods import condition_of, is_finished, is_terminating, status_of
from podlab.sim.world import World

OUT_OF_SERVICE = "node.kubernetes.io/out-of-service"
GONE = ("DeletionByPodGC", "PodGC: node no longer exists")
MOST_FINISHED = 12_500
_QUARANTINE = "pod-gc node "


class PodGC(Controller):
    """Rule N12."""

    name = "pod-gc"

    def __init__(self, world: World, state: ControllersState) -> None:
        super().__init__(world, state)
        world.subscribe("pods", self._on_pod)
        world.subscribe("nodes", self._on_node)

    def _on_pod(self, change: ObjectChange) -> None:
        if change.type == "DELETED":
            return
        node = change.new["spec"].get("nodeName", "")
        if (
            is_terminating(change.new)
            or (node and self.api.find("nodes", node) is None)
            or (is_finished(change.new) and change.old is not None)
        ):
            self._look()

    def _on_node(self, change: ObjectChange) -> None:
        if change.type == "DELETED" or _is_out_of_service(change.new):
            self._look()

    def _look(self) -> None:
        every = self.world.timings["pod-gc.period"]
        self.enqueue("", (self.world.now // every + 1) * every - self.world.now)

    def sync(self, key: str) -> None:
        """One look; or the end of a Pod (`namespace/name|uid`) that one has marked."""
        if key:
            self._delete(*key.split("|"))
            return
        pods, nodes = self.api.list("pods"), {each["metadata"]["name"]: each for each in self.api.list("nodes")}
        for pod in surplus(pods, MOST_FINISHED):
            self._remove(pod, None)
        for pod in out_of_service(pods, nodes):
            self._remove(pod, None)
        self._orphans(pods, nodes)
        for pod in unscheduled(pods):
            self._remove(pod, None)

    def _orphans(self, pods: Sequence[Obj], nodes: Container[str]) -> None:
        """A node that is missing must stay so for 40 s."""
        now, since = self.world.now, self.state.since
        missing = {
            each["spec"]["nodeName"]: None for each in pods if each["spec"].get("nodeName") and each["spec"]["nodeName"] not in nodes
        }
        for key in [each for each in since if each.startswith(_QUARANTINE) and each.removeprefix(_QUARANTINE) not in missing]:
            del since[key]
        over = [node for node in missing if since.setdefault(_QUARANTINE + node, now) + self.world.timings["pod-gc.quarantine"] <= now]
        for pod in orphaned(pods, over):
            self._remove(pod, GONE)
        if len(over) < len(missing):
            self._look()

    def _remove(self, pod: Obj, disruption: tuple[str, str] | None) -> None:
        """Failed, unless it has ended already; then gone, without grace."""
        if not is_finished(pod):
            cause = self.cause("N12", pod=key_of(pod))
            self.api.update("pods", failed(pod, disruption, self.world.stamp()), by=self.by, subresource="status", cause=cause)
        self.enqueue(f"{key_of(pod)}|{pod['metadata']['uid']}", self.world.timings["pod-gc.delete"])

    def _delete(self, key: str, uid: str) -> None:
        namespace, name = split(key)
        pod = self.api.find("pods", name, namespace)
        if pod is not None and pod["metadata"]["uid"] == uid:
            self.api.delete("pods", name, namespace, by=self.by, cause=self.cause("N12", pod=key), grace=0)


def surplus(pods: Sequence[Obj], most: int) -> list[Obj]:
    """Finished Pods beyond the threshold: evicted ones first, then the oldest."""
    finished = [each for each in pods if is_finished(each)]
    finished.sort(
        key=lambda each: (
            status_of(each).get("reason") != "Evicted",
            each["metadata"].get("creationTimestamp") or "",
            each["metadata"]["name"],
        )
    )
    return finished[: max(0, len(finished) - most)]


def orphaned(pods: Sequence[Obj], nodes: Container[str]) -> list[Obj]:
    """The Pods of these vanished nodes."""
    return [each for each in pods if each["spec"].get("nodeName") and each["spec"]["nodeName"] in nodes]


def out_of_service(pods: Sequence[Obj], nodes: dict[str, Obj]) -> list[Obj]:
    """Terminating Pods of nodes that are not ready and marked as out of service."""
    return [
        each for each in pods if is_terminating(each) and (node := nodes.get(each["spec"].get("nodeName", ""))) and _is_out_of_service(node)
    ]


def unscheduled(pods: Sequence[Obj]) -> list[Obj]:
    """Terminating Pods that no kubelet knows."""
    return [each for each in pods if is_terminating(each) and not each["spec"].get("nodeName")]


def failed(pod: Obj, disruption: tuple[str, str] | None, now: str) -> Obj:
    """The Pod as Failed, and why it was disrupted."""
    status = {**status_of(pod), "phase": "Failed"}
    if disruption is not None:
        made = {"type": "DisruptionTarget", "status": "True", "lastProbeTime": None, "lastTransitionTime": now}
        made |= {"reason": disruption[0], "message": disruption[1]}
        status["conditions"] = [*(each for each in status.get("conditions") or () if each["type"] != "DisruptionTarget"), made]
    return {**pod, "status": status}


def _is_out_of_service(node: Obj) -> bool:
    ready = condition_of(node, "Ready")
    tainted = any(each["key"] == OUT_OF_SERVICE for each in (node.get("spec") or {}).get("taints") or ())
    return tainted and (ready is None or ready["status"] != "True")
