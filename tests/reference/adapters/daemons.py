"""Vectors of the DaemonSet and StatefulSet controllers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from podlab.sim.changes import Obj
from podlab.sim.controllers import statefulset
from podlab.sim.controllers.daemonset import nodes, pods

Case = dict[str, Any]


def same(expected: object, actual: object) -> None:
    """Fail with both sides."""
    assert expected == actual, f"expected {expected!r}, got {actual!r}"


def should_run(case: Case) -> None:
    given = case["given"]
    run, stay = nodes.should_run(given["template"], given["node"])
    same(case["expect"], {"shouldRun": run, "shouldContinueRunning": stay})


def failed_pods(case: Case) -> None:
    given = case["given"]
    phases = ["Failed"] * given["failedPods"] + ["Running"] * given["normalPods"]
    held: list[Obj] = [
        {"metadata": {"name": str(number)}, "spec": {"nodeName": "n"}, "status": {"phase": phase}} for number, phase in enumerate(phases)
    ]
    step = nodes.Step()
    nodes.on_node(step, "n", held, True, True, nodes.Rule())
    got = {"creates": len(step.create), "deletes": len(step.delete) + len(step.failed), "failedPodEvents": len(step.failed)}
    same(case["expect"], got)


def tolerations(case: Case) -> None:
    got = pods.own_tolerations(host_network=case["given"]["hostNetwork"])
    same(case["expect"]["tolerations"], got)


def max_unavailable(case: Case) -> None:
    given = case["given"]
    same(case["expect"]["maxUnavailable"], statefulset.max_unavailable(given.get("maxUnavailable"), given["replicas"]))


AREAS: dict[str, Callable[[Case], None]] = {
    "daemon-should-run": should_run,
    "daemon-failed-pods": failed_pods,
    "daemon-tolerations": tolerations,
    "sts-maxunavailable": max_unavailable,
}
