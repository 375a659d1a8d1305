"""Disruption: what a PodDisruptionBudget allows now.

Upstream: pkg/controller/disruption/disruption.go. Left out: scale subresources of custom kinds; stale DisruptionTarget conditions.
"""

from __future__ import annotations

from collections.abc import Sequence

from podlab.sim.api import labels
from podlab.sim.changes import Obj, ObjectChange
from podlab.sim.controllers.base import Controller, ControllersState, controller_of, key_of, split
from podlab.sim.controllers.deployment.numbers import scaled
from podlab.sim.controllers.pods import condition_of, instant, is_finished, is_ready, is_terminating, status_of
from podlab.sim.world import World

FORGET_MS = 120_000
_SCALED = {"ReplicaSet": "replicasets", "StatefulSet": "statefulsets", "Deployment": "deployments"}


class UnknownScale(Exception):
    """A Pod's controller has no size to take a percentage of."""


class Disruption(Controller):
    """Rule D5."""

    name = "disruption"
    component = "controllermanager"

    def __init__(self, world: World, state: ControllersState) -> None:
        super().__init__(world, state)
        world.subscribe("poddisruptionbudgets", self._on_budget)
        world.subscribe("pods", self._on_pod)
        for resource in _SCALED.values():
            world.subscribe(resource, self._on_scaled)

    def _on_budget(self, change: ObjectChange) -> None:
        if change.type != "DELETED":
            self.enqueue(key_of(change.new))

    def _on_pod(self, change: ObjectChange) -> None:
        for budget in self.api.list("poddisruptionbudgets", change.namespace):
            if any(covers(budget, each) for each in (change.old, change.new) if each is not None):
                self.enqueue(key_of(budget))

    def _on_scaled(self, change: ObjectChange) -> None:
        if change.old is None or change.old["spec"].get("replicas") != change.new["spec"].get("replicas"):
            for budget in self.api.list("poddisruptionbudgets", change.namespace):
                self.enqueue(key_of(budget))

    def sync(self, key: str) -> None:
        """Count, and say how many Pods may be disrupted."""
        namespace, name = split(key)
        budget = self.api.find("poddisruptionbudgets", name, namespace)
        if budget is None:
            return
        pods = [each for each in self.api.list("pods", namespace) if covers(budget, each) and not is_finished(each)]
        if not pods:
            self.recorder.event(budget, "Normal", "NoPods", "No matching pods found")
        try:
            expected, desired = self._needed(budget, pods)
        except UnknownScale as error:
            self._failed(budget, str(error))
            return
        disrupted = self._disrupted(budget, pods)
        healthy = sum(is_ready(each) and not is_terminating(each) and each["metadata"]["name"] not in disrupted for each in pods)
        allowed = max(0, healthy - desired) if expected > 0 else 0
        counts = {"disruptionsAllowed": allowed, "currentHealthy": healthy, "desiredHealthy": desired, "expectedPods": expected}
        status: Obj = (
            counts | {"observedGeneration": budget["metadata"].get("generation", 1)} | ({"disruptedPods": disrupted} if disrupted else {})
        )
        reason = ("True", "SufficientPods") if allowed else ("False", "InsufficientPods")
        self._write(budget, status, *reason, "")

    def _needed(self, budget: Obj, pods: Sequence[Obj]) -> tuple[int, int]:
        """How many Pods there should be, and how many of them healthy."""
        spec = budget["spec"]
        if "maxUnavailable" in spec:
            expected = self._scale(pods)
            return expected, max(0, expected - scaled(spec["maxUnavailable"], expected, up=True))
        wanted = spec.get("minAvailable", 0)
        if isinstance(wanted, int):
            return len(pods), wanted
        expected = self._scale(pods)
        return expected, scaled(wanted, expected, up=True)

    def _scale(self, pods: Sequence[Obj]) -> int:
        """The sizes of the Pods' controllers, each once; Pods without one do not count."""
        sizes: dict[str, int] = {}
        for pod in pods:
            reference = controller_of(pod)
            if reference is not None:
                owner = self._owner(reference, pod["metadata"]["namespace"])
                above = controller_of(owner)
                if above is not None and above["kind"] == "Deployment":
                    owner = self._owner(above, pod["metadata"]["namespace"])
                sizes[owner["metadata"]["uid"]] = int(owner["spec"].get("replicas", 1))
        return sum(sizes.values())

    def _owner(self, reference: Obj, namespace: str) -> Obj:
        resource = _SCALED.get(reference["kind"])
        if resource is None:
            group = reference["apiVersion"].rpartition("/")[0]
            raise UnknownScale(f"{reference['kind'].lower()}s.{group} does not implement the scale subresource")
        found = self.api.find(resource, reference["name"], namespace)
        if found is None:
            raise UnknownScale(f"found no controllers for pod's owner {reference['kind']} {reference['name']}")
        return found

    def _disrupted(self, budget: Obj, pods: Sequence[Obj]) -> dict[str, str]:
        """Pods that were evicted, but are not marked for deletion yet; forgotten after two minutes."""
        held: dict[str, str] = status_of(budget).get("disruptedPods") or {}
        living = {each["metadata"]["name"] for each in pods if not is_terminating(each)}
        now = self.world.state.zero_ms + self.world.now
        kept = {name: since for name, since in held.items() if name in living and instant(since) + FORGET_MS > now}
        if kept:
            self.enqueue(key_of(budget), min(instant(each) for each in kept.values()) + FORGET_MS - now)
        return kept

    def _failed(self, budget: Obj, message: str) -> None:
        self.recorder.event(
            budget, "Warning", "CalculateExpectedPodCountFailed", f"Failed to calculate the number of expected pods: {message}"
        )
        status = {**status_of(budget), "disruptionsAllowed": 0}
        self._write(budget, status, "False", "SyncFailed", message)

    def _write(self, budget: Obj, status: Obj, value: str, reason: str, message: str) -> None:
        old = condition_of(budget, "DisruptionAllowed")
        since = old["lastTransitionTime"] if old is not None and old["status"] == value else self.world.stamp()
        made = {"type": "DisruptionAllowed", "status": value, "observedGeneration": budget["metadata"].get("generation", 1)}
        made |= {"lastTransitionTime": since, "reason": reason, "message": message}
        status = {**status, "conditions": [made]}
        if status != status_of(budget):
            cause = self.cause(
                "D5", budget=budget["metadata"]["name"], healthy=status.get("currentHealthy", 0), desired=status.get("desiredHealthy", 0)
            )
            self.api.update("poddisruptionbudgets", {**budget, "status": status}, by=self.by, subresource="status", cause=cause)


def covers(budget: Obj, pod: Obj) -> bool:
    """Whether the budget's selector means the Pod."""
    return labels.matches(budget["spec"].get("selector"), pod["metadata"].get("labels") or {})
