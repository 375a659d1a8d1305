"""Admission, pressure and eviction: the kubelet's part of the scheduler's vectors."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from fractions import Fraction
from typing import Any

from podlab.sim.api.quantities import parse, whole
from podlab.sim.kubelet import eviction_policy as policy
from podlab.sim.kubelet.admission import under_pressure, unfit
from podlab.sim.kubelet.eviction_policy import Candidate, Observation, Pressure, Threshold
from podlab.sim.kubelet.node_status import GOOD, PRESSED, ready_facts
from podlab.sim.kubelet.oom import oom_score_adj

Vector = dict[str, Any]


def threshold(given: Vector) -> Threshold:
    return Threshold(given["signal"], given["value"], policy.duration_ms(given.get("gracePeriod", "0s")), given.get("minReclaim", ""))


def shown(each: Threshold) -> tuple[str, str, int, str]:
    return each.signal, each.value, each.grace_ms, each.reclaim


def at(text: str) -> int:
    """A timestamp in ms."""
    head, _, rest = text.rstrip("Z").partition(".")
    return int(datetime.fromisoformat(head + "+00:00").timestamp()) * 1000 + int((rest + "000")[:3])


def admit(vector: Vector) -> None:
    """The kubelet's own check of a bound Pod."""
    given = vector["given"]
    refusal = unfit({"metadata": {}, "spec": {}, **given["pod"]}, given["node"], [{"spec": {}, **each} for each in given["podsOnNode"]])
    expected = vector["expect"]["reasons"]
    assert bool(expected) == (refusal is not None), refusal
    if refusal is not None and "error" in expected[0]:
        assert expected[0]["error"] == refusal[1]


def pressure(vector: Vector) -> None:
    """A pressure condition's reason, message and Event."""
    given, expect = vector["given"], vector["expect"]
    status, reason, message, word = (PRESSED if given["pressure"] else GOOD)[given["condition"]]
    changed = given.get("before", "Unknown") != status
    assert (expect["status"], expect["reason"], expect["message"]) == (status, reason, message)
    assert expect["transitionTimeChanged"] == changed
    assert expect["event"] == (word if changed else None)


def ready(vector: Vector) -> None:
    """The Ready condition."""
    given, expect = vector["given"], vector["expect"]
    errors = [given[key] for key in ("runtimeErrors", "networkErrors", "storageErrors", "shutdownErrors") if given.get(key)]
    status, reason, message = ready_facts(given.get("capacity") or {}, errors)
    assert (expect["status"], expect["reason"], expect["message"]) == (status, reason, message)
    before = given.get("before")
    word = "NodeReady" if status == "True" else "NodeNotReady"
    assert expect["event"] == (word if before is not None and before != status else None)


def config(vector: Vector) -> None:
    """The thresholds of a configuration."""
    given, expect = vector["given"], vector["expect"]
    parts = [given.get(key) or {} for key in ("evictionHard", "evictionSoft", "evictionSoftGracePeriod", "evictionMinimumReclaim")]
    try:
        found = policy.parse_config(*parts, allocatable="pods" in given.get("enforceNodeAllocatable", ()))
    except ValueError:
        assert expect.get("error"), "an error was not expected"
        return
    assert not expect.get("error"), "an error was expected"
    assert sorted(shown(threshold(each)) for each in expect["thresholds"]) == sorted(map(shown, found))


def met(vector: Vector) -> None:
    """Which thresholds are met."""
    given = vector["given"]
    observations = {
        key: Observation(parse(each["available"]), parse(each.get("capacity", "0"))) for key, each in given["observations"].items()
    }
    found = policy.met([threshold(each) for each in given["thresholds"]], observations, enforce_reclaim=given["enforceMinReclaim"])
    assert [shown(threshold(each)) for each in vector["expect"]["met"]] == [shown(each) for each in found]


def grace(vector: Vector) -> None:
    """Which of them are ripe."""
    given = vector["given"]
    first = {threshold(each["threshold"]): at(each["at"]) for each in given["firstObserved"]}
    assert [threshold(each) for each in vector["expect"]["ripe"]] == policy.ripe(first, at(given["now"]))


def conditions(vector: Vector) -> None:
    """The conditions of thresholds."""
    assert vector["expect"]["conditions"] == policy.conditions_of([threshold(each) for each in vector["given"]["thresholds"]])


def transition(vector: Vector) -> None:
    """Conditions that go on for a while."""
    given = vector["given"]
    last = {key: at(text) for key, text in given["lastObserved"].items()}
    assert vector["expect"]["conditions"] == policy.still_held(last, policy.duration_ms(given["transitionPeriod"]), at(given["now"]))


