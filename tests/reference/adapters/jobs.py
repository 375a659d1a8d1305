"""Vectors of the Job controller: one look at a Job, and its parts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from podlab.sim.changes import Obj
from podlab.sim.controllers.job import backoff, indexes, policies
from podlab.sim.controllers.job.plan import FINALIZER, Look, Plan
from podlab.sim.controllers.pods import instant
from tests.reference.adapters.nodes import ms

Case = dict[str, Any]
NOW = instant("2026-11-21T12:00:00Z")
LONG_AGO = "2020-01-01T00:00:00Z"


def same(expected: object, actual: object) -> None:
    """Fail with both sides."""
    assert expected == actual, f"expected {expected!r}, got {actual!r}"


def pod_of(name: str, phase: str, **more: Any) -> Obj:
    """A tracked Pod; one that has ended did so long ago."""
    meta = {"name": name, "namespace": "default", "uid": name, "finalizers": [FINALIZER], **more.pop("metadata", {})}
    status: Obj = {"phase": phase, **more}
    if phase in ("Succeeded", "Failed") and "containerStatuses" not in status:
        status["containerStatuses"] = [{"name": "c", "state": {"terminated": {"finishedAt": LONG_AGO}}}]
    return {"metadata": meta, "spec": {"nodeName": "n"}, "status": status}


def given_pod(each: Obj) -> Obj:
    """A Pod of a case, tracked."""
    meta = {"namespace": "default", "uid": each["metadata"]["name"], "finalizers": [FINALIZER], **each["metadata"]}
    return {"metadata": meta, "spec": each.get("spec") or {}, "status": each.get("status") or {}}


def job_of(spec: Obj, status: Obj | None = None, **meta: Any) -> Obj:
    """A Job of this spec."""
    return {
        "metadata": {"name": "job", "namespace": "default", "uid": "job", **meta},
        "spec": {"template": {"spec": {}}, **spec},
        "status": status or {},
    }


def conditions_of(plan: Plan) -> list[Obj]:
    """What the look adds: the interim condition, and the final one when no Pod is left ending."""
    if plan.end is None:
        return []
    types = [plan.end.type] if plan.terminating else [plan.end.type, plan.end.final]
    return [{"type": each, "status": "True", "reason": plan.end.reason, "message": plan.end.message} for each in types]


def counts(job: Obj, plan: Plan) -> dict[str, Any]:
    """The numbers after the look."""
    status = job["status"]
    succeeded = (
        len(plan.succeeded_indexes) if job["spec"].get("completionMode") == "Indexed" else status.get("succeeded", 0) + len(plan.succeeded)
    )
    return {"active": plan.active, "succeeded": succeeded, "failed": status.get("failed", 0) + len(plan.failed)}


def check(case: Case, job: Obj, plan: Plan) -> None:
    """Compare what the case expects of it."""
    expect = case["expect"]
    got: dict[str, Any] = counts(job, plan) | {
        "conditions": _merged(job, plan) + _suspension(job, plan),
        "creations": len(plan.create),
        "deletions": len(plan.delete),
        "ready": plan.ready,
        "terminating": plan.terminating,
        "completedIndexes": indexes.render(plan.succeeded_indexes),
        "createdIndexes": sorted(each for each in plan.create if each is not None),
    }
    wanted = {key: expect[key] for key in expect if key in got}
    if "createdIndexes" in wanted:
        wanted["createdIndexes"] = sorted(wanted["createdIndexes"])
    same(wanted, {key: got[key] for key in wanted})


def _suspension(job: Obj, plan: Plan) -> list[Obj]:
    if plan.suspend and plan.end is None:
        return [{"type": "Suspended", "status": "True", "reason": "JobSuspended", "message": "Job suspended"}]
    return []


def sync(case: Case) -> None:
    given = case["given"]
    spec = {
        key: given[key]
        for key in (
            "parallelism",
            "completions",
            "backoffLimit",
            "completionMode",
            "podFailurePolicy",
            "podReplacementPolicy",
            "suspend",
            "activeDeadlineSeconds",
        )
        if key in given
    }
    meta = {"deletionTimestamp": LONG_AGO} if given.get("deleting") else {}
    job = job_of(spec, dict(given.get("status") or {}), **meta)
    if "secondsSinceStart" in given:
        job["status"]["startTime"] = "2026-11-21T11:59:45Z" if given["secondsSinceStart"] == 15 else LONG_AGO
    plan = Look(job, _many(given), NOW).run()
    check(case, job, plan)


def _many(given: Case) -> list[Obj]:
    pods = []
    numbers = dict(given.get("pods") or {})
    ready = numbers.pop("ready", 0)
    for kind, number in numbers.items():
        pods += [_kind("ready" if kind == "running" and each < ready else kind, f"{kind}-{each}") for each in range(number)]
    for each, one in enumerate(given.get("indexedPods") or ()):
        index = str(one["index"])
        notes = {} if index == "-" else {"annotations": {indexes.INDEX: index}}
        pods.append(pod_of(f"indexed-{each}", one["phase"], metadata=notes))
    return pods


def _kind(kind: str, name: str) -> Obj:
    if kind == "ready":
        return pod_of(name, "Running", conditions=[{"type": "Ready", "status": "True"}])
    if kind == "terminating":
        return pod_of(name, "Running", metadata={"deletionTimestamp": LONG_AGO})
    return pod_of(name, {"running": "Running", "pending": "Pending", "succeeded": "Succeeded", "failed": "Failed"}[kind])


def on_failure(case: Case) -> None:
    given = case["given"]
    pods = [
        pod_of(str(each), given["podPhase"], containerStatuses=[{"name": "c", "restartCount": many}])
        for each, many in enumerate(given["restartCounts"])
    ]
    spec = {key: given[key] for key in ("parallelism", "completions", "backoffLimit", "suspend")}
    job = job_of({**spec, "template": {"spec": {"restartPolicy": "OnFailure"}}})
    check(case, job, Look(job, pods, NOW).run())


def never(case: Case) -> None:
    given = case["given"]
    pods = [pod_of(f"f{each}", "Failed") for each in range(given["failedPods"])]
    pods += [pod_of(f"a{each}", given["activePodsPhase"]) for each in range(given["activePods"])]
    spec = {key: given[key] for key in ("parallelism", "completions", "backoffLimit")}
    job = job_of({**spec, "template": {"spec": {"restartPolicy": "Never"}}})
    check(case, job, Look(job, pods, NOW).run())


def spec_sync(case: Case) -> None:
    given, expect = case["given"], case["expect"]
    job = job_of(given["spec"], dict(given.get("status") or {}))
    now = max((instant(each["metadata"].get("deletionTimestamp")) for each in given["pods"]), default=0) or NOW
    plan = Look(job, [given_pod(each) for each in given["pods"]], now).run()
    if "status" not in expect:
        check(case, job, plan)
        return
    wanted = expect["status"]
    got: dict[str, Any] = counts(job, plan) | {
        "conditions": _merged(job, plan),
        "terminating": plan.terminating,
        "ready": plan.ready,
        "completedIndexes": indexes.render(plan.succeeded_indexes),
        "failedIndexes": indexes.render(plan.failed_indexes or ()),
    }
    compared = {key: value for key, value in wanted.items() if key in got}
    for key in ("active", "succeeded", "failed"):
        compared.setdefault(key, 0)
    same(compared, {key: got[key] for key in compared})


def _merged(job: Obj, plan: Plan) -> list[Obj]:
    held = list(job["status"].get("conditions") or ())
    return held + [each for each in conditions_of(plan) if each["type"] not in [one["type"] for one in held]]


def failure_policy(case: Case) -> None:
    given, expect = case["given"], case["expect"]
    got = policies.judge(given["policy"], given["pod"])
    same(expect.get("action", ""), got.action)
    same(expect["countsAsFailure"], got.counts)
    same(expect.get("jobFailureMessage", ""), got.message)


def success_policy(case: Case) -> None:
    given, expect = case["given"], case["expect"]
    succeeded = [each for first, last in given["succeededIndexes"] for each in range(first, last + 1)]
    got = policies.success(given.get("successPolicy"), succeeded, given["completions"])
    same(expect, {"met": bool(got)} | ({"message": got} if got else {}))


def back_off(case: Case) -> None:
    given = case["given"]
    last = instant(given.get("lastFailureTime")) if given.get("lastFailureTime") else 0
    got = backoff.remaining(given["failuresAfterLastSuccess"], last, instant(given["now"]), ms(given["initial"]), ms(given["max"]))
    same(ms(case["expect"]["remaining"]), got)


def back_off_record(case: Case) -> None:
    given, expect = case["given"], case["expect"]
    succeeded, failed = ([instant(each) for each in given.get(name) or ()] for name in ("succeeded", "failed"))
    failures, last = backoff.record(0, 0, succeeded, failed)
    same(expect["failuresAfterLastSuccess"], failures)
    same(instant(expect.get("lastFailureTime")), last)


AREAS: dict[str, Callable[[Case], None]] = {
    "job-sync": sync,
    "job-deadline": sync,
    "job-backoff": back_off,
    "job-backoff-record": back_off_record,
    "job-backoff-onfailure": on_failure,
    "job-backoff-never": never,
    "job-failure-policy": failure_policy,
    "job-policy-sync": spec_sync,
    "job-index-sync": spec_sync,
    "job-success-policy": success_policy,
    "job-success-sync": spec_sync,
}
