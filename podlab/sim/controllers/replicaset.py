"""ReplicaSet: as many active Pods as wanted.

Upstream: pkg/controller/replicaset. Left out: expectations (what was written is seen at once here).
"""

from __future__ import annotations

from collections.abc import Callable

from podlab.sim.api import labels
from podlab.sim.changes import Obj, ObjectChange
from podlab.sim.controllers.base import Controller, ControllersState, controller_of, key_of, owners, reference_to, split, with_meta
from podlab.sim.controllers.pods import available_at, is_active, is_available, is_ready, is_terminating, status_of, to_delete
from podlab.sim.errors import StatusError
from podlab.sim.world import World

BURST = 500
TERMINATING = "NamespaceTerminating"


class ReplicaSet(Controller):
    """Rules X1–X4."""

    name = "replicaset"
    resource = "replicasets"
    kind = "ReplicaSet"
    api_version = "apps/v1"
    counts_terminating = True

    def __init__(self, world: World, state: ControllersState) -> None:
        super().__init__(world, state)
        world.subscribe(self.resource, lambda change: self.enqueue(key_of(change.new)))
        world.subscribe("pods", self._on_pod)

    def _on_pod(self, change: ObjectChange) -> None:
        keys = list(owners(change, self.kind))
        for key in keys:
            self.enqueue(key)
        if not keys and change.type != "DELETED" and not is_terminating(change.new):
            for each in self.api.list(self.resource, change.namespace):
                if labels.matches(self.selector(each), change.new["metadata"].get("labels") or {}):
                    self.enqueue(key_of(each))

    def selector(self, owner: Obj) -> Obj:
        """The LabelSelector of the Pods that it looks after."""
        found: Obj = owner["spec"]["selector"]
        return found

    def sync(self, key: str) -> None:
        """Adopt and release, create or delete, count."""
        namespace, name = split(key)
        owner = self.api.find(self.resource, name, namespace)
        if owner is None:
            return
        pods = self.claim(owner)
        active = [each for each in pods if is_active(each)]
        failure: tuple[str, StatusError] | None = None
        if not is_terminating(owner):
            failure = self._manage(owner, active)
        self._write_status(owner, active, sum(map(is_terminating, pods)), failure)
        self._look_again(owner, active)
        if failure is not None:
            raise failure[1]

    def claim(self, owner: Obj) -> list[Obj]:
        """The Pods that are its own: matching orphans are adopted, those that match no more released."""
        held = []
        for pod in self.api.list("pods", owner["metadata"]["namespace"]):
            reference = controller_of(pod)
            matching = labels.matches(self.selector(owner), pod["metadata"].get("labels") or {})
            mine = reference is not None and reference["uid"] == owner["metadata"]["uid"]
            if mine and (matching or is_terminating(owner)):
                held.append(pod)
            elif mine and not is_terminating(pod):
                self._release(owner, pod)
            elif reference is None and matching and is_active(pod) and not is_terminating(owner):
                held.append(self._adopt(owner, pod))
        return held

    def _release(self, owner: Obj, pod: Obj) -> None:
        rest = [each for each in pod["metadata"]["ownerReferences"] if each["uid"] != owner["metadata"]["uid"]]
        self.api.update(
            "pods", with_meta(pod, ownerReferences=rest or None), by=self.by, cause=self.cause("X4", owner=owner["metadata"]["name"])
        )

    def _adopt(self, owner: Obj, pod: Obj) -> Obj:
        references = [*(pod["metadata"].get("ownerReferences") or ()), reference_to(owner, self.kind, self.api_version)]
        return self.api.update(
            "pods", with_meta(pod, ownerReferences=references), by=self.by, cause=self.cause("X4", owner=owner["metadata"]["name"])
        )

    def _manage(self, owner: Obj, active: list[Obj]) -> tuple[str, StatusError] | None:
        """Rule X2: bring the number right; what failed, if something did."""
        missing = owner["spec"].get("replicas", 1) - len(active)
        try:
            if missing > 0:
                slow_start(min(missing, BURST), lambda: self._create(owner, missing))
            elif missing < 0:
                self._delete(owner, active, min(-missing, BURST))
        except StatusError as error:
            if any(each.get("reason") == TERMINATING for each in (error.details or {}).get("causes") or ()):
                return None
            return ("FailedCreate" if missing > 0 else "FailedDelete"), error
        return None

    def _create(self, owner: Obj, missing: int) -> None:
        template, meta = owner["spec"]["template"], owner["metadata"]
        pod_meta: Obj = {"generateName": f"{meta['name']}-", "namespace": meta["namespace"]}
        pod_meta |= {
            key: template.get("metadata", {})[key]
            for key in ("labels", "annotations", "finalizers")
            if template.get("metadata", {}).get(key)
        }
        pod_meta["ownerReferences"] = [reference_to(owner, self.kind, self.api_version)]
        pod: Obj = {"apiVersion": "v1", "kind": "Pod", "metadata": pod_meta, "spec": template["spec"]}
        cause = self.cause("X2", owner=meta["name"], wanted=owner["spec"].get("replicas", 1), missing=missing)
        try:
            made = self.api.create("pods", pod, by=self.by, cause=cause)
        except StatusError as error:
            self.recorder.event(owner, "Warning", "FailedCreate", f"Error creating: {error.message}", cause=cause)
            raise
        self.recorder.event(owner, "Normal", "SuccessfulCreate", f"Created pod: {made['metadata']['name']}", cause=cause)

    def _delete(self, owner: Obj, active: list[Obj], count: int) -> None:
        now = self.world.state.zero_ms + self.world.now
        for pod in to_delete(active, self._related(owner), count, now):
            meta = pod["metadata"]
            cause = self.cause("X1", owner=owner["metadata"]["name"], count=count)
            self.api.delete("pods", meta["name"], meta["namespace"], by=self.by, cause=cause)
            self.recorder.event(owner, "Normal", "SuccessfulDelete", f"Deleted pod: {meta['name']}", cause=cause)

    def _related(self, owner: Obj) -> list[Obj]:
        """The Pods of all ReplicaSets of the same Deployment."""
        reference = controller_of(owner)
        siblings = [owner]
        if reference is not None:
            every = self.api.list(self.resource, owner["metadata"]["namespace"])
            siblings = [each for each in every if (controller_of(each) or {}).get("uid") == reference["uid"]]
        return [pod for each in siblings for pod in self.own("pods", each)]

    def _write_status(self, owner: Obj, active: list[Obj], terminating: int, failure: tuple[str, StatusError] | None) -> None:
        """What was there before this look; zeros are left out."""
        now = self.world.state.zero_ms + self.world.now
        wanted, min_ready = (
            owner["spec"].get("template", {}).get("metadata", {}).get("labels") or {},
            owner["spec"].get("minReadySeconds", 0),
        )
        counts = {
            "fullyLabeledReplicas": sum(wanted.items() <= (each["metadata"].get("labels") or {}).items() for each in active),
            "readyReplicas": sum(map(is_ready, active)),
            "availableReplicas": sum(is_available(each, min_ready, now) for each in active),
        }
        status: Obj = {"replicas": len(active)} | {key: value for key, value in counts.items() if value}
        status |= {"terminatingReplicas": terminating} if self.counts_terminating else {}
        status["observedGeneration"] = owner["metadata"].get("generation", 1)
        conditions = self._conditions(owner, failure)
        status |= {"conditions": conditions} if conditions else {}
        if status != status_of(owner):
            cause = self.cause("X3", replicas=len(active), ready=counts["readyReplicas"])
            self.api.update(self.resource, {**owner, "status": status}, by=self.by, subresource="status", cause=cause)

    def _conditions(self, owner: Obj, failure: tuple[str, StatusError] | None) -> list[Obj]:
        held = [each for each in status_of(owner).get("conditions") or () if each["type"] != "ReplicaFailure"]
        if failure is None:
            return held
        old = next((each for each in status_of(owner).get("conditions") or () if each["type"] == "ReplicaFailure"), None)
        if old is not None:
            return [*held, old]
        made = {
            "type": "ReplicaFailure",
            "status": "True",
            "lastTransitionTime": self.world.stamp(),
            "reason": failure[0],
            "message": failure[1].message,
        }
        return [*held, made]

    def _look_again(self, owner: Obj, active: list[Obj]) -> None:
        """Rule X3: exactly when the next Pod becomes available."""
        min_ready = owner["spec"].get("minReadySeconds", 0)
        now = self.world.state.zero_ms + self.world.now
        later = [at for each in active if (at := available_at(each, min_ready)) is not None and at > now]
        if min_ready and later:
            self.enqueue(key_of(owner), min(later) - now)


def slow_start(count: int, call: Callable[[], None]) -> int:
    """Rule X2: call in batches of 1, 2, 4 …; after a batch with a failure stop and raise its first; returns the successes."""
    done, size = 0, 1
    while done < count:
        batch = min(size, count - done)
        failures: list[StatusError] = []
        for _ in range(batch):
            try:
                call()
            except StatusError as error:
                failures.append(error)
        done += batch - len(failures)
        if failures:
            raise failures[0]
        size *= 2
    return done
