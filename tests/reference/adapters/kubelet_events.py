"""Events: their texts, and how the recorder counts, folds and drops them."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from podlab.sim.apiserver.events import BURST, REFILL_MS, SERIES_REFRESH_MS, SERIES_TICK_MS, Recorder
from podlab.sim.changes import ObjectChange
from podlab.sim.cluster import Cluster
from podlab.sim.commands import Fault
from podlab.sim.containerd.types import Container, Sandbox
from podlab.sim.kubelet import events, eviction_policy
from podlab.sim.kubelet.pod_actions import Runtime, compute
from podlab.sim.kubelet.probes.verdict import Verdict, event_of
from podlab.sim.kubelet.specs import field_path, hash_container
from podlab.sim.scheduler import fit_error
from tests.sim.kubelet.rig import Rig

Vector = dict[str, Any]


def crash_loop(given: Vector, expect: Vector) -> None:
    """The waiting message of a back-off, and its Event."""
    pod = f"{given['pod']}_{given['namespace']}({given['uid']})"
    assert expect["waiting"]["message"] == events.back_off_message(1000 * given["delaySeconds"], given["container"], pod)
    assert tuple(expect["event"].values()) == events.back_off(given["container"], pod)


def event(vector: Vector) -> None:
    """One vector of the area."""
    {"eventMessage": _message, "probeEvent": _probe_event, "eventAggregation": _aggregation}[vector["func"]](
        vector["given"], vector["expect"]
    )


def _probe_event(given: Vector, expect: Vector) -> None:
    verdict = Verdict(given["result"], given["error"] or given["output"])
    actual = event_of(given["probeType"], verdict)
    assert (tuple(expect["event"].values()) if expect["event"] else None) == actual


def _killing(given: Vector) -> events.Event:
    """The Event of a kill, as the pod actions word it."""
    name, sidecar = given["container"], given.get("sidecar", False)
    why = given["why"]
    if why == "resize":
        return events.killing(events.resize_needs_restart(name))
    if why not in ("liveness", "startup", "image", "unknown"):
        return events.killing(events.stopping(name))
    container = {"name": name, "image": "new", "livenessProbe": {}, "startupProbe": {"x": 1}} | (
        {"restartPolicy": "Always"} if sidecar else {}
    )
    hash_ = "old" if why == "image" else hash_container(container)
    other = {"name": "other", "image": "x"}
    spec = {"restartPolicy": given.get("restartPolicy", "Always"), "containers": [other] if sidecar else [container]}
    if sidecar:
        spec["initContainers"] = [container]
    runtime = Runtime([Sandbox("s", address="10.0.0.1")], [Container(name, state="unknown" if why == "unknown" else "running", hash=hash_)])
    results = {"startup": {name: "Success"}} | ({why: {name: "Failure"}} if why in ("liveness", "startup") else {})
    return events.killing(compute({"metadata": {}, "spec": spec}, runtime, results).kills[0].message)


MESSAGES: dict[str, Callable[[Vector], events.Event]] = {
    "pulling": lambda given: events.pulling(given["image"]),
    "pulled": lambda given: events.pulled(
        given["image"], int(1000 * given["pullSeconds"]), int(1000 * given["totalSeconds"]), given["sizeBytes"]
    ),
    "present": lambda given: events.present(given["image"]),
    "created": lambda given: events.CREATED,
    "started": lambda given: events.STARTED,
    "killing": _killing,
    "backoff": lambda given: events.back_off(given["container"], f"{given['pod']}_{given['namespace']}({given['uid']})"),
    "imageBackoff": lambda given: events.pull_back_off(given["image"]),
    "pullFailed": lambda given: events.pull_failed(given["image"], given["error"]),
    "startFailed": lambda given: events.start_failed(given["error"]),
    "neverPull": lambda given: events.never_pull(given["image"]),
    "postStartFailed": lambda given: events.POST_START_FAILED,
    "preStopFailed": lambda given: events.PRE_STOP_FAILED,
    "sandboxChanged": lambda given: events.SANDBOX_CHANGED,
    "mountFailed": lambda given: events.failed_mount(events.set_up_failed(given["volume"], given["error"])),
    "networkNotReady": lambda given: events.network_not_ready(given["error"]),
    "deadline": lambda given: events.DEADLINE,
    "criticalPreemption": lambda given: events.PREEMPTING,
    "evicted": lambda given: events.evicted(_evicted(given)),
}
BY_REASON: dict[str, Callable[[Vector], events.Event]] = {
    "InspectFailed": lambda given: events.inspect_failed(given["image"], given["error"]),
    "BackOff": lambda given: MESSAGES["imageBackoff" if "image" in given else "backoff"](given),
    "Failed": lambda given: MESSAGES["pullFailed" if "image" in given else "startFailed"](given),
    "Pulled": lambda given: MESSAGES["pulled" if "pullSeconds" in given else "present"](given),
    "Killing": _killing,
    "FailedScheduling": lambda given: _unschedulable(given),
    "FailedMount": lambda given: MESSAGES["mountFailed"](given),
}
"""For a vector that calls an Event by another name than those above: which Event it is, its reason tells."""


def _evicted(given: Vector) -> str:
    return eviction_policy.message(
        given["resource"],
        given["threshold"],
        given["available"],
        [(each["name"], each["usage"], each["request"]) for each in given["containers"]],
    )


def _whole(reason: str, text: str, *, isolate_ms: int = 0, heal_ms: int = 0, until_ms: int = 5_000) -> tuple[events.Event, str]:
    """The first Event with that reason and text in a whole cluster with one Pod, and the name of the Pod's node."""
    cluster = Cluster.start(boot(), 1, 1_767_571_200_000)
    spec = {"containers": [{"name": "app", "image": "nginx"}]}
    cluster.api.create(
        "pods", {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p", "namespace": "default"}, "spec": spec}, by="learner"
    )
    cluster.advance(5_000)
    node = cluster.api.get("pods", "p", "default")["spec"]["nodeName"]
    for at_ms, fault in ((isolate_ms, "isolate"), (heal_ms, "heal")):
        if at_ms:
            cluster.advance(at_ms)
            cluster.apply(Fault(fault, node))
    cluster.advance(until_ms)
    found = next(each for each in cluster.api.list("events") if each["reason"] == reason and text in each["message"])
    return (found["type"], found["reason"], found["message"]), str(node)


@functools.cache
def boot() -> bytes:
    """The standard cluster."""
    return Cluster.boot("standard")


def _bound(given: Vector) -> events.Event:
    event, node = _whole("Scheduled", "")
    return event[0], event[1], event[2].replace(node, given["node"])


def _unschedulable(given: Vector) -> events.Event:
    reasons = [[reason] for reason, count in given["reasons"].items() for _ in range(count)]
    return events.warning(
        "FailedScheduling",
        fit_error.message(given["nodes"], reasons, after=f"no new claims to deallocate, preemption: {given['postFilter']}"),
    )


MESSAGES |= {
    "bound": _bound,
    "unschedulable": _unschedulable,
    "nodeNotReady": lambda given: _whole("NodeNotReady", "Node is", isolate_ms=6_000, until_ms=80_000)[0],
    "taintEviction": lambda given: _whole("TaintManagerEviction", "Marking", isolate_ms=6_000, until_ms=400_000)[0],
    "taintEvictionCancelled": lambda given: _whole(
        "TaintManagerEviction", "Cancelling", isolate_ms=6_000, heal_ms=100_000, until_ms=130_000
    )[0],
}


def _message(given: Vector, expect: Vector) -> None:
    maker = MESSAGES.get(given["what"]) or BY_REASON.get(expect["reason"])
    assert maker is not None, f"no maker for {given['what']}"
    type_, reason, message = maker(given)
    assert (expect["type"], expect["reason"], expect["message"]) == (type_, reason, message)
    if "fieldPath" in expect:
        name = given.get("container", "app")
        key = "initContainers" if given.get("sidecar") or "initContainers" in expect["fieldPath"] else "containers"
        assert expect["fieldPath"] == field_path({key: [{"name": name}]}, name)


def _aggregation(given: Vector, expect: Vector) -> None:
    rig = Rig()
    pod = {"kind": "Pod", "apiVersion": "v1", "metadata": {"name": "p", "namespace": "default", "uid": "u1"}}
    recorder, series, counts, memory = Recorder(rig.world, "test", ""), given.get("api") == "events.k8s.io/v1", [], []
    for emit in given["emits"]:
        rig.run(emit["t"])
        if series:
            recorder.series(pod, "Warning", "FailedScheduling", "x", action="Scheduling")
            counts.append(((rig.api.list("events")[0].get("series")) or {}).get("count"))
            memory.append(next(iter(rig.api.correlator("test", "").series.values())).count)
        else:
            recorder.event(pod, "Warning", emit["reason"], emit["message"])
    held = rig.api.list("events")
    writes = [each for each in rig.world.changes if isinstance(each, ObjectChange) and each.resource == "events"]
    last = writes[-1].new
    actual = {
        "objects": len(held),
        "count": last.get("count"),
        "firstTimestamp": rig.world.instant(last["firstTimestamp"]) // 1000 if last.get("firstTimestamp") else None,
        "lastTimestamp": rig.world.instant(last["lastTimestamp"]) // 1000 if last.get("lastTimestamp") else None,
        "lastMessage": last["message"],
        "lastCount": last.get("count"),
        "combined": any(each["message"].startswith("(combined") for each in held),
        "written": len(writes),
        "dropped": len(given["emits"]) - len(writes),
        "refillSeconds": REFILL_MS // 1000,
        "burst": BURST,
        "storedSeriesCountAfter": counts,
        "inMemoryCount": [0 if n == 1 else n for n in memory],
        "refreshMinutes": SERIES_REFRESH_MS // 60_000,
        "finishIdleMinutes": SERIES_TICK_MS // 60_000,
    }
    for key, value in expect.items():
        assert value == actual[key], f"{key}: {value!r} != {actual[key]!r}"
