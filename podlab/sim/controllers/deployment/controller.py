"""Deployment: one ReplicaSet a template, the new one growing while the old ones shrink.

Upstream: pkg/controller/deployment (deployment_controller.go, sync.go, rolling.go, recreate.go). Left out: the deprecated rollback annotation.
"""

from __future__ import annotations

from collections.abc import Mapping

from podlab.sim.api import labels
from podlab.sim.changes import Obj, ObjectChange
from podlab.sim.controllers.base import Controller, ControllersState, controller_of, key_of, owners, reference_to, split, with_meta
from podlab.sim.controllers.deployment import numbers, replicasets
from podlab.sim.controllers.deployment import status as statuses
from podlab.sim.controllers.deployment.sets import Sets
from podlab.sim.controllers.pods import condition_of, instant, is_finished, is_terminating, status_of
from podlab.sim.errors import StatusError
from podlab.sim.world import World


class Deployment(Controller):
    """Rules X5–X9, X25."""

    name = "deployment"

    def __init__(self, world: World, state: ControllersState) -> None:
        super().__init__(world, state)
        world.subscribe("deployments", lambda change: self.enqueue(key_of(change.new)))
        world.subscribe("replicasets", self._on_replicaset)
        world.subscribe("pods", self._on_pod)

    def _on_replicaset(self, change: ObjectChange) -> None:
        keys = list(owners(change, "Deployment"))
        if not keys and change.type != "DELETED":
            keys = [key_of(each) for each in self.api.list("deployments", change.namespace) if self._matches(each, change.new)]
        for key in keys:
            self.enqueue(key)

    def _on_pod(self, change: ObjectChange) -> None:
        """Recreate waits for the last old Pod to be gone."""
        if change.type != "DELETED":
            return
        for key in owners(change, "ReplicaSet"):
            owner = self.api.find("replicasets", split(key)[1], change.namespace)
            reference = controller_of(owner) if owner is not None else None
            if reference is not None and reference["kind"] == "Deployment":
                self.enqueue(f"{change.namespace}/{reference['name']}")

    def _matches(self, deployment: Obj, replicaset: Obj) -> bool:
        return labels.matches(deployment["spec"]["selector"], replicaset["metadata"].get("labels") or {})

    def sync(self, key: str) -> None:
        """One step nearer to the template and the number that are wanted."""
        namespace, name = split(key)
        deployment = self.api.find("deployments", name, namespace)
        if deployment is None:
            return
        held = self._claim(deployment)
        if is_terminating(deployment):
            sets = Sets.of(deployment, held)
            self._write(sets, statuses.counts(deployment, sets.every, sets.new, self.world.stamp()))
            return
        deployment = self._note_pause(deployment)
        if deployment["spec"].get("paused") or self._is_scaling(deployment, held):
            self._scale_all(deployment, held)
        elif numbers.is_rolling(deployment):
            self._roll(deployment, held)
        else:
            self._recreate(deployment, held)

    def _claim(self, deployment: Obj) -> list[Obj]:
        held = []
        for each in self.api.list("replicasets", deployment["metadata"]["namespace"]):
            reference, matching = controller_of(each), self._matches(deployment, each)
            if reference is None and matching and not is_terminating(each) and not is_terminating(deployment):
                references = [*(each["metadata"].get("ownerReferences") or ()), reference_to(deployment, "Deployment", "apps/v1")]
                held.append(self.api.update("replicasets", with_meta(each, ownerReferences=references), by=self.by, cause=self.cause("X5")))
            elif reference is not None and reference["uid"] == deployment["metadata"]["uid"]:
                if matching or is_terminating(each):
                    held.append(each)
                else:
                    rest = [one for one in each["metadata"]["ownerReferences"] if one["uid"] != reference["uid"]]
                    self.api.update("replicasets", with_meta(each, ownerReferences=rest or None), by=self.by, cause=self.cause("X5"))
        return held

    # ---- pause and scaling

    def _note_pause(self, deployment: Obj) -> Obj:
        current = condition_of(deployment, "Progressing")
        if not numbers.has_deadline(deployment) or (current is not None and current.get("reason") == statuses.LATE):
            return deployment
        noted, paused = current is not None and current.get("reason") == "DeploymentPaused", bool(deployment["spec"].get("paused"))
        if noted == paused:
            return deployment
        reason, text = ("DeploymentPaused", "Deployment is paused") if paused else ("DeploymentResumed", "Deployment is resumed")
        status = statuses.with_condition(status_of(deployment), statuses.made("Progressing", "Unknown", reason, text, self.world.stamp()))
        return self._update_status(deployment, status)

    def _is_scaling(self, deployment: Obj, held: list[Obj]) -> bool:
        wanted = str(numbers.replicas_of(deployment))
        noted = [(each["metadata"].get("annotations") or {}).get(numbers.DESIRED) for each in held if numbers.replicas_of(each) > 0]
        return any(each is not None and each != wanted for each in noted)

    def _scale_all(self, deployment: Obj, held: list[Obj]) -> None:
        """Rule X7: the number changed, or the rollout rests."""
        sets = self._with_new(Sets.of(deployment, held), create=False)
        self._resize(sets, sets.scaled())
        if sets.deployment["spec"].get("paused"):
            self._forget_old(sets)
        self._write(sets, statuses.counts(sets.deployment, sets.every, sets.new, self.world.stamp()))

    # ---- rollout

    def _roll(self, deployment: Obj, held: list[Obj]) -> None:
        """Rule X6: one kind of scaling each time."""
        sets = self._with_new(Sets.of(deployment, held), create=True)
        if self._resize(sets, sets.grown()) or self._shrink(sets):
            self._write_progress(sets)
            return
        if numbers.is_complete(sets.deployment, status_of(sets.deployment)):
            self._forget_old(sets)
        self._write_progress(sets)

    def _shrink(self, sets: Sets) -> bool:
        most = numbers.to_remove(sets.deployment, sets.every, sets.new) if numbers.wanted(sets.old) else 0
        if most <= 0:
            return False
        cleaned = self._resize(sets, numbers.cleanup(numbers.by_age(sets.old), most))
        return self._resize(sets, numbers.shrink(sets.deployment, sets.every, numbers.by_age(sets.old))) or cleaned

    def _recreate(self, deployment: Obj, held: list[Obj]) -> None:
        sets = self._with_new(Sets.of(deployment, held), create=False)
        gone = self._resize(sets, {each["metadata"]["name"]: 0 for each in sets.old if numbers.replicas_of(each) > 0})
        if gone or self._old_runs(sets):
            self._write_progress(sets)
            return
        sets = self._with_new(sets, create=True)
        self._resize(sets, sets.grown())
        if numbers.is_complete(sets.deployment, status_of(sets.deployment)):
            self._forget_old(sets)
        self._write_progress(sets)

    def _old_runs(self, sets: Sets) -> bool:
        pods = [pod for each in sets.old for pod in self.own("pods", each)]
        return old_pods_run(numbers.counted(sets.old, "replicas"), pods)

    def _with_new(self, sets: Sets, *, create: bool) -> Sets:
        """The new set with its revision; made when there is none and `create` says so."""
        deployment, new = sets.deployment, sets.new
        revision = replicasets.next_revision(sets.old)
        if new is not None:
            return self._found(sets, new, revision)
        if not create:
            return sets
        wanted = replicasets.make(deployment, revision, numbers.new_size(deployment, numbers.wanted(sets.old), 0))
        new = self._make(deployment, wanted)
        if new is None:
            return sets
        name, size = new["metadata"]["name"], numbers.replicas_of(new)
        if size:
            self._tell_scaling(deployment, "up", name, 0, size)
        text = ("NewReplicaSetCreated", f'Created new replica set "{name}"')
        return Sets(self._note_revision(deployment, revision, text), new, sets.old)

    def _make(self, deployment: Obj, wanted: Obj) -> Obj | None:
        """None: the name is taken by another template; the next look tries another."""
        cause = self.cause("X6", deployment=deployment["metadata"]["name"], replicas=wanted["spec"]["replicas"])
        try:
            return self.api.create("replicasets", wanted, by=self.by, cause=cause)
        except StatusError as error:
            if error.reason == "AlreadyExists":
                status = status_of(deployment)
                self._update_status(deployment, {**status, "collisionCount": status.get("collisionCount", 0) + 1})
                return None
            text = f'Failed to create new replica set "{wanted["metadata"]["name"]}": {error.message}'
            if numbers.has_deadline(deployment):
                condition = statuses.made("Progressing", "False", "ReplicaSetCreateError", text, self.world.stamp())
                self._update_status(deployment, statuses.with_condition(status_of(deployment), condition))
            self.recorder.event(deployment, "Warning", "ReplicaSetCreateError", text, cause=cause)
            raise

    def _found(self, sets: Sets, new: Obj, revision: int) -> Sets:
        deployment = sets.deployment
        held = new["metadata"].get("annotations") or {}
        annotations, ready = replicasets.annotations_for(deployment, held, revision), deployment["spec"].get("minReadySeconds", 0)
        if annotations != held or new["spec"].get("minReadySeconds", 0) != ready:
            changed = with_meta({**new, "spec": {**new["spec"], "minReadySeconds": ready}}, annotations=annotations)
            new = self.api.update("replicasets", changed, by=self.by, cause=self.cause("X5", revision=revision))
        text = ("FoundNewReplicaSet", f'Found new replica set "{new["metadata"]["name"]}"')
        missing = numbers.has_deadline(deployment) and condition_of(deployment, "Progressing") is None
        return Sets(self._note_revision(deployment, replicasets.revision_of(new), text if missing else None), new, sets.old)

    def _note_revision(self, deployment: Obj, revision: int, progress: tuple[str, str] | None) -> Obj:
        annotations = {**(deployment["metadata"].get("annotations") or {}), replicasets.REVISION: str(revision)}
        changed = with_meta(deployment, annotations=annotations)
        status = status_of(deployment)
        if progress is not None and numbers.has_deadline(deployment):
            status = statuses.with_condition(status, statuses.made("Progressing", "True", *progress, self.world.stamp()))
        return self._update_status(changed, status) if changed != deployment or status is not status_of(deployment) else deployment

    # ---- writing

    def _resize(self, sets: Sets, sizes: Mapping[str, int]) -> bool:
        """Give sets other sizes; whether one changed."""
        moved = False
        for each in list(sets.every):
            name, before = each["metadata"]["name"], numbers.replicas_of(each)
            size = sizes.get(name)
            changed = replicasets.resized(each, sets.deployment, size) if size is not None else each
            if size is None or changed == each:
                continue
            cause = self.cause("X6", deployment=sets.deployment["metadata"]["name"], before=before, replicas=size)
            sets.replace(self.api.update("replicasets", changed, by=self.by, cause=cause))
            if size != before:
                moved = True
                self._tell_scaling(sets.deployment, "up" if size > before else "down", name, before, size)
        return moved

    def _tell_scaling(self, deployment: Obj, way: str, name: str, before: int, size: int) -> None:
        cause = self.cause("X6", deployment=deployment["metadata"]["name"], before=before, replicas=size)
        self.recorder.event(
            deployment, "Normal", "ScalingReplicaSet", f"Scaled {way} replica set {name} from {before} to {size}", cause=cause
        )

    def _forget_old(self, sets: Sets) -> None:
        """Only so many old sets are kept for a rollback."""
        limit = sets.deployment["spec"].get("revisionHistoryLimit")
        alive = [each for each in sets.old if not is_terminating(each)]
        if limit is None or len(alive) <= limit:
            return
        for each in sorted(alive, key=replicasets.revision_of)[: len(alive) - limit]:
            status = status_of(each)
            if (
                status.get("replicas")
                or numbers.replicas_of(each)
                or each["metadata"].get("generation", 0) > status.get("observedGeneration", 0)
            ):
                continue
            self.api.delete(
                "replicasets", each["metadata"]["name"], each["metadata"]["namespace"], by=self.by, cause=self.cause("X5", limit=limit)
            )

    def _write_progress(self, sets: Sets) -> None:
        now = self.world.stamp()
        status = statuses.counts(sets.deployment, sets.every, sets.new, now)
        self._write(sets, statuses.progressed(sets.deployment, status, sets.every, sets.new, now))

    def _write(self, sets: Sets, status: Obj) -> None:
        if status != status_of(sets.deployment):
            self._update_status(sets.deployment, status)
        else:
            self._watch_deadline(sets.deployment, status)

    def _watch_deadline(self, deployment: Obj, status: Obj) -> None:
        """Nothing may happen any more: look again when the deadline has passed."""
        condition = condition_of(deployment, "Progressing")
        if not numbers.has_deadline(deployment) or condition is None or condition.get("reason") == statuses.LATE:
            return
        if not numbers.is_complete(deployment, status):
            since = instant(condition["lastUpdateTime"]) - self.world.state.zero_ms
            due = since + deployment["spec"]["progressDeadlineSeconds"] * 1000 + 1000
            self.enqueue(key_of(deployment), max(due - self.world.now, 1000))

    def _update_status(self, deployment: Obj, status: Obj) -> Obj:
        cause = self.cause("X8", deployment=deployment["metadata"]["name"])
        return self.api.update("deployments", {**deployment, "status": status}, by=self.by, subresource="status", cause=cause)


def old_pods_run(replicas: int, pods: list[Obj]) -> bool:
    """Rule X6: whether Recreate has to wait."""
    return replicas > 0 or not all(map(is_finished, pods))
