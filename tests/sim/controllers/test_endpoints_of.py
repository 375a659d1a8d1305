"""When endpoints are looked at, and what they say of when they changed (rule X22; upstream: trigger_time_tracker.go, GetServicesToUpdateOnPodChange)."""

from __future__ import annotations

from typing import Any

from podlab.sim.changes import Obj, ObjectChange
from podlab.sim.controllers.endpoints_of import TRIGGER, is_told, trigger_annotation
from tests.sim import rig

WORLD = rig.world()
SERVICE: Obj = {"metadata": {"name": "web", "creationTimestamp": "2026-01-01T00:00:10Z"}, "spec": {"selector": {"app": "web"}}}


def pod(name: str = "a", ready: str = "False", at: str = "2026-01-01T00:00:20Z", **status: Any) -> Obj:
    conditions = [{"type": "Ready", "status": ready, "lastTransitionTime": at}]
    return {"metadata": {"name": name, "labels": {"app": "web"}}, "status": {"conditions": conditions, **status}}


def changed(old: Obj, new: Obj) -> ObjectChange:
    return ObjectChange(0, 1, "MODIFIED", "pods", "default", "a", "u", "1", old, new)


def test_the_first_look_tells_when_the_service_was_made() -> None:
    """Whatever its Pods did before."""
    assert trigger_annotation(WORLD, {}, "k", SERVICE, [pod()]) == {TRIGGER: "2026-01-01T00:00:10Z"}


def test_later_looks_tell_the_first_of_what_changed() -> None:
    """Nothing where nothing did; other Services' Pods do not count."""
    seen: dict[str, dict[str, int]] = {}
    other = {**pod("c", at="2026-01-01T00:00:11Z"), "metadata": {"name": "c", "labels": {}}}
    trigger_annotation(WORLD, seen, "k", SERVICE, [])
    assert trigger_annotation(
        WORLD, seen, "k", SERVICE, [pod("a", at="2026-01-01T00:00:21Z"), pod("b", at="2026-01-01T00:00:20Z"), other]
    ) == {TRIGGER: "2026-01-01T00:00:20Z"}
    assert trigger_annotation(WORLD, seen, "k", SERVICE, [pod("a", at="2026-01-01T00:00:21Z"), pod("b", at="2026-01-01T00:00:20Z")]) == {}
    assert trigger_annotation(
        WORLD, seen, "k", SERVICE, [pod("a", "True", "2026-01-01T00:00:30Z"), pod("b", at="2026-01-01T00:00:20Z")]
    ) == {TRIGGER: "2026-01-01T00:00:30Z"}


def test_endpoints_are_looked_at_only_when_they_may_change() -> None:
    """A Pod's readiness, addresses and labels matter, its containers do not."""
    old = pod()
    assert not is_told(changed(old, pod(containerStatuses=[{"restartCount": 1}])))
    assert is_told(changed(old, pod(ready="True")))
    assert is_told(changed(old, pod(podIPs=[{"ip": "10.0.0.1"}])))
    assert is_told(changed(old, {**old, "metadata": {**old["metadata"], "labels": {}}}))
    assert is_told(changed(old, {**old, "metadata": {**old["metadata"], "deletionTimestamp": "2026-01-01T00:00:40Z"}}))
