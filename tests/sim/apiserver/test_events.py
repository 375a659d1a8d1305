"""The recorder: counted, folded, filtered, in series."""

from __future__ import annotations

from podlab.sim.apiserver.events import Recorder
from tests.sim.apiserver.rig import bare

POD = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p", "namespace": "default", "uid": "u", "resourceVersion": "1"}}


def test_the_same_event_again_is_counted() -> None:
    """EV-1, EV-5: one object, its field path, count and last time."""
    api = bare()
    recorder = Recorder(api.world, "kubelet", "n1")
    for t in (0, 10_000, 20_000):
        api.world.kernel.run_until(t)
        recorder.event(POD, "Warning", "BackOff", "m", "spec.containers{c}")
    (event,) = api.list("events")
    assert (3, "2023-11-14T22:13:20Z", "2023-11-14T22:13:40Z") == (event["count"], event["firstTimestamp"], event["lastTimestamp"])
    assert {"component": "kubelet", "host": "n1"} == event["source"]
    assert "spec.containers{c}" == event["involvedObject"]["fieldPath"]


def test_the_tenth_different_message_is_folded() -> None:
    """EV-6: from then on one event says `(combined from similar events)`; ten minutes of silence begin anew."""
    api = bare()
    recorder = Recorder(api.world, "kubelet", "n1")
    for number in range(11):
        recorder.event(POD, "Warning", "Unhealthy", f"m{number}")
    folded = [each for each in api.list("events") if each["message"].startswith("(combined from similar events): ")]
    assert 10 == len(api.list("events"))
    assert [(2, "(combined from similar events): m10")] == [(each["count"], each["message"]) for each in folded]
    api.world.kernel.run_until(601_000)
    recorder.event(POD, "Warning", "Unhealthy", "later")
    assert "later" in [each["message"] for each in api.list("events")]


def test_an_object_has_twenty_five_events_and_one_more_every_five_minutes() -> None:
    """EV-7: the rest is dropped, but counted."""
    api = bare()
    recorder = Recorder(api.world, "kubelet", "n1")
    for _ in range(30):
        recorder.event(POD, "Warning", "Unhealthy", "m")
    assert [25] == [each["count"] for each in api.list("events")]
    api.world.kernel.run_until(300_000)
    recorder.event(POD, "Warning", "Unhealthy", "m")
    assert [31] == [each["count"] for each in api.list("events")]


def test_the_schedulers_second_event_opens_a_series() -> None:
    """EV-8, rule C15: written at the second, then only counted, and closed after six idle minutes."""
    api = bare()
    recorder = Recorder(api.world, "default-scheduler")
    seen = []
    for t in (0, 60_000, 120_000):
        api.world.kernel.run_until(t)
        recorder.series(POD, "Warning", "FailedScheduling", "m", action="Scheduling")
        (event,) = api.list("events")
        seen.append(event.get("series", {}).get("count"))
    assert [None, 2, 2] == seen
    api.world.kernel.run_until(720_000)
    (event,) = api.list("events")
    assert 3 == event["series"]["count"]
    assert {} == api.correlator("default-scheduler").series


def test_a_recorder_remembers_across_saving() -> None:
    """What it knows lies in the store's state, by component and host."""
    api = bare()
    Recorder(api.world, "kubelet", "n1").event(POD, "Normal", "R", "m")
    Recorder(api.world, "kubelet", "n1").event(POD, "Normal", "R", "m")
    assert [2] == [each["count"] for each in api.list("events")]
