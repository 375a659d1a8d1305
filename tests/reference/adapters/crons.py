"""Vectors of the CronJob controller."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC
from typing import Any

from podlab.sim.api.cron import CronError, parse
from podlab.sim.apiserver.server import ApiServer
from podlab.sim.apiserver.store import StoreState
from podlab.sim.changes import Obj
from podlab.sim.controllers import cronjob
from podlab.sim.controllers.base import ControllersState
from podlab.sim.controllers.pods import instant
from podlab.sim.timings import load
from podlab.sim.world import World, WorldState
from tests.reference.adapters.nodes import ms

Case = dict[str, Any]


def same(expected: object, actual: object) -> None:
    """Fail with both sides."""
    assert expected == actual, f"expected {expected!r}, got {actual!r}"


class Watched(cronjob.CronJob):
    """Notes for how long it wants to sleep."""

    waits: list[int] = []

    def enqueue(self, key: str, ms: int | None = None) -> None:
        """Only the sleep counts."""
        if ms is not None:
            self.waits.append(ms)


def cron_job(given: Case) -> Obj:
    """A CronJob out of a case's fields."""
    spec: Obj = {
        name: given[name] for name in ("schedule", "concurrencyPolicy", "startingDeadlineSeconds", "suspend", "timeZone") if name in given
    }
    spec["jobTemplate"] = {"spec": {"template": {"spec": {"restartPolicy": "Never", "containers": [{"name": "c", "image": "i"}]}}}}
    status = {"lastScheduleTime": given["lastScheduleTime"]} if given.get("lastScheduleTime") else {}
    meta = {"name": "tick", "namespace": "default", "uid": "tick", "creationTimestamp": given["creationTimestamp"], "resourceVersion": "1"}
    return {"apiVersion": "batch/v1", "kind": "CronJob", "metadata": meta, "spec": spec, "status": status}


def recent(case: Case) -> None:
    given, expect = case["given"], case["expect"]
    held = cron_job(given["cronJob"])
    try:
        since, due, missed = cronjob.most_recent(
            held, instant(given["now"]) // 1000, parse(held["spec"]["schedule"]), UTC, deadline=given["includeStartingDeadline"]
        )
    except CronError:
        same(expect, {"error": True})
        return
    same(instant(expect["earliest"]) // 1000, since)
    same(instant(expect.get("mostRecent")) // 1000, due or 0)
    same(expect["missed"], missed)


def following(case: Case) -> None:
    given = case["given"]
    held = cron_job(given)
    got = cronjob.until_next(held, instant(given["now"]), parse(given["schedule"]), UTC)
    same(ms(case["expect"]["duration"]), got)


def sync(case: Case) -> None:
    given, expect = case["given"], case["expect"]
    world = World(WorldState(seed=1, zero_ms=instant(given["now"])), load())
    world.api = ApiServer(world, StoreState())
    world.api.create("namespaces", {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "default"}}, by="test")
    held = cron_job(given)
    previous = _previous(held, given)
    if previous is not None:
        world.api.store.put("jobs", previous, None)
        if given["previousJob"] == "active":
            held["status"]["active"] = [{"name": previous["metadata"]["name"], "uid": previous["metadata"]["uid"]}]
    world.api.store.put("cronjobs", held, None)
    before = [each["metadata"]["name"] for each in world.api.list("jobs")]
    controller = Watched(world, ControllersState())
    controller.waits.clear()
    controller.sync("default/tick")
    after = [each["metadata"]["name"] for each in world.api.list("jobs")]
    warnings = [each for each in world.api.list("events") if each["type"] == "Warning"]
    got: dict[str, Any] = {
        "createsJob": any(each not in before for each in after),
        "deletesJob": any(each not in after for each in before),
        "active": len(world.api.get("cronjobs", "tick", "default")["status"].get("active") or ()),
        "warnings": len(warnings),
    }
    same({key: value for key, value in expect.items() if key in got}, {key: got[key] for key in got if key in expect})
    if "requeueAfter" in expect:
        same(ms(expect["requeueAfter"]), controller.waits[-1])


def _previous(held: Obj, given: Case) -> Obj | None:
    if given.get("previousJob") in (None, "none"):
        return None
    scheduled = instant(given.get("previousJobScheduledFor") or given["creationTimestamp"]) // 1000
    job = cronjob.job_for(held, scheduled, UTC)
    job["metadata"] |= {"uid": "previous", "creationTimestamp": given["creationTimestamp"]}
    done = given["previousJob"] == "complete"
    return {**job, "status": {"conditions": [{"type": "Complete", "status": "True"}]} if done else {}}


AREAS: dict[str, Callable[[Case], None]] = {"cron-recent": recent, "cron-next": following, "cron-sync": sync}
