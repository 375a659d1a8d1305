"""One look at a Job, where upstream's tables that are at hand do not reach."""

from __future__ import annotations

from typing import Any

import pytest

from podlab.sim.changes import Obj
from podlab.sim.controllers.job import indexes
from podlab.sim.controllers.job.plan import FINALIZER, Look, Plan
from podlab.sim.controllers.pods import instant

NOW = instant("2026-11-21T12:00:00Z")


def pod(name: str, phase: str = "Running", index: int | None = None, ended: str = "2026-11-21T11:00:00Z", **notes: Any) -> Obj:
    """A tracked Pod; `notes`: further annotations as `failures`, `ignored`; `since`: ready since."""
    annotations = {} if index is None else {indexes.INDEX: str(index)}
    annotations |= {indexes.FAILURES: str(notes["failures"])} if "failures" in notes else {}
    annotations |= {indexes.IGNORED: str(notes["ignored"])} if "ignored" in notes else {}
    meta = {"name": name, "namespace": "default", "uid": name, "finalizers": [FINALIZER], "annotations": annotations}
    status: Obj = {"phase": phase}
    if phase in ("Succeeded", "Failed"):
        status["containerStatuses"] = [{"name": "c", "state": {"terminated": {"finishedAt": ended, "exitCode": notes.get("code", 1)}}}]
    if "since" in notes:
        status["conditions"] = [{"type": "Ready", "status": "True", "lastTransitionTime": notes["since"]}]
    return {"metadata": meta, "spec": {"nodeName": "n"} if notes.get("bound", True) else {}, "status": status}


def look(spec: Obj, pods: list[Obj], status: Obj | None = None) -> Plan:
    whole = {"template": {"spec": {}}, "backoffLimit": 6, **spec}
    return Look({"metadata": {"name": "job", "uid": "job"}, "spec": whole, "status": status or {}}, pods, NOW).run()


def gone(plan: Plan) -> list[str]:
    return [each["metadata"]["name"] for each in plan.delete]


INDEXED = {"completionMode": "Indexed", "completions": 3, "parallelism": 3}
PER_INDEX = {**INDEXED, "backoffLimitPerIndex": 3, "backoffLimit": 1000}


def test_a_backoff_limit_that_is_lowered_ends_the_job() -> None:
    """What has failed already counts, without a new failure."""
    plan = look({"backoffLimit": 1, "completions": 5}, [pod("a")], {"failed": 2})
    assert plan.end is not None
    assert plan.end.reason == "BackoffLimitExceeded"


REMOVALS: dict[str, tuple[Obj, list[Obj], list[str]]] = {
    "of Pods of one index the one that is furthest stays": (INDEXED, [pod("a", index=0), pod("b", "Pending", index=0)], ["b"]),
    "those without an index and beyond the last": (INDEXED, [pod("a"), pod("b", index=3), pod("c", index=1)], ["a", "b"]),
    "an index that is done may go on": (
        {**INDEXED, "completions": 4},
        [pod("a", "Succeeded", 0), pod("b", index=0), pod("c", index=1)],
        [],
    ),
    "without a node first": ({"completions": 5, "parallelism": 1}, [pod("a"), pod("b", bound=False)], ["b"]),
    "what is pending before what runs": ({"completions": 5, "parallelism": 1}, [pod("a"), pod("b", "Pending")], ["b"]),
    "what is not ready before what is": (
        {"completions": 5, "parallelism": 1},
        [pod("a", since="2026-11-21T11:00:00Z"), pod("b")],
        ["b"],
    ),
    "what was ready for less": (
        {"completions": 5, "parallelism": 1},
        [pod("a", since="2026-11-21T11:00:00Z"), pod("b", since="2026-11-21T11:00:01Z")],
        ["b"],
    ),
}


@pytest.mark.parametrize("name", REMOVALS)
def test_superfluous_pods_go(name: str) -> None:
    """Duplicates first; then those that have done least."""
    spec, pods, expected = REMOVALS[name]
    assert gone(look(spec, pods)) == expected


def test_with_a_limit_per_index_an_index_waits_for_itself() -> None:
    """Its absolute number of failures counts; the others are made."""
    failed = pod("a", "Failed", 0, "2026-11-21T11:59:55Z", failures=0, ignored=1)
    plan = look(PER_INDEX, [failed])
    assert plan.create == [1, 2]
    assert plan.wait_ms is None
    alone = look({**PER_INDEX, "parallelism": 1}, [failed])
    assert (alone.create, alone.wait_ms) == ([], 15_000)


def test_the_pod_that_is_replaced_hands_its_count_on() -> None:
    """It keeps its finalizer until then."""
    failed = pod("a", "Failed", 0, failures=1)
    plan = look(PER_INDEX, [failed])
    assert plan.replaced == {0: failed}
    assert plan.counted == []
    assert look(PER_INDEX, [failed, pod("b", index=0, failures=2)]).counted == [failed]


def test_an_index_that_failed_too_often_is_given_up() -> None:
    """With FailIndex at once; the Job goes on with the others, and fails when all are decided."""
    rule = {"action": "FailIndex", "onExitCodes": {"operator": "In", "values": [3]}}
    spec = {**PER_INDEX, "podFailurePolicy": {"rules": [rule]}}
    plan = look(spec, [pod("a", "Failed", 0, failures=0, code=3), pod("b", index=1)])
    assert (plan.failed_indexes, plan.create, plan.end) == ([0], [2], None)
    ended = look({**spec, "completions": 1}, [pod("a", "Failed", 0, failures=0, code=3)])
    assert ended.end is not None
    assert ended.end.reason == "FailedIndexes"
    many = look({**spec, "maxFailedIndexes": 0}, [pod("a", "Failed", 0, failures=0, code=3)])
    assert many.end is not None
    assert many.end.reason == "MaxFailedIndexesExceeded"


def test_a_name_keeps_its_index() -> None:
    """The Job's name is cut instead."""
    assert indexes.prefix("j" * 60, 12) == "j" * 54 + "-12-"
    assert indexes.prefix("job", None) == "job-"
