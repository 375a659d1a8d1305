"""CronJob: Jobs by the clock.

Upstream: pkg/controller/cronjob (cronjob_controllerv2.go, utils.go). Left out: nothing.
"""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from podlab.sim.api.cron import CronError, Schedule, parse
from podlab.sim.changes import Obj, ObjectChange
from podlab.sim.controllers.base import Controller, ControllersState, key_of, owners, reference_to, split
from podlab.sim.controllers.pods import instant, is_terminating, status_of
from podlab.sim.errors import StatusError
from podlab.sim.world import World

SCHEDULED = "batch.kubernetes.io/cronjob-scheduled-timestamp"
DELTA_MS = 100
MANY = 100
TOO_MANY = "too many missed start times. Set or decrease .spec.startingDeadlineSeconds or check clock skew"
FORBID = "Not starting job because prior execution is running and concurrency policy is Forbid"
Missed = Literal["none", "few", "many"]


class CronJob(Controller):
    """Rule X17."""

    name = "cronjob"

    def __init__(self, world: World, state: ControllersState) -> None:
        super().__init__(world, state)
        world.subscribe("cronjobs", lambda change: self.enqueue(key_of(change.new)))
        world.subscribe("jobs", self._on_job)

    def _on_job(self, change: ObjectChange) -> None:
        for key in owners(change, "CronJob"):
            self.enqueue(key)

    def sync(self, key: str) -> None:
        """Take note of Jobs that have ended, start one that is due, sleep until the next."""
        namespace, name = split(key)
        cron_job = self.api.find("cronjobs", name, namespace)
        if cron_job is None:
            return
        status = self._tidy(cron_job, list(self.own("jobs", cron_job)))
        wait = None
        if not is_terminating(cron_job):
            status, wait = self._schedule({**cron_job, "status": status})
        self._forget(cron_job)
        if status != status_of(cron_job):
            self.api.update(
                "cronjobs", {**cron_job, "status": status}, by=self.by, subresource="status", cause=self.cause("X17", name=name)
            )
        if wait is not None:
            self.enqueue(key, wait)

    def _tell(self, cron_job: Obj, type_: str, reason: str, message: str) -> None:
        self.recorder.event(cron_job, type_, reason, message, cause=self.cause("X17", name=cron_job["metadata"]["name"]))

    def _tidy(self, cron_job: Obj, jobs: list[Obj]) -> Obj:
        """The status without Jobs that have ended or vanished."""
        status, active = dict(status_of(cron_job)), list(status_of(cron_job).get("active") or ())
        for job in jobs:
            end, listed = ended(job), [each for each in active if each["uid"] == job["metadata"]["uid"]]
            if not listed and not end:
                self._tell(
                    cron_job,
                    "Warning",
                    "UnexpectedJob",
                    f"Saw a job that the controller did not create or forgot: {job['metadata']['name']}",
                )
            elif listed and end:
                active.remove(listed[0])
                self._tell(cron_job, "Normal", "SawCompletedJob", f"Saw completed job: {job['metadata']['name']}, condition: {end}")
            finished = status_of(job).get("completionTime") if end == "Complete" else None
            if finished and finished > status.get("lastSuccessfulTime", ""):
                status["lastSuccessfulTime"] = finished
        there = {job["metadata"]["uid"] for job in jobs}
        for each in [one for one in active if one["uid"] not in there]:
            active.remove(each)
            self._tell(cron_job, "Normal", "MissingJob", f"Active job went missing: {each['name']}")
        status.pop("active", None)
        return status | ({"active": active} if active else {})

    def _schedule(self, cron_job: Obj) -> tuple[Obj, int | None]:
        """Start what is due; the status then, and how long until the next time."""
        status, spec = status_of(cron_job), cron_job["spec"]
        if spec.get("suspend"):
            return status, None
        try:
            schedule, zone = parse(spec["schedule"]), zone_of(spec)
        except CronError as error:
            self._tell(cron_job, "Warning", "UnparseableSchedule", f"unparseable schedule: {spec['schedule']} : {error}")
            return status, None
        except ZoneInfoNotFoundError:
            self._tell(
                cron_job, "Warning", "UnknownTimeZone", f'invalid timeZone: "{spec["timeZone"]}" - unknown time zone {spec["timeZone"]}'
            )
            return status, None
        now = self.world.state.zero_ms + self.world.now
        _, due, missed = most_recent(cron_job, now // 1000, schedule, zone, deadline=True)
        if missed == "many":
            self._tell(cron_job, "Warning", "TooManyMissedTimes", TOO_MANY)
        if due is not None and self._may_start(cron_job, due, now):
            status = self._start(cron_job, due, zone)
        return status, until_next({**cron_job, "status": status}, now, schedule, zone)

    def _may_start(self, cron_job: Obj, due: int, now: int) -> bool:
        spec, status = cron_job["spec"], status_of(cron_job)
        active = status.get("active") or ()
        deadline = spec.get("startingDeadlineSeconds")
        if deadline is not None and (due + deadline) * 1000 < now:
            self._tell(
                cron_job,
                "Warning",
                "MissSchedule",
                f"Missed scheduled time to start a job: {datetime.fromtimestamp(due, UTC):%a, %d %b %Y %H:%M:%S} +0000",
            )
            return False
        if any(each["name"] == job_name(cron_job, due) for each in active) or instant(status.get("lastScheduleTime")) == due * 1000:
            return False
        if spec.get("concurrencyPolicy") == "Forbid" and active:
            self._tell(cron_job, "Normal", "JobAlreadyActive", FORBID)
            return False
        return True

    def _start(self, cron_job: Obj, due: int, zone: tzinfo) -> Obj:
        status = status_of(cron_job)
        active = list(status.get("active") or ())
        if cron_job["spec"].get("concurrencyPolicy") == "Replace":
            for each in active:
                self._delete(cron_job, each["name"])
            active = []
        cause = self.cause("X17", name=cron_job["metadata"]["name"])
        try:
            job = self.api.create("jobs", job_for(cron_job, due, zone), by=self.by, cause=cause)
        except StatusError as error:
            self._tell(cron_job, "Warning", "FailedCreate", f"Error creating job: {error.message}")
            raise
        meta = job["metadata"]
        self._tell(cron_job, "Normal", "SuccessfulCreate", f"Created job {meta['name']}")
        reference = {
            "apiVersion": "batch/v1",
            "kind": "Job",
            "namespace": meta["namespace"],
            "name": meta["name"],
            "uid": meta["uid"],
            "resourceVersion": meta["resourceVersion"],
        }
        return {**status, "active": [*active, reference], "lastScheduleTime": self.world.stamp(due * 1000 - self.world.state.zero_ms)}

    def _delete(self, cron_job: Obj, name: str) -> None:
        namespace = cron_job["metadata"]["namespace"]
        self.api.delete("jobs", name, namespace, by=self.by, cause=self.cause("X17", name=name), propagation="Background")
        self._tell(cron_job, "Normal", "SuccessfulDelete", f"Deleted job {name}")

    def _forget(self, cron_job: Obj) -> None:
        """Only so many ended Jobs are kept."""
        jobs = list(self.own("jobs", cron_job))
        for end, field in (("Complete", "successfulJobsHistoryLimit"), ("Failed", "failedJobsHistoryLimit")):
            limit = cron_job["spec"].get(field)
            kept = sorted(
                (each for each in jobs if ended(each) == end and not is_terminating(each)),
                key=lambda each: (status_of(each).get("startTime", ""), each["metadata"]["name"]),
            )
            for each in kept[: max(0, len(kept) - limit)] if limit is not None else ():
                self._delete(cron_job, each["metadata"]["name"])


def zone_of(spec: Obj) -> tzinfo:
    """The time zone of the schedule; ZoneInfoNotFoundError."""
    return ZoneInfo(spec["timeZone"]) if spec.get("timeZone") else UTC


def ended(job: Obj) -> str:
    """`Complete`, `Failed` or empty."""
    return next(
        (
            str(each["type"])
            for each in status_of(job).get("conditions") or ()
            if each["type"] in ("Complete", "Failed") and each["status"] == "True"
        ),
        "",
    )


def job_name(cron_job: Obj, due: int) -> str:
    """The name of the Job for a time (seconds since 1970)."""
    return f"{cron_job['metadata']['name']}-{due // 60}"


def job_for(cron_job: Obj, due: int, zone: tzinfo) -> Obj:
    """The Job of a time."""
    template, meta = cron_job["spec"]["jobTemplate"], cron_job["metadata"]
    held = template.get("metadata") or {}
    stamp = datetime.fromtimestamp(due, zone).isoformat().replace("+00:00", "Z")
    own = {
        "name": job_name(cron_job, due),
        "namespace": meta["namespace"],
        "labels": dict(held.get("labels") or {}),
        "annotations": {**(held.get("annotations") or {}), SCHEDULED: stamp},
        "ownerReferences": [reference_to(cron_job, "CronJob", "batch/v1")],
    }
    return {"apiVersion": "batch/v1", "kind": "Job", "metadata": own, "spec": template["spec"]}


def most_recent(cron_job: Obj, now: int, schedule: Schedule, zone: tzinfo, *, deadline: bool) -> tuple[int, int | None, Missed]:
    """(since when, the latest time that is due, how many were missed); seconds since 1970; CronError for a schedule that never comes."""
    since = instant(status_of(cron_job).get("lastScheduleTime") or cron_job["metadata"]["creationTimestamp"]) // 1000
    if deadline and cron_job["spec"].get("startingDeadlineSeconds") is not None:
        since = max(since, now - cron_job["spec"]["startingDeadlineSeconds"])
    first = schedule.after(since, zone)
    second = schedule.after(first, zone) if first is not None else None
    if first is None or second is None:
        raise CronError(f"time difference between two schedules is less than 1 second for {cron_job['spec']['schedule']}")
    if now < first:
        return since, None, "none"
    if now < second:
        return since, first, "none"
    step = second - first
    count = (now - first) // step + 1
    latest, at = None, schedule.after(first + (count - 2) * step, zone)
    while at is not None and at <= now:
        latest, at = at, schedule.after(at, zone)
    return since, latest, "many" if count > MANY else "few"


def until_next(cron_job: Obj, now_ms: int, schedule: Schedule, zone: tzinfo) -> int:
    """Milliseconds until a little after the next time."""
    try:
        since, recent, missed = most_recent(cron_job, now_ms // 1000, schedule, zone, deadline=False)
    except CronError:
        since, recent, missed = 0, now_ms // 1000, "none"
    base = recent if recent is not None else since if missed == "none" else now_ms // 1000
    following = schedule.after(base, zone)
    return DELTA_MS if following is None else following * 1000 + DELTA_MS - now_ms
