"""When endpoints are looked at, and what they say of when they changed (rule X22; upstream: trigger_time_tracker.go, GetServicesToUpdateOnPodChange)."""

from __future__ import annotations

from typing import Any

from podlab.sim.changes import Obj, ObjectChange
from podlab.sim.controllers.endpoints_of import TRIGGER, is_told, trigger_annotation

SERVICE: Obj = {"metadata": {"name": "web", "creationTimestamp": "T10"}, "spec": {"selector": {"app": "web"}}}


def pod(name: str = "a", ready: str = "False", at: str = "T20", **status: Any) -> Obj:
    conditions = [{"type": "Ready", "status": ready, "lastTransitionTime": at}]
    return {"metadata": {"name": name, "labels": {"app": "web"}}, "status": {"conditions": conditions, **status}}


def changed(old: Obj, new: Obj) -> ObjectChange:
    return ObjectChange(0, 1, "MODIFIED", "pods", "default", "a", "u", "1", old, new)


def test_the_first_look_tells_when_the_service_was_made() -> None:
    """Whatever its Pods did before."""
    assert trigger_annotation({}, "k", SERVICE, [pod()]) == {TRIGGER: "T10"}


def test_later_looks_tell_the_first_of_what_changed() -> None:
    """Nothing where nothing did; other Services' Pods do not count."""
    seen: dict[str, dict[str, str]] = {}
    other = {**pod("c", at="T11"), "metadata": {"name": "c", "labels": {}}}
    trigger_annotation(seen, "k", SERVICE, [])
    assert trigger_annotation(seen, "k", SERVICE, [pod("a", at="T21"), pod("b", at="T20"), other]) == {TRIGGER: "T20"}
    assert trigger_annotation(seen, "k", SERVICE, [pod("a", at="T21"), pod("b", at="T20")]) == {}
    assert trigger_annotation(seen, "k", SERVICE, [pod("a", "True", "T30"), pod("b", at="T20")]) == {TRIGGER: "T30"}


def test_endpoints_are_looked_at_only_when_they_may_change() -> None:
    """A Pod's readiness, addresses and labels matter, its containers do not."""
    old = pod()
    assert not is_told(changed(old, pod(containerStatuses=[{"restartCount": 1}])))
    assert is_told(changed(old, pod(ready="True")))
    assert is_told(changed(old, pod(podIPs=[{"ip": "10.0.0.1"}])))
    assert is_told(changed(old, {**old, "metadata": {**old["metadata"], "labels": {}}}))
    assert is_told(changed(old, {**old, "metadata": {**old["metadata"], "deletionTimestamp": "T40"}}))
