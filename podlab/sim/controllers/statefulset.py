"""StatefulSet: Pods with a name and an order.

Upstream: pkg/controller/statefulset (stateful_set_control.go, stateful_set_utils.go), claims in `stateful_claims`. Left out:
maxUnavailable (its gate is off in v1.36.2).
"""

from __future__ import annotations

from podlab.sim.api import labels
from podlab.sim.changes import Obj, ObjectChange
from podlab.sim.controllers import revisions, stateful_claims
from podlab.sim.controllers.base import Controller, ControllersState, controller_of, key_of, owners, reference_to, split, with_meta
from podlab.sim.controllers.deployment.numbers import scaled
from podlab.sim.controllers.pods import available_at, is_available, is_finished, is_ready, is_terminating, phase_of, status_of
from podlab.sim.errors import StatusError
from podlab.sim.world import World

NAME_LABEL = "statefulset.kubernetes.io/pod-name"
INDEX_LABEL = "apps.kubernetes.io/pod-index"


class StatefulSet(Controller):
    """Rules X20, X21."""

    name = "statefulset"

    def __init__(self, world: World, state: ControllersState) -> None:
        super().__init__(world, state)
        world.subscribe("statefulsets", lambda change: self.enqueue(key_of(change.new)))
        world.subscribe("pods", self._on_pod)

    def _on_pod(self, change: ObjectChange) -> None:
        for key in owners(change, "StatefulSet"):
            self.enqueue(key)

    def sync(self, key: str) -> None:
        """One step in order (or all at once, where the set is Parallel), then the counts."""
        namespace, name = split(key)
        owner = self.api.find("statefulsets", name, namespace)
        if owner is None:
            return
        update, every = revisions.current(self, owner, "StatefulSet")
        held = status_of(owner).get("currentRevision")
        current = next((each for each in every if each["metadata"]["name"] == held), update)
        look = Look(self, owner, current, update)
        failure = look.run() if not is_terminating(owner) else None
        self._write(owner, look, current, update)
        live = {each["metadata"]["labels"].get(revisions.LABEL, "") for each in look.pods}
        revisions.forget(self, owner, every, {*live, current["metadata"]["name"], update["metadata"]["name"]})
        if failure is not None:
            raise failure

    def claim(self, owner: Obj) -> list[Obj]:
        """Its own Pods by ordinal; matching orphans of the right name are adopted."""
        held = []
        for pod in self.api.list("pods", owner["metadata"]["namespace"]):
            reference = controller_of(pod)
            if reference is not None and reference["uid"] == owner["metadata"]["uid"]:
                held.append(pod)
            elif reference is None and self._may_adopt(owner, pod):
                changed = with_meta(
                    pod, ownerReferences=[*(pod["metadata"].get("ownerReferences") or ()), reference_to(owner, "StatefulSet", "apps/v1")]
                )
                held.append(self.api.update("pods", changed, by=self.by, cause=self.cause("X20", name=owner["metadata"]["name"])))
        return held

    def _may_adopt(self, owner: Obj, pod: Obj) -> bool:
        if ordinal_of(owner, pod) is None or is_terminating(pod) or is_terminating(owner):
            return False
        return labels.matches(owner["spec"]["selector"], pod["metadata"].get("labels") or {})

    def _write(self, owner: Obj, look: Look, current: Obj, update: Obj) -> None:
        status = look.status(current, update)
        if status != status_of(owner):
            cause = self.cause("X20", name=owner["metadata"]["name"])
            self.api.update("statefulsets", {**owner, "status": status}, by=self.by, subresource="status", cause=cause)
        if look.wait_ms is not None:
            self.enqueue(key_of(owner), look.wait_ms)


