"""ResourceQuota: counts what a namespace uses, whenever something goes or the quota changes.

Upstream: pkg/controller/resourcequota. Left out: the full recount every five minutes (nothing is ever missed here).
"""

from __future__ import annotations

from fractions import Fraction

from podlab.sim.api import quantities
from podlab.sim.api.resources import RESOURCES
from podlab.sim.apiserver import quota
from podlab.sim.changes import Obj, ObjectChange
from podlab.sim.controllers.base import Controller, ControllersState, key_of, split
from podlab.sim.controllers.pods import is_finished, status_of
from podlab.sim.world import World


class ResourceQuota(Controller):
    """Creating is counted by admission; this looks when something has gone."""

    name = "resourcequota"

    def __init__(self, world: World, state: ControllersState) -> None:
        super().__init__(world, state)
        world.subscribe("resourcequotas", self._on_quota)
        for row in RESOURCES.values():
            if row.namespaced and row.plural not in ("events", "resourcequotas"):
                world.subscribe(row.plural, self._on_object)

    def _on_quota(self, change: ObjectChange) -> None:
        if change.type != "DELETED" and (change.old is None or change.old["spec"] != change.new["spec"]):
            self.enqueue(key_of(change.new))

    def _on_object(self, change: ObjectChange) -> None:
        ended = change.resource == "pods" and change.old is not None and is_finished(change.new) and not is_finished(change.old)
        if change.type == "DELETED" or ended:
            for each in self.api.list("resourcequotas", change.namespace):
                self.enqueue(key_of(each))

    def sync(self, key: str) -> None:
        """Count everything that the quota limits."""
        namespace, name = split(key)
        held = self.api.find("resourcequotas", name, namespace)
        if held is None:
            return
        hard: dict[str, str] = held["spec"].get("hard") or {}
        totals = dict.fromkeys(hard, Fraction(0))
        for row in RESOURCES.values():
            if row.namespaced and row.plural != "events":
                for each in self.api.list(row.plural, namespace):
                    if quota.means(held, row.plural, each):
                        self._add(totals, quota.usage(row.plural, each))
        used = {each: quota.text(value, hard[each]) for each, value in totals.items()}
        status: Obj = {"hard": {each: quantities.canonical(value) for each, value in hard.items()}, "used": used}
        if status != status_of(held):
            cause = self.cause("RQ-1", quota=name)
            self.api.update("resourcequotas", {**held, "status": status}, by=self.by, subresource="status", cause=cause)

    def _add(self, totals: dict[str, Fraction], used: quota.Usage) -> None:
        for name, value in used.items():
            if name in totals:
                totals[name] += value
