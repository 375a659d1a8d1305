"""The kubelet's vectors, area by area: each callable takes one vector and raises AssertionError on a difference.

`expect` is partial: what is not named is not asserted.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from podlab.sim.containerd.containerd import terminated_reason
from podlab.sim.containerd.types import Container, Sandbox
from podlab.sim.kubelet import backoff, conditions, status_merge
from podlab.sim.kubelet.container_status import View, convert
from podlab.sim.kubelet.phase import get_phase
from podlab.sim.kubelet.pod_actions import Runtime, compute
from podlab.sim.kubelet.readiness import is_ready, is_started
from podlab.sim.kubelet.restart import exit_code_restarts, should_be_restarted
from podlab.sim.kubelet.specs import hash_container
from podlab.sim.kubelet.status import Known, container_statuses, with_conditions, with_phase
from podlab.sim.kubelet.termination import grace_seconds, is_initialised, terminated_status
from podlab.sim.world import World, WorldState
from tests.reference.adapters import kubelet_events, kubelet_nodes, kubelet_probes, kubelet_scenarios

Vector = dict[str, Any]


def includes(expected: Any, actual: Any, where: str = "") -> None:
    """Assert that everything named in `expected` is so in `actual`."""
    if isinstance(expected, dict):
        assert isinstance(actual, dict), f"{where}: {expected!r} != {actual!r}"
        for key, value in expected.items():
            includes(value, actual.get(key), f"{where}.{key}")
    elif isinstance(expected, list) and all(isinstance(each, dict) and "name" in each for each in expected) and isinstance(actual, list):
        by_name = {each["name"]: each for each in actual}
        for one in expected:
            includes(one, by_name.get(one["name"]), f"{where}[{one['name']}]")
    elif isinstance(expected, list):
        assert isinstance(actual, list) and len(expected) == len(actual), f"{where}: {expected!r} != {actual!r}"
        for n, (one, other) in enumerate(zip(expected, actual, strict=True)):
            includes(one, other, f"{where}[{n}]")
    else:
        assert expected == (actual or "" if expected == "" else actual), f"{where}: {expected!r} != {actual!r}"


def pod_of(given: Vector, **meta: Any) -> dict[str, Any]:
    """A Pod out of a vector's spec."""
    metadata: dict[str, Any] = {"name": "p", "namespace": "default", "uid": "u1", **meta}
    if given.get("deletionTimestamp"):
        metadata["deletionTimestamp"] = "2026-01-05T00:00:00Z"
    return {"metadata": metadata, "spec": given.get("spec") or {}}


def sandboxes_of(given: list[Vector]) -> list[Sandbox]:
    """Runtime sandboxes, newest first."""
    return [
        Sandbox(
            each.get("id", ""),
            attempt=each.get("attempt", 0),
            ready=each["state"] == "READY",
            address=each.get("ip") or "",
            host_network=each.get("network") == "NODE",
        )
        for each in given
    ]


def container_of(given: Vector, spec: Vector) -> Container:
    """A runtime container; `hashMatches: false`: made from another image."""
    name = given["name"]
    wanted = next(
        (each for key in ("containers", "initContainers", "ephemeralContainers") for each in spec.get(key) or () if each["name"] == name),
        {"name": name},
    )
    hash_ = hash_container(wanted) if given.get("hashMatches", True) else "other"
    exit_code = given.get("exitCode", 0)
    return Container(
        name,
        id=name,
        state=given["state"].lower(),
        exit_code=exit_code,
        reason=terminated_reason(exit_code),
        hash=hash_,
        restarts=given.get("restartCount", 0),
        created_ms=given.get("order", 0),
    )


def containers_of(given: Any, spec: Vector) -> list[Container]:
    """All runtime containers, newest first."""
    if isinstance(given, dict):
        given = [{**each, "name": name} for name, many in given.items() for each in many]
    return sorted((container_of(each, spec) for each in given or ()), key=lambda each: -each.created_ms)


# Areas.


def phase(vector: Vector) -> None:
    given = vector["given"]
    actual = get_phase(
        given["spec"],
        given["status"],
        terminal=given.get("podIsTerminal", False),
        initialized=given.get("podHasInitialized", False),
        static=given.get("static", False),
    )
    assert vector["expect"]["phase"] == actual


def condition(vector: Vector) -> None:
    given, expect = vector["given"], vector["expect"]
    spec, status = given.get("spec") or {}, given.get("status") or {}
    if vector["func"] == "generateAPIPodStatus.conditionOrder":
        pod = {**pod_of(given), "status": {"conditions": given["oldConditions"]}}
        status = with_conditions(pod, {"containerStatuses": []}, Runtime(), Known(pod["status"], {}))
        assert expect["types"] == [each["type"] for each in status["conditions"]]
        return
    makers: dict[str, Callable[[], Any]] = {
        "GenerateContainersReadyCondition": lambda: conditions.containers_ready(spec, status),
        "GeneratePodReadyCondition": lambda: conditions.pod_ready(spec, status, status.get("conditions") or []),
        "GeneratePodInitializedCondition": lambda: conditions.initialized(spec, status),
        "GeneratePodReadyToStartContainersCondition": lambda: conditions.ready_to_start(
            sandboxes_of(given["sandboxes"]), host_network=given.get("hostNetwork", False)
        ),
        "GenerateAllContainersRestartingCondition": lambda: conditions.all_restarting(spec, status),
    }
    actual = makers[vector["func"]]()
    includes(expect, actual)
    assert expect.get("reason", "") == actual.get("reason", "")