class Look:
    """One look at a set. `lost`: Pods of the current revision that this look deletes for an update."""

    def __init__(self, controller: StatefulSet, owner: Obj, current: Obj, update: Obj) -> None:
        self.controller, self.owner, self.spec = controller, owner, owner["spec"]
        self.current, self.update = current, update
        self.pods = controller.claim(owner)
        self.start = (self.spec.get("ordinals") or {}).get("start", 0)
        self.replicas = self.spec.get("replicas", 1)
        self.ordered = self.spec.get("podManagementPolicy", "OrderedReady") == "OrderedReady"
        self.now = controller.world.state.zero_ms + controller.world.now
        self.lost = 0
        self.wait_ms: int | None = None
        self.by_ordinal = {number: each for each in self.pods if (number := ordinal_of(owner, each)) is not None}

    def run(self) -> StatusError | None:
        """Create and replace upwards, remove downwards, then update downwards."""
        try:
            if self._living() and self._condemned():
                self._update()
        except StatusError as error:
            return error
        return None

    def _wanted(self) -> range:
        return range(self.start, self.start + self.replicas)

    def _available(self, pod: Obj) -> bool:
        min_ready = self.spec.get("minReadySeconds", 0)
        if is_available(pod, min_ready, self.now) and phase_of(pod) == "Running":
            return True
        at = available_at(pod, min_ready)
        if at is not None and at > self.now:
            self.wait_ms = at - self.now if self.wait_ms is None else min(self.wait_ms, at - self.now)
        return False

    def _living(self) -> bool:
        """False: in order, and something has to come first."""
        return all(self._lives(number) or not self.ordered for number in self._wanted())

    def _lives(self, number: int) -> bool:
        """Make the Pod of an ordinal, or what is missing of it; whether the next one may come."""
        pod = self.by_ordinal.get(number)
        if pod is None:
            if not stateful_claims.is_stale(self.controller, self.owner, number):
                self._create(number)
            return False
        if is_finished(pod):
            if not is_terminating(pod):
                self._delete(pod)
            return False
        if phase_of(pod) == "Pending":
            stateful_claims.create(self.controller, self.owner, number)
        if self.ordered and (is_terminating(pod) or not self._available(pod)):
            return False
        stateful_claims.match(self.controller, self.owner, pod, number, wanted=True)
        return True

    def _condemned(self) -> bool:
        """From the top down; in order only one at a time, and of those that are not well only the lowest."""
        extra = sorted((number for number in self.by_ordinal if number not in self._wanted()), reverse=True)
        sick = [number for number in extra if is_terminating(self.by_ordinal[number]) or not is_ready(self.by_ordinal[number])]
        for number in extra:
            pod = self.by_ordinal[number]
            stateful_claims.match(self.controller, self.owner, pod, number, wanted=False)
            if self.ordered and (is_terminating(pod) or (not self._available(pod) and number != min(sick, default=None))):
                return False
            if is_terminating(pod):
                continue
            self._delete(pod)
            if self.ordered:
                return False
        return True

    def _update(self) -> None:
        """From the top down to the partition, each waiting for the one before."""
        strategy = self.spec.get("updateStrategy") or {}
        if strategy.get("type") == "OnDelete":
            return
        least = self.start + (strategy.get("rollingUpdate") or {}).get("partition", 0)
        for number in reversed(self._wanted()):
            pod = self.by_ordinal.get(number)
            if number < least or pod is None:
                return
            if _revision(pod) != self.update["metadata"]["name"] and not is_terminating(pod):
                self._delete(pod)
                self.lost += 1
                return
            if is_terminating(pod) or not self._available(pod):
                return

    def _create(self, number: int) -> None:
        partition = (self.spec.get("updateStrategy", {}).get("rollingUpdate") or {}).get("partition", 0)
        revision = self.current if number < self.start + partition else self.update
        stateful_claims.create(self.controller, self.owner, number)
        made = self._call("Create", pod_for(self.owner, number, revision))
        if made is not None:
            stateful_claims.match(self.controller, self.owner, made, number, wanted=True)

    def _delete(self, pod: Obj) -> None:
        self._call("Delete", pod)

    def _call(self, verb: str, pod: Obj) -> Obj | None:
        controller, name = self.controller, self.owner["metadata"]["name"]
        meta, cause = pod["metadata"], controller.cause("X20", name=name)
        made = None
        try:
            if verb == "Create":
                made = controller.api.create("pods", pod, by=controller.by, cause=cause)
            else:
                controller.api.delete("pods", meta["name"], meta["namespace"], by=controller.by, cause=cause)
        except StatusError as error:
            text = f"{verb} Pod {meta['name']} in StatefulSet {name} failed error: {error.message}"
            controller.recorder.event(self.owner, "Warning", f"Failed{verb}", text, cause=cause)
            raise
        controller.recorder.event(
            self.owner, "Normal", f"Successful{verb}", f"{verb} Pod {meta['name']} in StatefulSet {name} successful", cause=cause
        )
        return made

    def status(self, current: Obj, update: Obj) -> Obj:
        """The counts of what was there before this look; a finished update makes its revision the current one."""
        living = [each for each in self.pods if not is_terminating(each)]
        of_current = sum(_revision(each) == current["metadata"]["name"] for each in living) - self.lost
        of_update = sum(_revision(each) == update["metadata"]["name"] for each in living)
        ready = sum(is_ready(each) for each in self.pods)
        available = sum(is_ready(each) and self._available(each) for each in self.pods)
        if of_update == len(self.pods) == self.replicas and available == self.replicas:
            current, of_current = update, of_update
        counts = {"readyReplicas": ready, "currentReplicas": of_current, "updatedReplicas": of_update}
        status: Obj = {"replicas": len(self.pods), "availableReplicas": available} | {key: value for key, value in counts.items() if value}
        status |= {"currentRevision": current["metadata"]["name"], "updateRevision": update["metadata"]["name"]}
        return status | {
            "observedGeneration": self.owner["metadata"].get("generation", 1),
            "collisionCount": status_of(self.owner).get("collisionCount", 0),
        }


def ordinal_of(owner: Obj, pod: Obj) -> int | None:
    """The number at the end of the Pod's name; None: it is not one of the set's names."""
    base, _, number = pod["metadata"]["name"].rpartition("-")
    return int(number) if base == owner["metadata"]["name"] and number.isdigit() else None


def _revision(pod: Obj) -> str:
    return str((pod["metadata"].get("labels") or {}).get(revisions.LABEL, ""))


def pod_for(owner: Obj, number: int, revision: Obj) -> Obj:
    """The Pod of an ordinal, of a revision."""
    template, meta = revisions.template_of(revision), owner["metadata"]
    held, name = template.get("metadata") or {}, f"{owner['metadata']['name']}-{number}"
    marks = {NAME_LABEL: name, INDEX_LABEL: str(number), revisions.LABEL: revision["metadata"]["name"]}
    own: Obj = {"name": name, "namespace": meta["namespace"], "labels": {**(held.get("labels") or {}), **marks}}
    own |= {"annotations": held["annotations"]} if held.get("annotations") else {}
    own["ownerReferences"] = [reference_to(owner, "StatefulSet", "apps/v1")]
    spec = {**template["spec"], "hostname": name, **stateful_claims.volumes(owner, template["spec"], number)}
    spec |= {"subdomain": owner["spec"]["serviceName"]} if owner["spec"].get("serviceName") else {}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": own, "spec": spec}


def max_unavailable(value: int | str | None, replicas: int) -> int:
    """The effective maxUnavailable of an update: a percentage rounded down, at least one."""
    return max(1, scaled(1 if value is None else value, replicas, up=False))
