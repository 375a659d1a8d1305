"""Probes: the worker's decisions, the handlers' verdicts, the ticks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from podlab.sim.kubelet.probe_worker import DEFAULTS, after, before, next_tick, setting
from podlab.sim.kubelet.probes import exec as exec_probe
from podlab.sim.kubelet.probes import grpc, http, tcp
from podlab.sim.kubelet.probes.verdict import Verdict
from podlab.sim.kubelet.state import ProbeWorker
from tests.sim.kubelet.rig import Answer, Rig

Vector = dict[str, Any]


def probe(vector: Vector) -> None:
    """One vector of the area."""
    {"proberWorker": _worker, "httpProbe": _http, "probeHandler": _handler, "probeTimeline": _timeline, "defaultProbe": _defaults}[
        vector["func"]
    ](vector["given"], vector["expect"])


def _status(given: Vector) -> Vector | None:
    """The Pod's status that the worker sees."""
    if "podStatus" in given:
        status: Vector | None = given["podStatus"]
        return status
    if "containerState" in given and given["containerState"] is None:
        return {
            "phase": given.get("podPhase", "Running"),
            "containerStatuses": [{"name": "other", "containerID": "test://x", "state": {"running": {}}}],
        }
    kind = given.get("containerState", "Running").lower()
    state: Vector = {kind: {"exitCode": 1} if kind == "terminated" else {}}
    started = given.get("containerStarted", given["probeType"] != "startup")
    one = {"name": "c", "containerID": "test://new" if given.get("containerIDChanged") else "test://id", "state": state, "started": started}
    return {"phase": given.get("podPhase", "Running"), "containerStatuses": [one]}


def _worker(given: Vector, expect: Vector) -> None:
    kind, spec = given["probeType"], given.get("probe") or {}
    if "outcomes" not in given and "failureThreshold" not in spec:
        spec = {"successThreshold": 1, "failureThreshold": 1, **spec}
    worker = ProbeWorker("c", kind, 0)
    if given.get("onHold"):
        worker.on_hold, worker.instance = True, "id"
    pod: Vector = {
        "metadata": {"deletionTimestamp": "x"} if given.get("deletionTimestamp") else {},
        "spec": {"restartPolicy": given.get("restartPolicy", "Always")},
    }
    status, going, results, runs = _status(given), True, [], []
    for outcome in given.get("outcomes") or [given["outcome"]]:
        step = before(worker, spec, {"name": "c"}, pod, status, given.get("containerRunningFor", 1000))
        if step == "probe" and outcome in ("Success", "Failure"):  # PR-12: an error is thrown away
            after(worker, spec, outcome)
        going = going and step != "end"
        results.append(worker.result)
        runs.append(worker.run)
        if kind == "startup" and worker.result == "Success" and status is not None:
            status["containerStatuses"][0]["started"] = True
    actual = {
        "keepGoing": going,
        "resultSet": bool(worker.result),
        "result": worker.result,
        "results": results,
        "resultRuns": runs,
        "resultRun": worker.run,
        "onHold": worker.on_hold,
    }
    for key, value in expect.items():
        assert value == actual[key], f"{key}: {value!r} != {actual[key]!r}"


def _http(given: Vector, expect: Vector) -> None:
    asked: list[dict[str, str]] = []
    kept: list[int] = []

    def ask(scheme: str, address: str, port: int, path: str, headers: dict[str, str]) -> Answer:
        asked.append({**headers, "address": address})
        if given.get("error"):
            return Answer(error=given["error"])
        if len(asked) > 1 and address != "127.0.0.1":
            return Answer(error="refused")
        if len(asked) > 1 and given.get("location") != "same-host-loop":
            return Answer(given["targetStatus"])
        location = {
            "same-host": "/target",
            "same-host-loop": "/",
            "same-host-other-port": "http://127.0.0.1:81/",
            "other-host-unreachable": "http://bogus.host.example/",
        }.get(given.get("location") or "")
        body = "x" * given.get("bodyBytes", 0)
        return Answer(given.get("status", 200), body, {"Location": location} if location else {}, 1000 * given.get("responseAfter", 0))

    headers = http.header_map({"httpHeaders": given.get("headers") or []})
    timeout = 1000 * given.get("timeoutSeconds", 1)
    verdict = http.probe(ask, "http", "127.0.0.1", 80, "/", headers, timeout, follow_all=given.get("followNonLocalRedirects", False))
    kept.append(len(verdict.output))
    counts = "Success" if verdict.outcome == "Warning" else verdict.outcome
    actual = {
        "result": verdict.outcome,
        "output": verdict.output,
        "countsAs": counts,
        "bodyBytesKept": kept[0],
        "requestHostAfterRedirect": asked[-1].get("Host"),
        "requestHost": asked[-1].get("Host"),
        "userAgent": asked[0].get("User-Agent"),
    }
    actual |= {"headers": {key: value for key, value in asked[0].items() if key != "address"}}
    for key, value in expect.items():
        assert value == actual[key], f"{key}: {value!r} != {actual[key]!r}"


