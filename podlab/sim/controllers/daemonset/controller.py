"""DaemonSet: one Pod on every node that it fits.

Upstream: pkg/controller/daemon/daemon_controller.go; the nodes in `nodes`, rolling updates in `update`, Pods in `pods`. Left out: bursts.
"""

from __future__ import annotations

from collections.abc import Sequence

from podlab.sim.api import labels
from podlab.sim.changes import Obj, ObjectChange
from podlab.sim.controllers import revisions
from podlab.sim.controllers.base import Controller, ControllersState, controller_of, key_of, owners, reference_to, split, with_meta
from podlab.sim.controllers.daemonset.nodes import Rule, Step, by_age, on_node, should_run
from podlab.sim.controllers.daemonset.pods import pod_for, target_of
from podlab.sim.controllers.daemonset.update import is_rolling, surge_of, unavailable_of, with_surge, without_surge
from podlab.sim.controllers.pods import is_active, is_finished, is_ready, is_terminating, phase_of, status_of
from podlab.sim.controllers.replicaset import slow_start
from podlab.sim.errors import StatusError
from podlab.sim.world import World

BACKOFF_MS = 1_000
LONGEST_BACKOFF_MS = 900_000
_FAILED = "daemonset failed "


class DaemonSet(Controller):
    """Rules X18, X19."""

    name = "daemonset"

    def __init__(self, world: World, state: ControllersState) -> None:
        super().__init__(world, state)
        world.subscribe("daemonsets", lambda change: self.enqueue(key_of(change.new)))
        world.subscribe("pods", self._on_pod)
        world.subscribe("nodes", self._on_node)

    def _on_pod(self, change: ObjectChange) -> None:
        for key in owners(change, "DaemonSet"):
            self.enqueue(key)

    def _on_node(self, change: ObjectChange) -> None:
        old = change.old
        parts = ("labels", "taints", "unschedulable")
        if old is None or change.type == "DELETED" or any(_part(old, each) != _part(change.new, each) for each in parts):
            for each in self.api.list("daemonsets"):
                self.enqueue(key_of(each))

    def sync(self, key: str) -> None:
        """Pods where they are missing, none where they should not be, the old ones replaced."""
        namespace, name = split(key)
        owner = self.api.find("daemonsets", name, namespace)
        if owner is None or is_terminating(owner):
            return
        revision, every = revisions.current(self, owner, "DaemonSet")
        hashed = revisions.hash_of(revision)
        nodes = self.api.list("nodes")
        rule = Rule(hashed, owner["spec"].get("minReadySeconds", 0), self._now(), surge_of(owner, 1) > 0)
        failure = self._carry_out(owner, self._step(owner, nodes, rule), hashed)
        if failure is None and is_rolling(owner):
            failure = self._carry_out(owner, self._update(owner, nodes, rule), hashed)
        live = {each["metadata"]["labels"].get(revisions.LABEL, "") for each in self._pods(owner)}
        revisions.forget(self, owner, every, {*live, hashed})
        self._write(owner, nodes, rule)
        if failure is not None:
            raise failure

    def _now(self) -> int:
        return self.world.state.zero_ms + self.world.now

    def _pods(self, owner: Obj) -> list[Obj]:
        held = []
        for pod in self.api.list("pods", owner["metadata"]["namespace"]):
            reference, matching = controller_of(pod), labels.matches(owner["spec"]["selector"], pod["metadata"].get("labels") or {})
            if reference is not None and reference["uid"] == owner["metadata"]["uid"]:
                if matching or is_terminating(pod):
                    held.append(pod)
                else:
                    rest = [each for each in pod["metadata"]["ownerReferences"] if each["uid"] != owner["metadata"]["uid"]]
                    self.api.update(
                        "pods",
                        with_meta(pod, ownerReferences=rest or None),
                        by=self.by,
                        cause=self.cause("X4", owner=owner["metadata"]["name"]),
                    )
            elif reference is None and matching and is_active(pod):
                changed = with_meta(
                    pod, ownerReferences=[*(pod["metadata"].get("ownerReferences") or ()), reference_to(owner, "DaemonSet", "apps/v1")]
                )
                held.append(self.api.update("pods", changed, by=self.by, cause=self.cause("X4", owner=owner["metadata"]["name"])))
        return held

    def _by_node(self, owner: Obj) -> dict[str, list[Obj]]:
        """Node → its Pods; those that have ended and are about to go are no concern of anybody's."""
        found: dict[str, list[Obj]] = {}
        for pod in self._pods(owner):
            if not (is_finished(pod) and is_terminating(pod)):
                found.setdefault(target_of(pod), []).append(pod)
        return found

    def _step(self, owner: Obj, nodes: Sequence[Obj], rule: Rule) -> Step:
        by_node, step = self._by_node(owner), Step()
        for node in nodes:
            name = node["metadata"]["name"]
            on_node(step, name, by_node.pop(name, []), *should_run(owner["spec"]["template"], node), rule)
        lost = [each for pods in by_node.values() for each in pods if not each["spec"].get("nodeName") and not is_terminating(each)]
        step.delete += self._failed(owner, step.failed) + lost
        return step

    def _update(self, owner: Obj, nodes: Sequence[Obj], rule: Rule) -> Step:
        """Rule X19: the next step of a rolling update."""
        wanted = [each["metadata"]["name"] for each in nodes if should_run(owner["spec"]["template"], each)[0]]
        by_node: dict[str, list[Obj]] = {name: [] for name in wanted} | self._by_node(owner)
        surge = surge_of(owner, len(wanted))
        if surge:
            return with_surge(by_node, surge, wanted, rule)
        return without_surge(by_node, unavailable_of(owner, len(wanted)), rule)

    def _failed(self, owner: Obj, pods: Sequence[Obj]) -> list[Obj]:
        """Failed Pods go, but on one node ever more slowly; Succeeded ones at once."""
        gone = []
        for pod in pods:
            meta, node = pod["metadata"], target_of(pod)
            if phase_of(pod) == "Succeeded":
                text = f"Found succeeded daemon pod {meta['namespace']}/{meta['name']} on node {node}, will try to delete it"
                self.recorder.event(owner, "Normal", "SucceededDaemonPod", text)
                gone.append(pod)
            elif (wait := self._held_back(f"{key_of(owner)} {node}")) > 0:
                self.enqueue(key_of(owner), wait)
            else:
                text = f"Found failed daemon pod {meta['namespace']}/{meta['name']} on node {node}, will try to kill it"
                self.recorder.event(owner, "Warning", "FailedDaemonPod", text)
                gone.append(pod)
        return gone

    def _held_back(self, key: str) -> int:
        """What is left of the back-off; none left: the next one begins."""
        since, tries = self.state.since.get(_FAILED + key), self.state.retries.get(_FAILED + key, 0)
        length = min(BACKOFF_MS << max(0, min(tries - 1, 20)), LONGEST_BACKOFF_MS)
        if since is not None and self.world.now < since + length:
            return since + length - self.world.now
        fresh = since is None or self.world.now > since + 2 * LONGEST_BACKOFF_MS
        self.state.since[_FAILED + key], self.state.retries[_FAILED + key] = self.world.now, 1 if fresh else tries + 1
        return 0

    def _carry_out(self, owner: Obj, step: Step, hashed: str) -> StatusError | None:
        """Create, in batches that grow, then delete; what was refused, if something was."""
        failure, missing = None, iter(step.create)
        try:
            slow_start(len(step.create), lambda: self._create(owner, next(missing), hashed))
        except StatusError as error:
            failure = error
        for pod in step.delete:
            cause = self.cause("X19", owner=owner["metadata"]["name"], node=target_of(pod))
            self.api.delete("pods", pod["metadata"]["name"], pod["metadata"]["namespace"], by=self.by, cause=cause)
            self.recorder.event(owner, "Normal", "SuccessfulDelete", f"Deleted pod: {pod['metadata']['name']}", cause=cause)
        return failure

    def _create(self, owner: Obj, node: str, hashed: str) -> None:
        cause = self.cause("X18", owner=owner["metadata"]["name"], node=node)
        try:
            made = self.api.create("pods", pod_for(owner, node, hashed), by=self.by, cause=cause)
        except StatusError as error:
            self.recorder.event(owner, "Warning", "FailedCreate", f"Error creating: {error.message}", cause=cause)
            raise
        self.recorder.event(owner, "Normal", "SuccessfulCreate", f"Created pod: {made['metadata']['name']}", cause=cause)

    def _write(self, owner: Obj, nodes: Sequence[Obj], rule: Rule) -> None:
        by_node, counts = self._by_node(owner), dict.fromkeys(("current", "mis", "desired", "ready", "updated", "available"), 0)
        for node in nodes:
            pods = by_age(by_node.get(node["metadata"]["name"], []))
            if not should_run(owner["spec"]["template"], node)[0]:
                counts["mis"] += bool(pods)
                continue
            counts["desired"] += 1
            if pods:
                counts["current"] += 1
                counts["ready"] += is_ready(pods[0])
                counts["available"] += rule.available(pods[0])
                counts["updated"] += rule.updated(pods[0])
        status = _status(owner, counts)
        if status != status_of(owner):
            cause = self.cause("X18", owner=owner["metadata"]["name"], node="")
            self.api.update("daemonsets", {**owner, "status": status}, by=self.by, subresource="status", cause=cause)
        if rule.min_ready and counts["available"] < counts["ready"]:
            self.enqueue(key_of(owner), 1000)


def _part(node: Obj, name: str) -> object:
    return node["metadata"].get("labels") if name == "labels" else (node.get("spec") or {}).get(name)


def _status(owner: Obj, counts: dict[str, int]) -> Obj:
    status: Obj = {
        "currentNumberScheduled": counts["current"],
        "numberMisscheduled": counts["mis"],
        "desiredNumberScheduled": counts["desired"],
        "numberReady": counts["ready"],
        "observedGeneration": owner["metadata"].get("generation", 1),
    }
    more = {
        "updatedNumberScheduled": counts["updated"],
        "numberAvailable": counts["available"],
        "numberUnavailable": counts["desired"] - counts["available"],
    }
    return status | {key: value for key, value in more.items() if value}