def order(vector: Vector) -> None:
    """Which signal is acted on first."""
    found = policy.in_order([threshold(each) for each in vector["given"]["thresholds"]])
    assert [threshold(each) for each in vector["expect"]["order"]] == found


def message(vector: Vector) -> None:
    """The sentences about containers over their requests."""
    given = vector["given"]
    spec = {key: given.get(key) or [] for key in ("containers", "initContainers", "ephemeralContainers")}
    candidate = Candidate("p", {"metadata": {"name": "p"}, "spec": spec}, {name: whole(text) for name, text in given["usage"].items()})
    named = [(name, policy.quantity(used), policy.quantity(asked)) for name, used, asked in policy.offenders(candidate, given["resource"])]
    assert vector["expect"]["message"] == policy.message(given["resource"], "", "", named)


def oom(vector: Vector) -> None:
    """oom_score_adj of each container."""
    given, spec = vector["given"], vector["given"]["pod"]["spec"]
    by_name = {each["name"]: each for key in ("containers", "initContainers") for each in spec.get(key) or ()}
    for name, wanted in vector["expect"]["oomScoreAdj"].items():
        score = oom_score_adj(given["pod"], by_name[name], given["memoryCapacity"])
        low, high = (wanted["min"], wanted["max"]) if isinstance(wanted, dict) else (wanted, wanted)
        assert low <= score <= high, f"{name}: {wanted} != {score}"


def timeline(vector: Vector) -> None:
    """The manager over several looks."""
    given, expect = vector["given"], vector["expect"]
    thresholds = policy.parse_config(
        given.get("hard") or {}, given.get("soft") or {}, given.get("softGrace") or {}, given.get("minReclaim") or {}
    )
    state, pods = Pressure(), {each["metadata"]["name"]: each for each in given["pods"]}
    for step, wanted in zip(given["steps"], expect["steps"], strict=True):
        now = 1000 * step["at"]
        for name in step.get("gone") or ():
            pods.pop(name, None)
        observations = {"memory.available": Observation(parse(step["available"]), parse(given["memoryCapacity"]))}
        if "pids" in step:
            observations["pid.available"] = Observation(Fraction(given["maxPID"] - step["pids"]), Fraction(given["maxPID"]))
        found = policy.look(state, thresholds, observations, now)
        held = policy.still_held(state.last_met, policy.duration_ms(given["transitionPeriod"]), now)
        assert wanted["conditions"] == held
        _one_look(given, step, wanted, found, observations, pods)
        _admissions(step, wanted, held)


def _one_look(
    given: Vector, step: Vector, wanted: Vector, found: Threshold | None, observations: dict[str, Observation], pods: dict[str, Vector]
) -> None:
    if found is None:
        assert [] == wanted["events"]
        return
    resource = policy.SIGNALS[found.signal][1]
    usage = (
        {name: {"": count} for name, count in step["procs"].items()}
        if resource == "pids"
        else {name: {key: whole(text) for key, text in each.items()} for name, each in step["usage"].items()}
    )
    candidates = [Candidate(name, pod, usage.get(name, {}), name in usage) for name, pod in pods.items()]
    ranked = policy.rank(candidates, resource)
    if "rankOrder" in wanted:
        assert wanted["rankOrder"] == [each.name for each in ranked]
    victim = next((each for each in ranked if not policy.is_critical(each.pod)), None)
    assert wanted.get("evicted") == (victim.name if victim else None)
    assert wanted["events"][0]["message"] == f"Attempting to reclaim {resource}"
    if victim is not None:
        assert wanted["events"][1]["message"] == policy.verdict(found, observations[found.signal], victim)
        own = int(victim.pod["spec"].get("terminationGracePeriodSeconds", 30))
        assert wanted["gracePeriodSeconds"] == policy.grace_seconds(found, given.get("maxPodGracePeriodSeconds", 0), own)


def _admissions(step: Vector, wanted: Vector, held: list[str]) -> None:
    for pod, verdict in zip(step.get("admit") or (), wanted.get("admission") or (), strict=True):
        refusal = under_pressure(pod, held)
        assert verdict["admit"] == (refusal is None)
        if refusal is not None:
            assert (verdict["reason"], verdict["message"]) == refusal


AREAS: dict[str, Callable[[Vector], None]] = {
    "kubelet-admit": admit,
    "kubelet-pressure": pressure,
    "kubelet-ready": ready,
    "evict-config": config,
    "evict-met": met,
    "evict-grace": grace,
    "evict-conditions": conditions,
    "evict-transition": transition,
    "evict-signal-order": order,
    "evict-message": message,
    "kubelet-eviction": timeline,
    "oom": oom,
}
