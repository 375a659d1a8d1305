"""The ReplicaSets of one look at a Deployment.

Upstream: pkg/controller/deployment/sync.go (scale). Left out: nothing.
"""

from __future__ import annotations

from podlab.sim.changes import Obj
from podlab.sim.controllers.deployment import numbers
from podlab.sim.controllers.deployment.replicasets import find_new
from podlab.sim.controllers.pods import status_of


class Sets:
    """The set of the present template (if it is there) and the others, oldest first."""

    def __init__(self, deployment: Obj, new: Obj | None, old: list[Obj]) -> None:
        self.deployment = deployment
        self.new = new
        self.old = old

    @classmethod
    def of(cls, deployment: Obj, held: list[Obj]) -> Sets:
        """Sorted."""
        new = find_new(deployment, held)
        return cls(deployment, new, [each for each in numbers.by_age(held) if each is not new])

    @property
    def every(self) -> list[Obj]:
        """All of them."""
        return self.old if self.new is None else [*self.old, self.new]

    def replace(self, changed: Obj) -> None:
        """One was written."""
        uid = changed["metadata"]["uid"]
        if self.new is not None and self.new["metadata"]["uid"] == uid:
            self.new = changed
        self.old = [changed if each["metadata"]["uid"] == uid else each for each in self.old]

    def grown(self) -> dict[str, int]:
        """The next size of the new set."""
        if self.new is None or numbers.replicas_of(self.new) == numbers.replicas_of(self.deployment):
            return {}
        size = numbers.replicas_of(self.new)
        if size > numbers.replicas_of(self.deployment):
            return {self.new["metadata"]["name"]: numbers.replicas_of(self.deployment)}
        return {self.new["metadata"]["name"]: numbers.new_size(self.deployment, numbers.wanted(self.every), size)}

    def scaled(self) -> dict[str, int]:
        """Rule X7: the sizes after the number wanted has changed."""
        active = [each for each in self.every if numbers.replicas_of(each) > 0]
        if len(active) <= 1:
            return self._only(active[0] if active else self.new or (self.old[-1] if self.old else None))
        if self._is_saturated():
            return {each["metadata"]["name"]: 0 for each in active if each is not self.new}
        return numbers.proportional(self.deployment, active) if numbers.is_rolling(self.deployment) else {}

    def _only(self, one: Obj | None) -> dict[str, int]:
        wanted = numbers.replicas_of(self.deployment)
        return {} if one is None or numbers.replicas_of(one) == wanted else {one["metadata"]["name"]: wanted}

    def _is_saturated(self) -> bool:
        if self.new is None:
            return False
        wanted = numbers.replicas_of(self.deployment)
        noted = (self.new["metadata"].get("annotations") or {}).get(numbers.DESIRED)
        return noted == str(wanted) and numbers.replicas_of(self.new) == wanted == status_of(self.new).get("availableReplicas", 0)
