"""What the API server refuses of Jobs, CronJobs, DaemonSets and StatefulSets beyond what recordings hold."""

from __future__ import annotations

import pytest

from podlab.sim.api.validation.batch import validate_cron_job, validate_job
from podlab.sim.api.validation.errors import FieldError
from podlab.sim.api.validation.job_status import validate_job_status
from podlab.sim.api.validation.workloads import validate_daemon_set, validate_stateful_set
from podlab.sim.changes import Obj

POD: Obj = {
    "metadata": {"labels": {"app": "x"}},
    "spec": {
        "containers": [{"name": "c", "image": "busybox", "imagePullPolicy": "Always", "terminationMessagePolicy": "File", "resources": {}}],
        "restartPolicy": "Always",
        "dnsPolicy": "ClusterFirst",
        "securityContext": {},
    },
}
ONCE: Obj = {**POD, "spec": {**POD["spec"], "restartPolicy": "Never"}}
SELECTOR: Obj = {"matchLabels": {"app": "x"}}


def told(errors: list[FieldError]) -> list[str]:
    return [str(each) for each in errors]


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ({}, []),
        ({"maxFailedIndexes": 2, "completionMode": "Indexed", "completions": 3}, ["spec.backoffLimitPerIndex: Required value: when maxFailedIndexes is specified"]),
        (
            {"maxFailedIndexes": 4, "backoffLimitPerIndex": 1, "completionMode": "Indexed", "completions": 3},
            ["spec.maxFailedIndexes: Invalid value: 4: must be less than or equal to completions"],
        ),
        ({"completionMode": "Nope"}, ['spec.completionMode: Unsupported value: "Nope": supported values: "NonIndexed", "Indexed"']),
        ({"successPolicy": {}}, ["spec.successPolicy: Invalid value: {}: requires indexed completion mode"]),
        ({"managedBy": "acme.io/robot"}, []),
        ({"managedBy": "acme.io/" + "r" * 63}, ["spec.managedBy: Too long: may not be more than 63 bytes"]),
    ],
)  # fmt: skip
def test_a_job_says_what_goes_together(spec: Obj, expected: list[str]) -> None:
    """One field needs, or forbids, another."""
    job: Obj = {"metadata": {"name": "j", "uid": "u"}, "spec": {"manualSelector": True, "selector": SELECTOR, "template": ONCE, **spec}}
    assert expected == told(validate_job(job))


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ({"startTime": "1", "completionTime": "2", "conditions": ["SuccessCriteriaMet", "Complete"]}, []),
        ({"startTime": "2", "completionTime": "1", "conditions": ["SuccessCriteriaMet", "Complete"]}, ["status.completionTime"]),
        ({"completionTime": "1", "conditions": []}, ["status.completionTime"]),
        ({"startTime": "1", "conditions": ["Failed"]}, ["status.conditions"]),
        ({"startTime": "1", "active": 1, "conditions": ["FailureTarget", "Failed"]}, ["status.active"]),
        ({"active": -1}, ["status.active"]),
    ],
)
def test_a_job_that_has_ended_says_so_completely(status: Obj, expected: list[str]) -> None:
    """Times, conditions and counts that belong together."""
    conditions = [{"type": each, "status": "True"} for each in status.get("conditions", [])]
    found = validate_job_status({"status": {**status, "conditions": conditions}}, {"status": {}})
    assert expected == [each.field for each in found]


def test_a_jobs_status_that_was_wrong_before_may_stay_so() -> None:
    """Only a change is judged."""
    held: Obj = {"status": {"conditions": [{"type": "Complete", "status": "True"}]}}
    assert [] == validate_job_status({"status": {**held["status"], "succeeded": 1}}, held)


@pytest.mark.parametrize(("zone", "wrong"), [("Asia/Seoul", False), ("local", True), ("../etc/passwd", True), ("Nowhere/City", True)])
def test_a_time_zone_has_a_name_in_the_database(zone: str, wrong: bool) -> None:
    """Nothing else is looked up."""
    template = {"spec": {"template": ONCE, "completionMode": "NonIndexed"}}
    cron: Obj = {
        "metadata": {"name": "k"},
        "spec": {"schedule": "* * * * *", "concurrencyPolicy": "Allow", "timeZone": zone, "jobTemplate": template},
    }
    assert (["spec.timeZone"] if wrong else []) == [each.field for each in validate_cron_job(cron)]


@pytest.mark.parametrize(
    ("rolling", "expected"),
    [
        ({"maxUnavailable": "200%", "maxSurge": 0}, ["maxUnavailable"]),
        ({"maxUnavailable": "0%", "maxSurge": 0}, ["maxUnavailable"]),
        ({"maxUnavailable": 1, "maxSurge": "10%"}, ["maxSurge"]),
        ({"maxUnavailable": "10%", "maxSurge": 0}, []),
    ],
)
def test_a_daemon_set_rolls_by_one_bound(rolling: Obj, expected: list[str]) -> None:
    """Exactly one of the two is not zero."""
    strategy = {"type": "RollingUpdate", "rollingUpdate": rolling}
    found = validate_daemon_set({"spec": {"selector": SELECTOR, "template": POD, "updateStrategy": strategy}})
    assert [f"spec.updateStrategy.rollingUpdate.{each}" for each in expected] == [each.field for each in found]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, []),
        ({"podManagementPolicy": "Nope"}, ["spec.podManagementPolicy"]),
        ({"updateStrategy": {"type": "OnDelete", "rollingUpdate": {"partition": 1}}}, ["spec.updateStrategy.rollingUpdate"]),
        (
            {"updateStrategy": {"type": "RollingUpdate", "rollingUpdate": {"partition": -1}}},
            ["spec.updateStrategy.rollingUpdate.partition"],
        ),
    ],
)
def test_a_stateful_set_is_made_and_changed_in_known_ways(change: Obj, expected: list[str]) -> None:
    """Its policies."""
    spec = {"selector": SELECTOR, "template": POD, "podManagementPolicy": "OrderedReady", "updateStrategy": {"type": "OnDelete"}, **change}
    assert expected == [each.field for each in validate_stateful_set({"spec": spec})]
