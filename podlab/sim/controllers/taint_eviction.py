"""Taint eviction: NoExecute taints end the Pods that do not tolerate them, or not for long enough.

Upstream: pkg/controller/tainteviction. Left out: nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

from podlab.sim.changes import Obj, ObjectChange
from podlab.sim.controllers.base import Controller, ControllersState, key_of, split
from podlab.sim.scheduler.tolerations import tolerates
from podlab.sim.world import World

REASON = "DeletionByTaintManager"
MESSAGE = "Taint manager: deleting due to NoExecute taint"
FOREVER = -1
_SINCE = "taint-eviction "
_DONE = -(2**62)


class TaintEviction(Controller):
    """Rule N11. A key waits in the queue until its Pod is due."""

    name = "taint-eviction"

    def __init__(self, world: World, state: ControllersState) -> None:
        super().__init__(world, state)
        world.subscribe("pods", self._on_pod)
        world.subscribe("nodes", self._on_node)
        world.kernel.handle("controllers.taint-eviction.cancelled", self._cancelled)

    def _on_pod(self, change: ObjectChange) -> None:
        if change.type == "DELETED":
            self._cancel(key_of(change.new))
            return
        node = change.new["spec"].get("nodeName")
        found = self.api.find("nodes", node) if node else None
        if found is not None:
            self._judge(change.new, no_execute(found))

    def _on_node(self, change: ObjectChange) -> None:
        before = no_execute(change.old) if change.old is not None else []
        after = no_execute(change.new) if change.type != "DELETED" else []
        if before == after:
            return
        for pod in self.api.list("pods"):
            if pod["spec"].get("nodeName") == change.name:
                self._judge(pod, after)

    def _judge(self, pod: Obj, taints: Sequence[Obj]) -> None:
        key = key_of(pod)
        since = self.state.since.get(_SINCE + key)
        if not taints and since is None:
            return
        seconds = toleration_time(taints, pod["spec"].get("tolerations") or ())
        if seconds == FOREVER:
            self._cancel(key)
            return
        if since == _DONE or (since is not None and seconds and since < self.world.now):
            return
        if since is not None:
            self._cancel(key)
        self.state.since[_SINCE + key] = self.world.now if since is None or not seconds else since
        self.world.kernel.at(self.world.now + seconds * 1000, self._kind, key)

    def _cancel(self, key: str) -> None:
        """The Pod stays after all (or has gone); an Event says so, unless it was marked already."""
        if self.state.since.pop(_SINCE + key, _DONE) != _DONE:
            self.world.kernel.cancel(self._kind, key)
            self.world.kernel.after(0, "controllers.taint-eviction.cancelled", key)

    def _cancelled(self, key: str) -> None:
        self._tell(key, f"Cancelling deletion of Pod {key}")

    def sync(self, key: str) -> None:
        """Its time is up."""
        self.state.since[_SINCE + key] = _DONE
        namespace, name = split(key)
        pod = self.api.find("pods", name, namespace)
        if pod is None:
            return
        self._tell(key, f"Marking for deletion Pod {key}")
        cause = self.cause("N11", pod=key, node=pod["spec"].get("nodeName", ""))
        self.api.update("pods", marked(pod, self.world.stamp()), by=self.by, subresource="status", cause=cause)
        self.api.delete("pods", name, namespace, by=self.by, cause=cause)

    def _tell(self, key: str, message: str) -> None:
        namespace, name = split(key)
        pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, "namespace": namespace}}
        self.recorder.event(pod, "Normal", "TaintManagerEviction", message, cause=self.cause("N11", pod=key))


def no_execute(node: Obj) -> list[Obj]:
    """A node's NoExecute taints."""
    return [each for each in (node.get("spec") or {}).get("taints") or () if each["effect"] == "NoExecute"]


def toleration_time(taints: Sequence[Obj], tolerations: Sequence[Obj]) -> int:
    """For how many seconds the Pod may stay: 0 when a taint is not tolerated, `FOREVER`."""
    if not taints:
        return FOREVER
    used = []
    for taint in taints:
        matching = next((each for each in tolerations if tolerates(each, taint)), None)
        if matching is None:
            return 0
        used.append(matching)
    return shortest(used)


def shortest(tolerations: Sequence[Obj]) -> int:
    """The smallest tolerationSeconds (negative: 0); `FOREVER` when none is given; 0 without tolerations."""
    if not tolerations:
        return 0
    given = [max(0, each["tolerationSeconds"]) for each in tolerations if each.get("tolerationSeconds") is not None]
    return min(given, default=FOREVER)


def marked(pod: Obj, now: str) -> Obj:
    """The Pod with the condition that says why it is disrupted."""
    status = pod.get("status") or {}
    made = {
        "type": "DisruptionTarget",
        "status": "True",
        "lastProbeTime": None,
        "lastTransitionTime": now,
        "reason": REASON,
        "message": MESSAGE,
    }
    others = [each for each in status.get("conditions") or () if each["type"] != "DisruptionTarget"]
    return {**pod, "status": {**status, "conditions": [*others, made]}}
