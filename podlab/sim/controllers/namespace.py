"""Namespace: one that is being deleted is emptied, kind by kind, and goes when nothing is left.

Upstream: pkg/controller/namespace (deletion/namespaced_resources_deleter.go, status_condition_utils.go). Left out: API groups that fail to answer.
"""

from __future__ import annotations

from collections import Counter

from podlab.sim.api.resources import RESOURCES, Resource
from podlab.sim.changes import Obj, ObjectChange
from podlab.sim.controllers.base import Controller, ControllersState
from podlab.sim.controllers.pods import condition_of, is_finished, is_terminating, status_of
from podlab.sim.world import World

FINALIZER = "kubernetes"
FINALIZER_S = 15
DISCOVERY = ("NamespaceDeletionDiscoveryFailure", "ResourcesDiscovered", "All resources successfully discovered")
GROUPS = ("NamespaceDeletionGroupVersionParsingFailure", "ParsedGroupVersions", "All legacy kube types successfully parsed")
CONTENT = ("NamespaceDeletionContentFailure", "ContentDeleted", "All content successfully deleted, may be waiting on finalization")
REMOVED = ("NamespaceContentRemaining", "ContentRemoved", "All content successfully removed")
FINALIZED = ("NamespaceFinalizersRemaining", "ContentHasNoFinalizers", "All content-preserving finalizers finished")


class Namespace(Controller):
    """Looks 5 s after the deletion and every other change; and after half the time that what is left may take. Pods go first, Events last."""

    name = "namespace"

    def __init__(self, world: World, state: ControllersState) -> None:
        super().__init__(world, state)
        world.subscribe("namespaces", self._on_namespace)

    def _on_namespace(self, change: ObjectChange) -> None:
        if change.type != "DELETED" and is_terminating(change.new):
            self.enqueue(change.name, self.world.timings["namespace.wait"])

    def sync(self, key: str) -> None:
        """Delete what is in it; finalize it when that has gone."""
        namespace = self.api.find("namespaces", key)
        if namespace is None or not is_terminating(namespace):
            return
        self._delete(key, ["pods"])
        pods = self.api.list("pods", key)
        left = [] if pods else self._empty(key)
        namespace = self._write(namespace, left)
        if pods or left:
            self.enqueue(key, (self._estimate(namespace, pods) // 2 + 1) * 1000)
            return
        finalizers = [each for each in namespace["spec"].get("finalizers") or () if each != FINALIZER]
        emptied = {**namespace, "spec": {**namespace["spec"], "finalizers": finalizers}}
        self.api.update("namespaces", emptied, by=self.by, subresource="finalize", cause=self.cause("NS-2", namespace=key))
        if not finalizers and self.api.find("namespaces", key) is not None:
            self.api.delete("namespaces", key, by=self.by, cause=self.cause("NS-2", namespace=key))

    def _empty(self, key: str) -> list[tuple[Resource, Obj]]:
        """What is still there after everything was deleted."""
        kinds = [each for each in RESOURCES.values() if each.namespaced and each.plural != "events"]
        self._delete(key, [each.plural for each in kinds])
        left = [(row, each) for row in kinds for each in self.api.list(row.plural, key)]
        if not left:
            self._delete(key, ["events"])
        return left

    def _delete(self, key: str, kinds: list[str]) -> None:
        for plural in kinds:
            for each in self.api.list(plural, key):
                if not is_terminating(each):
                    self.api.delete(
                        plural, each["metadata"]["name"], key, by=self.by, cause=self.cause("NS-1", namespace=key), propagation="Background"
                    )

    def _estimate(self, namespace: Obj, pods: list[Obj]) -> int:
        """How many seconds what is left may take: the longest grace period, while that has not passed; else what finalizers are given."""
        longest = max((each["spec"].get("terminationGracePeriodSeconds", 0) for each in pods if not is_finished(each)), default=0)
        passed = (self.world.now - self.world.instant(namespace["metadata"]["deletionTimestamp"])) // 1000
        return int(longest) if passed < longest else FINALIZER_S

    def _write(self, namespace: Obj, left: list[tuple[Resource, Obj]]) -> Obj:
        conditions = [self._condition(namespace, *each, status="False") for each in (DISCOVERY, GROUPS, CONTENT)]
        kinds = Counter(f"{row.plural}.{row.group}" if row.group else f"{row.plural}." for row, _ in left)
        finalizers = Counter(name for _, each in left for name in each["metadata"].get("finalizers") or ())
        conditions.append(
            self._remaining(namespace, REMOVED, "SomeResourcesRemain", "Some resources are remaining", "has {} resource instances", kinds)
        )
        conditions.append(
            self._remaining(
                namespace,
                FINALIZED,
                "SomeFinalizersRemain",
                "Some content in the namespace has finalizers remaining",
                "in {} resource instances",
                finalizers,
            )
        )
        status = {**status_of(namespace), "conditions": conditions}
        if status == status_of(namespace):
            return namespace
        cause = self.cause("NS-1", namespace=namespace["metadata"]["name"])
        return self.api.update("namespaces", {**namespace, "status": status}, by=self.by, subresource="status", cause=cause)

    def _remaining(self, namespace: Obj, none: tuple[str, str, str], reason: str, text: str, each: str, found: Counter[str]) -> Obj:
        if not found:
            return self._condition(namespace, *none, status="False")
        listed = ", ".join(f"{name} {each.format(found[name])}" for name in sorted(found))
        return self._condition(namespace, none[0], reason, f"{text}: {listed}", status="True")

    def _condition(self, namespace: Obj, type_: str, reason: str, message: str, *, status: str) -> Obj:
        old = condition_of(namespace, type_)
        since = old["lastTransitionTime"] if old is not None and old["status"] == status else self.world.stamp()
        return {"type": type_, "status": status, "lastTransitionTime": since, "reason": reason, "message": message}