HANDLERS: dict[str, Callable[[Vector], Verdict]] = {
    "tcpSocket": lambda given: tcp.judge("10.0.0.1", 80, "" if given["connect"] else given.get("reason", "refused"), 0),
    "grpc": lambda given: grpc.judge(
        "10.0.0.1",
        80,
        given.get("timeoutSeconds", 1),
        given.get("connectError", ""),
        given.get("status", ""),
        0,
        given.get("rpcCode", ""),
        given.get("message", ""),
    ),
}


def _exec(given: Vector) -> tuple[Verdict, int]:
    if given.get("timedOut"):
        return exec_probe.timed_out(["sleep", "20"], 1), 1
    if "runtimeError" in given:
        return Verdict("Unknown", given["runtimeError"]), exec_probe.TRIES
    return exec_probe.judge(given["exitCode"], given.get("output", "")), 1


def _handler(given: Vector, expect: Vector) -> None:
    verdict, tries = _exec(given) if given["handler"] == "exec" else (HANDLERS[given["handler"]](given), 1)
    actual = {
        "result": verdict.outcome,
        "output": verdict.output,
        "error": verdict.output if verdict.outcome == "Unknown" else None,
        "discarded": verdict.outcome == "Unknown",
        "tries": tries,
    }
    for key, value in expect.items():
        assert value == actual[key], f"{key}: {value!r} != {actual[key]!r}"


def _timeline(given: Vector, expect: Vector) -> None:
    """Ticks from the worker's start; the first finds no container."""
    spec, kind = given["probe"], given.get("probeType", "readiness")
    worker = ProbeWorker("c", kind, 1000 * given["workerStart"])
    status: Vector = {
        "phase": "Running",
        "containerStatuses": [{"name": "c", "containerID": "test://id", "state": {"running": {}}, "started": kind != "startup"}],
    }
    now, times, unhealthy, kill = worker.grid_ms, [], [], None
    last = max([*expect.get("probeTimes", []), *expect.get("unhealthyEventsAt", []), expect.get("killAt") or 0])
    while now // 1000 < last:
        now = next_tick(worker.grid_ms, 1000 * setting(spec, "periodSeconds"), now)
        step = before(worker, spec, {"name": "c"}, {"metadata": {}, "spec": {}}, status, now // 1000 - given["containerStart"])
        if step != "probe":
            continue
        times.append(now // 1000)
        if "failingFrom" in given and now // 1000 >= given["failingFrom"]:
            unhealthy.append(now // 1000)
            if after(worker, spec, "Failure"):
                kill = now // 1000
        else:
            after(worker, spec, "Success")
    actual = {"probeTimes": times, "unhealthyEventsAt": unhealthy, "killAt": kill}
    for key, value in expect.items():
        assert value == actual[key], f"{key}: {value!r} != {actual[key]!r}"


def _defaults(given: Vector, expect: Vector) -> None:
    """The defaults are the API server's; the kubelet's own reading of an empty spec agrees."""
    rig = Rig()
    pod = rig.pod({"containers": [{"name": "app", "readinessProbe": given["probe"]}]})
    actual = pod["spec"]["containers"][0]["readinessProbe"]
    for key, value in expect["probe"].items():
        assert value == actual.get(key, DEFAULTS.get(key)), f"{key}: {value!r} != {actual.get(key)!r}"