def container_status(vector: Vector) -> None:
    CONTAINER_STATUS[vector["func"]](vector["given"], vector["expect"])


def _should_restart(given: Vector, expect: Vector) -> None:
    seen = given.get("runtimeStatus")
    newest = container_of({"name": "c", **seen}, {}) if seen else None
    container = given.get("container") or {"name": "c"}
    assert expect["restart"] == should_be_restarted(
        container, given["podRestartPolicy"], newest, deleted=bool(given.get("deletionTimestamp"))
    )


def _exit_restarts(given: Vector, expect: Vector) -> None:
    assert expect["restart"] == exit_code_restarts(given["container"], given["podRestartPolicy"], given["exitCode"])


def _convert(given: Vector, expect: Vector) -> None:
    pod, spec = pod_of(given), given["spec"]
    runtime = containers_of(given.get("runtime"), spec)
    reasons = {name: (each["reason"], each["message"]) for name, each in (given.get("reasonCache") or {}).items()}
    view = View(
        pod,
        runtime,
        reasons,
        lambda _: "2026-01-05T00:00:00Z",
        bool(given.get("deletionTimestamp")),
        bool(given.get("restartingAllContainers")),
    )
    previous = given.get("previous") or []
    for key, field in (("containerStatuses", "containers"), ("initContainerStatuses", "initContainers")):
        if key in expect:
            includes(expect[key], convert(view, spec.get(field) or [], previous))


def _flags(given: Vector, expect: Vector) -> None:
    results, probes = given.get("results") or {}, given.get("probes") or []
    kind = given.get("kind", "container")
    previously = bool((given.get("previous") or {}).get("started") or given.get("previousStarted"))
    started = is_started(kind, given["state"], startup=results.get("startup"), has_startup="startup" in probes, previously=previously)
    ready = is_ready(kind, given["state"], started=started, readiness=results.get("readiness"), has_readiness="readiness" in probes)
    includes(expect, {"started": started, "ready": ready})


CONTAINER_STATUS: dict[str, Callable[[Vector, Vector], None]] = {
    "ShouldContainerBeRestarted": _should_restart,
    "ContainerShouldRestart": _exit_restarts,
    "convertToAPIContainerStatuses": _convert,
    "UpdatePodStatus": _flags,
}


def _hash(given: Vector, expect: Vector) -> None:
    assert int(expect["hash"], 16) == int(hash_container(given["container"]), 16)


def _terminated_reason(given: Vector, expect: Vector) -> None:
    assert expect["reason"] == terminated_reason(given["exitCode"], oom=given["oomKilled"], started=given["processStarted"])


CONTAINER_STATUS |= {"HashContainer": _hash, "terminatedReason": _terminated_reason}


def pod_actions(vector: Vector) -> None:
    given, expect = vector["given"], vector["expect"]
    if vector["func"] == "PodSandboxChanged":
        sandboxes = sandboxes_of(given["sandboxes"])
        changed, attempt = conditions.sandbox_changed(sandboxes, host_network=given["hostNetwork"])
        kept = sandboxes[0].id if sandboxes and sandboxes[0].host_network == given["hostNetwork"] else ""
        includes(expect, {"changed": changed, "attempt": attempt, "sandboxID": kept})
        return
    spec, seen = given["spec"], given["runtime"]
    runtime = Runtime(sandboxes_of(seen["sandboxes"]), containers_of(seen["containers"], spec))
    actions = compute(pod_of(given), runtime, given.get("probeResults") or {})
    actual = {
        "killPod": actions.kill_pod,
        "createSandbox": actions.create_sandbox,
        "attempt": actions.attempt,
        "containersToStart": actions.containers,
        "initContainersToStart": actions.inits,
        "ephemeralContainersToStart": actions.ephemerals,
        "containersToKill": sorted(each.name for each in actions.kills),
        "killMessage": actions.kills[0].message if actions.kills else None,
        "killMessages": {each.name: each.message for each in actions.kills},
        "message": actions.kills[0].message if actions.kills else None,
        "containersToReset": bool(actions.remove_all),
        "removeAll": bool(actions.remove_all),
    }
    includes({key: sorted(value) if key == "containersToKill" else value for key, value in expect.items()}, actual)


def status_area(vector: Vector) -> None:
    given, expect = vector["given"], vector["expect"]
    if vector["func"] == "updateLastTransitionTime":
        old = given["old"] and {**given["old"], "type": given["type"], "lastTransitionTime": str(given["old"]["at"])}
        new = {**given["new"], "type": given["type"]}
        assert str(expect["lastTransitionTime"]) == status_merge.transition_time(new, old, str(int(given["now"])))
        return
    if vector["func"] == "mergePodStatus":
        status = status_merge.merge(given["old"], given["new"], could_run=given["couldHaveRunningContainers"])
    else:
        status = _api_status(given)
    for one in expect.get("conditionsInclude") or ():
        held = conditions.find(status["conditions"], one["type"])
        assert held is not None, f"no condition {one['type']}"
        includes(one, held)
    includes({key: value for key, value in expect.items() if key != "conditionsInclude"}, status)


