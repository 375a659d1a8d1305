"""A cluster that is saved and loaded at any instant goes on as if nothing had been."""

from __future__ import annotations

from typing import Any

from podlab.sim.changes import ObjectChange
from podlab.sim.cluster import Cluster

PROBE = {"exec": {"command": ["cat", "/tmp/ok"]}, "periodSeconds": 3}
PODS: dict[str, dict[str, Any]] = {
    "loops": {"containers": [{"name": "app", "image": "busybox:1.36", "command": ["sh", "-c", "sleep 2; exit 1"]}]},
    "probed": {
        "containers": [
            {
                "name": "app",
                "image": "busybox:1.36",
                "command": ["sh", "-c", "sleep 5; touch /tmp/ok; sleep 9; rm /tmp/ok; sleep 100"],
                "readinessProbe": PROBE,
                "livenessProbe": PROBE | {"failureThreshold": 4},
            }
        ]
    },
    "waits": {
        "initContainers": [{"name": "first", "image": "busybox:1.36", "command": ["sleep", "4"]}],
        "containers": [{"name": "app", "image": "nginx:no-such-tag"}],
    },
    "hooked": {
        "containers": [{"name": "app", "image": "nginx", "lifecycle": {"preStop": {"exec": {"command": ["sleep", "4"]}}}}],
        "activeDeadlineSeconds": 30,
    },
}
BOOT = Cluster.boot("solo")


def story(pause_ms: int) -> list[tuple[int, str, str, Any]]:
    """What happens in a minute, the cluster being saved and loaded every `pause_ms` (0: never)."""
    cluster, told = Cluster.start(BOOT, 1, 1_767_571_200_000), []
    for name, spec in PODS.items():
        cluster.api.create(
            "pods", {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, "namespace": "default"}, "spec": spec}, by="learner"
        )
    for until in range(pause_ms or 60_000, 60_001, pause_ms or 60_000):
        cluster.advance(until)
        told += [each for each in cluster.take_changes() if isinstance(each, ObjectChange)]
        cluster = Cluster.load(cluster.dump())
        if until == 30_000:
            cluster.api.delete("pods", "probed", "default", by="learner")
    return [(each.t, each.type, each.name, each.new.get("status")) for each in told if each.resource == "pods"]


def test_saving_and_loading_at_any_instant_changes_nothing() -> None:
    """State lies in the State structs alone."""
    assert story(10_000) == story(250)


def test_no_phase_leaves_a_last_one_and_restarts_never_shrink() -> None:
    """Properties of every run."""
    phases: dict[str, str] = {}
    counts: dict[str, int] = {}
    for _, _, name, status in story(10_000):
        if phases.get(name) in ("Succeeded", "Failed"):
            assert status["phase"] == phases[name]
        phases[name] = status["phase"]
        for each in status.get("containerStatuses") or ():
            assert each["restartCount"] >= counts.get(name, 0)
            counts[name] = each["restartCount"]
        ready = next((each["status"] for each in status.get("conditions") or () if each["type"] == "Ready"), "False")
        assert ready == "False" or all(each["ready"] for each in status["containerStatuses"])