def _api_status(given: Vector) -> Vector:
    world = World(WorldState(), {})
    pod = {**pod_of(given), "status": {"phase": given.get("apiPhase", (given.get("previous") or {}).get("phase"))}}
    runtime = Runtime([], containers_of(given.get("runtime"), given["spec"]))
    known = Known(given.get("previous") or {}, {}, terminal=given.get("podIsTerminal", False))
    status = with_phase(pod, container_statuses(world, pod, runtime, known), runtime, known)
    return with_conditions(pod, status, runtime, known)


def termination(vector: Vector) -> None:
    given, expect = vector["given"], vector["expect"]
    if vector["func"] == "setTerminationGracePeriod":
        spec: Vector = {} if given["podGrace"] is None else {"terminationGracePeriodSeconds": given["podGrace"]}
        meta = {} if given["deletionGrace"] is None else {"deletionGracePeriodSeconds": given["deletionGrace"]}
        container: Vector = {"name": "c"}
        for kind in ("liveness", "startup"):
            if given[f"{kind}ProbeGrace"] is not None:
                container[f"{kind}Probe"] = {"terminationGracePeriodSeconds": given[f"{kind}ProbeGrace"]}
        assert expect["seconds"] == grace_seconds({"metadata": meta, "spec": spec}, container, given["reason"])
    elif vector["func"] == "CheckGracefulDelete":
        includes(expect, kubelet_scenarios.graceful_delete(given))
    elif vector["func"] == "TerminatePod":
        includes(
            expect,
            terminated_status(
                given["status"], initialised=is_initialised(given["spec"], given["status"]), static=given.get("static", False)
            ),
        )
    else:
        kubelet_scenarios.termination_order(given, expect)


def backoff_area(vector: Vector) -> None:
    {
        "crashLoopBackOff": _delays,
        "crashLoopMessage": _message,
        "crashLoopTimeline": _timeline,
        "backoffReset": _reset,
        "imagePullBackOff": _pulls,
    }[vector["func"]](vector["given"], vector["expect"])


def _delays(given: Vector, expect: Vector) -> None:
    if "nextDelay" in expect:
        held = backoff.Entry(1000 * given["currentBackoff"], 0)  # RB-6: of all fields the image alone makes a new key
        assert expect["nextDelay"] == backoff.restart_wait(None if given["change"] == "image" else held, 0, 0) // 1000
        return
    delays = [b - a for a, b in _starts(given, len(expect["delayBeforeRestart"]))]
    assert expect["delayBeforeRestart"] == delays


def _starts(given: Vector, count: int) -> list[tuple[int, int]]:
    """(end of an instance, start of the next one) in seconds."""
    entry, now, out = None, 0, []
    for _ in range(count):
        ended = now + 1000 * given["runSeconds"]
        now = ended + backoff.restart_wait(entry, ended, ended)
        entry = backoff.next_entry(entry, now, initial=1000 * given["initial"], maximum=1000 * given["max"], since=ended)
        out.append((ended // 1000, now // 1000))
    return out


def _timeline(given: Vector, expect: Vector) -> None:
    starts = [given["firstStart"], *(start for _, start in _starts(given, len(expect["startsAt"]) - 1))]
    assert expect["startsAt"] == starts


def _reset(given: Vector, expect: Vector) -> None:
    entry, ended = backoff.Entry(1000 * given["currentBackoff"], 0), 1000 * given["runSeconds"]
    delay = backoff.restart_wait(entry, ended, ended)
    following = backoff.next_entry(entry, ended + delay, since=ended)
    assert (expect["nextDelay"], expect["nextEntry"]) == (delay // 1000, following.delay_ms // 1000)


def _pulls(given: Vector, expect: Vector) -> None:
    entry, now, out = None, 0, []
    for _ in expect["delayBetweenPulls"]:
        entry = backoff.next_entry(entry, now, initial=1000 * given["initial"], maximum=1000 * given["max"])
        wait = backoff.pull_wait(entry, now)
        now += wait
        out.append(wait // 1000)
    assert expect["delayBetweenPulls"] == out


def _message(given: Vector, expect: Vector) -> None:
    kubelet_events.crash_loop(given, expect)


AREAS: dict[str, Callable[[Vector], None]] = {
    "phase": phase,
    "condition": condition,
    "container-status": container_status,
    "pod-actions": pod_actions,
    "status-merge": status_area,
    "termination": termination,
    "backoff": backoff_area,
    "probe": kubelet_probes.probe,
    "event": kubelet_events.event,
    "scenario": kubelet_scenarios.scenario,
    "study-claims": kubelet_scenarios.claim,
}

SCHEDULER_AREAS: dict[str, Callable[[Vector], None]] = kubelet_nodes.AREAS
